//! The reporting calendar, and what is owed by it.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entity::reporting_calendar;

use super::org_unit::OrgUnit;
use super::submission::Submission;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::choice::OrgLevel;
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::time::DateTime;
use crate::service::selector::OrgSelector;
use crate::service::snapshot::Snapshot;
use crate::service::submission::{Actor, CalendarEntry, NewCalendar, OwingQuery};

/// An entry of the reporting calendar: who owes what, and by when.
#[derive(InputObject)]
struct ReportingCalendarEntryInput {
    /// Organisations of this level owe it; all when left out.
    level: Option<OrgLevel>,
    /// Code of an organisation: it and those below it owe it; all when left out.
    within: Option<String>,
    /// Code of a theme: owed is what an organisation reported of it in earlier years.
    theme: Option<String>,
    /// Codes of indicators that each of them owes; without them what it reported in earlier years.
    indicators: Option<Vec<String>>,
    /// Last day, as `2026-01-31`, until midnight in China.
    deadline: String,
    /// What to know of it.
    note: Option<String>,
}

/// The calendar of one period.
#[derive(InputObject)]
struct SetReportingCalendarInput {
    /// Period.
    period: Period,
    /// All of its entries, in place of those that there were.
    entries: Vec<ReportingCalendarEntryInput>,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
}

/// The calendar as it was set.
#[derive(SimpleObject)]
struct SetReportingCalendarPayload {
    /// Its entries.
    entries: Vec<ReportingCalendarEntry>,
}

struct ReportingCalendarEntry {
    snapshot: Arc<Snapshot>,
    model: reporting_calendar::Model,
}

/// Who owes what, and by when.
#[Object]
impl ReportingCalendarEntry {
    /// Level of the organisations that owe it; null for all.
    async fn level(&self) -> Option<OrgLevel> {
        self.model.level.map(Into::into)
    }

    /// Organisation that owes it with all below it; null for all.
    async fn within(&self) -> Result<Option<OrgUnit>, Error> {
        let top = self
            .model
            .within_id
            .and_then(|id| self.snapshot.catalog.tree().ordinal(id));
        top.map(|top| OrgUnit::new(&self.snapshot, top)).transpose()
    }

    /// Code of the theme of what is owed; null for all.
    async fn theme(&self) -> Option<&str> {
        let theme = self.model.theme_id.and_then(|id| self.snapshot.catalog.theme(id));
        theme.map(|theme| theme.code.as_str())
    }

    /// Codes of what everybody owes; null where it is what was reported in earlier years.
    async fn indicators(&self) -> Option<Vec<&str>> {
        self.model.codes()
    }

    /// Last day, as `2026-01-31`.
    async fn deadline(&self) -> &str {
        &self.model.deadline
    }

    /// What to know of it.
    async fn note(&self) -> Option<&str> {
        self.model.note.as_deref()
    }

    /// Who set it.
    async fn author(&self) -> &str {
        &self.model.author
    }

    /// When.
    async fn recorded_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.model.recorded_at)
    }
}

/// What one organisation owes for a period, by one entry of the calendar.
#[derive(SimpleObject)]
struct SubmissionOwed {
    /// Who owes it.
    org_unit: OrgUnit,
    /// Its submission; null where none is open.
    submission: Option<Submission>,
    /// Figures that are owed.
    owed: i32,
    /// Those that are published or entered, or said to be missing or not applicable.
    present: i32,
    /// Codes of those that are not.
    missing: Vec<String>,
    /// Last day, as `2026-01-31`: the submission's own or the calendar's; null where there is none.
    deadline: Option<String>,
    /// Whether it was handed in, or is still owed, after the last day.
    is_late: bool,
    /// Days by which it is; 0 on the last day itself.
    days_late: i32,
}

#[derive(Default)]
pub(crate) struct ReportingCalendarQuery;

/// Queries of the reporting calendar.
#[Object]
impl ReportingCalendarQuery {
    /// The calendar of a period; empty where it says nothing, and each organisation owes what it reported in earlier years.
    async fn reporting_calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Period.")] period: Period,
    ) -> Result<Vec<ReportingCalendarEntry>> {
        let found = ctx.service()?.calendar(period.0).await?;
        Ok(entries(&ctx.snapshot()?, found))
    }

    /// What is owed for a period: by organisation in the order of the tree, then by deadline.
    async fn submissions_owed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Period.")] period: Period,
        #[graphql(desc = "Code of an organisation: it and those below it; all when left out.")] within: Option<String>,
        #[graphql(desc = "Moment at which it is looked at; now when left out.")] at: Option<DateTime>,
    ) -> Result<Vec<SubmissionOwed>> {
        let at = at.unwrap_or_else(DateTime::now).micros();
        let query = OwingQuery {
            period: period.0,
            orgs: OrgSelector {
                with_self: true,
                within,
                ..OrgSelector::default()
            },
            at,
        };
        let (snapshot, sight) = (ctx.snapshot()?, ctx.sight()?);
        sight.unpublished()?;
        let found = ctx.service()?.owing(sight, &query).await?;
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let mut owed = Vec::with_capacity(found.len());
        for owing in found {
            owed.push(SubmissionOwed {
                org_unit: OrgUnit::new(&snapshot, owing.org)?,
                submission: owing.submission.map(|model| Submission::new(&snapshot, model, at)),
                owed: count(owing.owed),
                present: count(owing.owed - owing.missing.len()),
                missing: owing.missing,
                deadline: owing.deadline.map(|day| day.to_string()),
                is_late: owing.days_late > 0,
                days_late: owing.days_late,
            });
        }
        Ok(owed)
    }
}

#[derive(Default)]
pub(crate) struct ReportingCalendarMutation;

/// Mutations of the reporting calendar.
#[Object]
impl ReportingCalendarMutation {
    /// Sets what is owed for a period, by whom and by when.
    async fn set_reporting_calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The period and its entries.")] input: SetReportingCalendarInput,
    ) -> Result<SetReportingCalendarPayload> {
        let entry = |entry: ReportingCalendarEntryInput| CalendarEntry {
            level: entry.level.map(Into::into),
            within: entry.within,
            theme: entry.theme,
            indicators: entry.indicators,
            deadline: entry.deadline,
            note: entry.note,
        };
        let calendar = NewCalendar {
            period: input.period.0,
            entries: input.entries.into_iter().map(entry).collect(),
            actor: Actor::of(&ctx.caller()?.on_behalf(input.on_behalf_of.as_deref())?),
            now: DateTime::now().micros(),
        };
        let set = ctx.service()?.set_calendar(&calendar).await?;
        Ok(SetReportingCalendarPayload {
            entries: entries(&ctx.snapshot()?, set),
        })
    }
}

fn entries(snapshot: &Arc<Snapshot>, found: Vec<reporting_calendar::Model>) -> Vec<ReportingCalendarEntry> {
    let entry = |model| ReportingCalendarEntry {
        snapshot: Arc::clone(snapshot),
        model,
    };
    found.into_iter().map(entry).collect()
}
