//! Submissions as they stand now.

use analytics::period::Period;
use entity::choice::{SubmissionAct, SubmissionState};
use entity::submission::{self, Filter, Model};
use entity::{submission_event, submission_figure};

use super::turn::{settled, unknown};
use crate::error::Error;
use crate::service::Service;
use crate::service::access::Sight;
use crate::service::selector::OrgSelector;

/// Which submissions.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Of these organisations.
    pub orgs: OrgSelector,
    /// Of exactly this period.
    pub period: Option<Period>,
    /// In one of these states.
    pub states: Option<Vec<SubmissionState>>,
    /// As they stand at this moment, in µs since the epoch.
    pub now: i64,
}

impl Service {
    /// A submission as it stands at `now`, in µs since the epoch.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn submission(&self, id: i64, now: i64) -> Result<Model, Error> {
        let found = submission::by_ids(&self.db, &[id]).await?.pop();
        found.map(|found| settled(found, now).0).ok_or_else(|| unknown(id))
    }

    /// The first submissions after the one of this id, and how many there are in all.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes.
    pub async fn submissions(
        &self,
        sight: &Sight,
        query: &Query,
        after: i64,
        limit: u64,
    ) -> Result<(Vec<Model>, u64), Error> {
        let filter = filter(sight, query)?;
        let view = self.db.begin_read().await?;
        let rows = submission::some(&view, &filter, after, limit).await?;
        let total = submission::count(&view, &filter).await?;
        let settle = |row| settled(row, query.now).0;
        Ok((rows.into_iter().map(settle).collect(), total))
    }

    /// The thread of a submission, oldest entries first. A correction that locked itself is in it before anybody wrote so.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn submission_thread(&self, id: i64, now: i64) -> Result<Vec<submission_event::Model>, Error> {
        let view = self.db.begin_read().await?;
        let mut thread = submission_event::of(&view, &[id]).await?;
        let found = submission::by_ids(&view, &[id]).await?.pop();
        let Some(written) = found else { return Err(unknown(id)) };
        if let (submission, Some(until)) = settled(written, now) {
            thread.push(submission_event::Model {
                id: 0,
                submission_id: id,
                round: submission.round,
                act: SubmissionAct::Expire,
                state: submission.state,
                actor: String::new(),
                message: None,
                reason: None,
                until: None,
                figures: None,
                batch_id: None,
                recorded_at: until,
            });
        }
        Ok(thread)
    }

    /// The figures that were entered in the current round and count, ordered by key.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn submission_figures(
        &self,
        sight: &Sight,
        submission: &Model,
    ) -> Result<Vec<submission_figure::Model>, Error> {
        let mut figures = submission_figure::current(&self.db, &[submission.id]).await?;
        figures.retain(|figure| {
            let is_shown = figure.round == submission.round && !figure.withdrawn;
            is_shown && sight.sees_id(figure.indicator_id, figure.org_id)
        });
        figures.sort_by_key(|figure| (figure.indicator_id, figure.breakdown_item_id));
        Ok(figures)
    }
}

fn filter(sight: &Sight, query: &Query) -> Result<Filter, Error> {
    Ok(Filter {
        orgs: query.orgs.keys(sight, &[], query.period)?,
        period: query.period.map(|period| (period.start_month(), period.end_month())),
        states: query.states.clone(),
        now: query.now,
    })
}
