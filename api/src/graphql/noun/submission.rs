//! Submissions: what one organisation hands in for one period, and how far it is.

mod ahead;
mod input;
pub(crate) mod mutation;

use std::slice;
use std::sync::Arc;

use analytics::period;
use async_graphql::connection::{CursorType, OpaqueCursor};
use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::submission;

use self::ahead::Ahead;
use super::org_unit::{OrgSelector, OrgUnit};
use super::submission_event::SubmissionEvent;
use super::submission_figure::SubmissionFigure;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::page::{Arguments, Rows, connection};
use crate::graphql::scalar::import_choice::RevisionReason;
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::submission_choice::SubmissionState;
use crate::graphql::scalar::time::DateTime;
use crate::service::snapshot::Snapshot;
use crate::service::submission::Query;

pub(crate) struct Submission {
    snapshot: Arc<Snapshot>,
    model: submission::Model,
    /// The moment as of which it is told.
    now: i64,
    /// What its list has read.
    ahead: Arc<Ahead>,
}

impl Submission {
    /// Wraps a submission as it stands at `now`.
    pub(crate) fn new(snapshot: &Arc<Snapshot>, model: submission::Model, now: i64) -> Self {
        Self {
            snapshot: Arc::clone(snapshot),
            model,
            now,
            ahead: Arc::default(),
        }
    }

    /// One of a list.
    fn of_list(snapshot: &Arc<Snapshot>, model: submission::Model, now: i64, ahead: &Arc<Ahead>) -> Self {
        Self {
            ahead: Arc::clone(ahead),
            ..Self::new(snapshot, model, now)
        }
    }
}

/// One organisation's report for one period: its figures until they are published, its state, and its thread.
#[Object]
impl Submission {
    /// Number of the submission.
    async fn id(&self) -> ID {
        ID(self.model.id.to_string())
    }

    /// Who reports.
    async fn org_unit(&self) -> Result<OrgUnit, Error> {
        let ordinal = self.snapshot.catalog.tree().ordinal(self.model.org_id);
        let ordinal = ordinal.ok_or_else(|| Error::internal("a submission without organisation"))?;
        OrgUnit::new(&self.snapshot, ordinal)
    }

    /// Reporting period.
    async fn period(&self) -> Result<Period, Error> {
        let period = period::Period::from_months(self.model.start_month, self.model.end_month);
        period
            .map(Period)
            .ok_or_else(|| Error::internal("a submission without period"))
    }

    /// Code of the theme that it is limited to; null for all.
    async fn theme(&self) -> Option<&str> {
        let theme = self.snapshot.catalog.theme(self.model.theme_id);
        theme.map(|theme| theme.code.as_str())
    }

    /// State now: a correction whose time is over is locked.
    async fn state(&self) -> SubmissionState {
        self.model.state.into()
    }

    /// 1 at first, one more for each correction.
    async fn round(&self) -> i32 {
        self.model.round
    }

    /// Grows with every act but a comment; an act names the revision that was seen, and is refused with CONFLICT when it is another one by then.
    async fn revision(&self) -> i32 {
        self.model.revision
    }

    /// Whether the current round corrects what was published.
    async fn is_correction(&self) -> bool {
        self.model.round > 1
    }

    /// Why it does.
    async fn correction_reason(&self) -> Option<RevisionReason> {
        self.model.correction_reason.map(Into::into)
    }

    /// When the open correction locks itself unless it is handed in; null where none is open.
    async fn unlocked_until(&self) -> Option<DateTime> {
        self.model.unlocked_until.and_then(DateTime::from_micros)
    }

    /// Last day of its own, as `2026-01-31`, in place of the calendar's.
    async fn deadline(&self) -> Option<&str> {
        self.model.deadline.as_deref()
    }

    /// When it was opened.
    async fn opened_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.model.opened_at)
    }

    /// When it was handed in; null while it is with those who report.
    async fn submitted_at(&self) -> Option<DateTime> {
        self.model.submitted_at.and_then(DateTime::from_micros)
    }

    /// When it was locked; null while it is not.
    async fn closed_at(&self) -> Option<DateTime> {
        self.model.closed_at.and_then(DateTime::from_micros)
    }

    /// Figures that were entered in its latest round, by indicator and breakdown.
    async fn figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many.", default = 100)] first: i32,
        #[graphql(desc = "After so many.", default = 0)] offset: i32,
    ) -> Result<Vec<SubmissionFigure>> {
        let most = ctx.limits()?.max_page;
        let fits = u64::try_from(first).ok().filter(|first| *first <= most);
        let first = fits.ok_or_else(|| {
            Error::input(
                "there is no such number of figures",
                format!("`first` is from 0 to {most}"),
            )
        })?;
        let found = match &self.ahead.figures {
            Some(all) => all.get(&self.model.id).cloned(),
            None => {
                let one = slice::from_ref(&self.model);
                let mut found = ctx.service()?.submission_figures(ctx.sight()?, one).await?;
                found.remove(&self.model.id)
            }
        };
        let figure = |model| SubmissionFigure {
            snapshot: Arc::clone(&self.snapshot),
            model,
        };
        let skipped = usize::try_from(offset).unwrap_or(0);
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        let found = found.unwrap_or_default().into_iter();
        Ok(found.skip(skipped).take(first).map(figure).collect())
    }

    /// What was done and said, oldest first.
    async fn thread(&self, ctx: &Context<'_>) -> Result<Vec<SubmissionEvent>> {
        let id = self.model.id;
        let found = match &self.ahead.threads {
            Some(all) => all.get(&id).cloned(),
            None => ctx.service()?.submission_threads(&[id], self.now).await?.remove(&id),
        };
        Ok(found.into_iter().flatten().map(SubmissionEvent).collect())
    }

    /// Codes of the indicators that are owed and neither published nor entered.
    async fn missing(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let found = match &self.ahead.missing {
            Some(all) => all.get(&self.model.id).cloned(),
            None => {
                let one = slice::from_ref(&self.model);
                let mut found = ctx.service()?.submissions_missing(ctx.sight()?, one, self.now).await?;
                found.remove(&self.model.id)
            }
        };
        Ok(found.into_iter().flatten().collect())
    }
}

connection!(SubmissionConnection, SubmissionEdge, Submission);

/// Which submissions: every condition narrows, none takes all.
#[derive(Debug, Default, InputObject)]
pub(crate) struct SubmissionFilter {
    /// Those of these organisations.
    orgs: Option<OrgSelector>,
    /// Those of exactly this period.
    period: Option<Period>,
    /// Those in one of these states.
    states: Option<Vec<SubmissionState>>,
}

#[derive(Default)]
pub(crate) struct SubmissionQuery;

/// Queries of submissions.
#[Object]
impl SubmissionQuery {
    /// Submission of a number; null when there is none.
    async fn submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the submission.")] id: ID,
    ) -> Result<Option<Submission>> {
        let (sight, now) = (ctx.sight()?, DateTime::now().micros());
        sight.unpublished()?;
        match ctx.service()?.submission(input::number(&id)?, now).await {
            Ok(model) => {
                let ordinal = sight.snapshot.catalog.tree().ordinal(model.org_id);
                sight.need(
                    &[],
                    ordinal.ok_or_else(|| Error::internal("a submission without organisation"))?,
                )?;
                if !sight.sees_submission(&model) {
                    return Err(Error::Forbidden {
                        message: "this submission is not of your themes".to_owned(),
                        hint: Some("submissions lists those that you may read".to_owned()),
                    }
                    .into());
                }
                Ok(Some(Submission::new(&sight.snapshot, model, now)))
            }
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Submissions in the order in which they were opened.
    async fn submissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which submissions; all when left out.")] filter: Option<SubmissionFilter>,
        #[graphql(desc = "So many from the start.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<SubmissionConnection> {
        let page = Arguments {
            first,
            after,
            ..Arguments::default()
        }
        .check::<i64>(ctx.limits()?)?;
        let (sight, now) = (ctx.sight()?, DateTime::now().micros());
        sight.unpublished()?;
        let filter = filter.unwrap_or_default();
        let query = Query {
            orgs: filter.orgs.unwrap_or_default().into(),
            period: filter.period.map(|period| period.0),
            states: filter.states.map(|states| states.into_iter().map(Into::into).collect()),
            now,
        };
        let (mut found, total) = ctx
            .service()?
            // One more tells whether there is a next page.
            .submissions(sight, &query, page.after.unwrap_or(0), page.limit + 1)
            .await?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let has_next = found.len() > limit;
        found.truncate(limit);
        let snapshot = ctx.snapshot()?;
        let ahead = Arc::new(Ahead::of_list(ctx, &found, now).await?);
        let edge = |model: submission::Model| {
            (
                OpaqueCursor(model.id).encode_cursor(),
                Submission::of_list(&snapshot, model, now, &ahead),
            )
        };
        Ok(SubmissionConnection(Rows {
            edges: found.into_iter().map(edge).collect(),
            has_previous: page.after.is_some(),
            has_next,
            total,
        }))
    }
}
