//! Submissions as they stand now.

use std::collections::HashMap;

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
        let settle = |row| settled(row, query.now).0;
        if sight.reach().is_by_theme() {
            let mut all = submission::some(&view, &filter, 0, u64::from(u32::MAX)).await?;
            all.retain(|row| sight.sees_submission(row));
            let total = all.len() as u64;
            let most = usize::try_from(limit).unwrap_or(usize::MAX);
            let page = all.into_iter().filter(|row| row.id > after).take(most);
            return Ok((page.map(settle).collect(), total));
        }
        let rows = submission::some(&view, &filter, after, limit).await?;
        let total = submission::count(&view, &filter).await?;
        Ok((rows.into_iter().map(settle).collect(), total))
    }

    /// The threads of submissions, oldest entries first. A correction that locked itself is in it before anybody wrote so.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn submission_threads(
        &self,
        ids: &[i64],
        now: i64,
    ) -> Result<HashMap<i64, Vec<submission_event::Model>>, Error> {
        let view = self.db.begin_read().await?;
        let mut threads: HashMap<i64, Vec<submission_event::Model>> = HashMap::new();
        for event in submission_event::of(&view, ids).await? {
            threads.entry(event.submission_id).or_default().push(event);
        }
        for written in submission::by_ids(&view, ids).await? {
            if let (submission, Some(until)) = settled(written, now) {
                threads
                    .entry(submission.id)
                    .or_default()
                    .push(expired(&submission, until));
            }
        }
        Ok(threads)
    }

    /// The figures that were entered in the current rounds and count, by submission and ordered by key.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn submission_figures(
        &self,
        sight: &Sight,
        submissions: &[Model],
    ) -> Result<HashMap<i64, Vec<submission_figure::Model>>, Error> {
        let rounds: HashMap<i64, i32> = submissions.iter().map(|row| (row.id, row.round)).collect();
        let ids: Vec<i64> = rounds.keys().copied().collect();
        let mut figures = submission_figure::current(&self.db, &ids).await?;
        figures.sort_by_key(|figure| (figure.indicator_id, figure.breakdown_item_id));
        let mut by_submission: HashMap<i64, Vec<submission_figure::Model>> = HashMap::new();
        for figure in figures {
            let is_shown = rounds.get(&figure.submission_id) == Some(&figure.round) && !figure.withdrawn;
            if is_shown && sight.sees_id(figure.indicator_id, figure.org_id) {
                by_submission.entry(figure.submission_id).or_default().push(figure);
            }
        }
        Ok(by_submission)
    }
}

/// The entry of a correction that locked itself.
fn expired(submission: &Model, until: i64) -> submission_event::Model {
    submission_event::Model {
        id: 0,
        submission_id: submission.id,
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
