//! What an import did, or would do.

use std::sync::Arc;

use analytics::decimal;
use analytics::op::effect::Effect;
use async_graphql::{Context, Object, Result, SimpleObject};
use rust_decimal::Decimal;

use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::noun::import_batch::ImportBatch;
use crate::graphql::noun::indicator::Indicator;
use crate::graphql::noun::org_unit::OrgUnit;
use crate::graphql::scalar::choice::ObservationStatus;
use crate::graphql::scalar::import_choice::RowOutcome;
use crate::graphql::scalar::period::Period;
use crate::intake::figures::Mapping;
use crate::intake::problem;
use crate::service::catalog::scale;
use crate::service::import::{Outcome, Place, Report, Revision};
use crate::service::snapshot::Snapshot;

pub(crate) struct ImportObservationsPayload {
    report: Report,
    mapping: Mapping,
}

impl ImportObservationsPayload {
    pub(crate) fn new(report: Report, mapping: Mapping) -> Self {
        Self { report, mapping }
    }

    fn place(&self, place: Place) -> ImportPlace {
        let cell = place.cell(&self.report.tables);
        ImportPlace {
            line: i32::try_from(place.line).unwrap_or(i32::MAX),
            sheet: cell.as_ref().map(|cell| cell.sheet.clone()),
            cell: cell.as_ref().map(problem::CellPlace::name),
        }
    }
}

/// Where something stands in the file.
#[derive(SimpleObject)]
struct ImportPlace {
    /// The sheet; null in a text file.
    sheet: Option<String>,
    /// Line, counted from 1.
    line: i32,
    /// The cell, as `C5`; null in a text file.
    cell: Option<String>,
}

/// One figure of the file.
#[derive(SimpleObject)]
struct ImportRow {
    /// Where it stands.
    place: ImportPlace,
    /// What becomes of it.
    outcome: RowOutcome,
}

/// A stored figure that the file says otherwise.
#[derive(SimpleObject)]
struct ImportRevision {
    /// Where it stands.
    place: ImportPlace,
    /// Code of the indicator.
    indicator: String,
    /// Code of the organisation.
    org: String,
    /// Code of the period.
    period: String,
    /// As stored.
    before: String,
    /// As in the file.
    after: String,
    /// What differs.
    columns: Vec<&'static str>,
}

/// A fault in the file.
#[derive(SimpleObject)]
struct ImportProblem {
    /// The sheet; null in a text file or where the whole file is meant.
    sheet: Option<String>,
    /// Line, counted from 1; null where the whole file is meant.
    line: Option<i32>,
    /// The cell, as `C5`; null in a text file.
    cell: Option<String>,
    /// The column.
    column: Option<String>,
    /// What is wrong, in Chinese.
    message_zh: String,
    /// How to mend it, in Chinese.
    hint_zh: String,
    /// What is wrong, in English.
    message: String,
    /// How to mend it, in English.
    hint: String,
}

impl From<&problem::Problem> for ImportProblem {
    fn from(problem: &problem::Problem) -> Self {
        let cell = problem.named_cell();
        Self {
            sheet: cell.map(|cell| cell.sheet.clone()),
            line: problem.line.and_then(|line| i32::try_from(line).ok()),
            cell: cell.map(problem::CellPlace::name),
            column: problem.column.clone(),
            message_zh: problem.message.chinese().to_owned(),
            hint_zh: problem.hint.chinese().to_owned(),
            message: problem.message.en.clone(),
            hint: problem.hint.en.clone(),
        }
    }
}

/// How a column of the file was understood.
#[derive(SimpleObject)]
struct ImportColumn {
    /// The label of the column.
    label: String,
    /// What it means: a field, `ignore`, an indicator's code, or `org:`, `period:`, `breakdown:` with a code.
    meaning: String,
}

/// How a table of the file was understood.
#[derive(SimpleObject)]
struct ImportTable {
    /// The sheet; null in a text file.
    sheet: Option<String>,
    /// First and last row of the header, counted from 1.
    header: Vec<i32>,
    /// Its columns.
    columns: Vec<ImportColumn>,
    /// What holds for all of its figures.
    whole: Vec<ImportColumn>,
}

struct ImportEffect {
    snapshot: Arc<Snapshot>,
    effect: Effect,
}

/// A total, a rate or a rank that moves besides the figures themselves.
#[Object]
impl ImportEffect {
    /// What is counted.
    async fn indicator(&self) -> Result<Indicator, Error> {
        Indicator::new(&self.snapshot, self.effect.indicator)
    }

    /// Whose value or rank it is.
    async fn org_unit(&self) -> Result<OrgUnit, Error> {
        OrgUnit::new(&self.snapshot, self.effect.org)
    }

    /// The period.
    async fn period(&self) -> Period {
        Period(self.effect.period)
    }

    /// Value before, in the indicator's `unit`; null when there is none.
    async fn before(&self) -> Result<Option<f64>, Error> {
        self.told(self.effect.before.value)
    }

    /// Value after, in the indicator's `unit`; null when there is none.
    async fn after(&self) -> Result<Option<f64>, Error> {
        self.told(self.effect.after.value)
    }

    /// State of the value after.
    async fn status_after(&self) -> ObservationStatus {
        self.effect.after.status.into()
    }

    /// Rank among its peers before; null when it had none.
    async fn rank_before(&self) -> Option<u32> {
        self.effect.rank_before
    }

    /// Rank among its peers after; null when it has none.
    async fn rank_after(&self) -> Option<u32> {
        self.effect.rank_after
    }
}

impl ImportEffect {
    fn told(&self, value: Option<f64>) -> Result<Option<f64>, Error> {
        let catalog = &self.snapshot.catalog;
        let unit = catalog
            .indicator(self.effect.indicator)
            .and_then(|indicator| catalog.unit(indicator.unit_id));
        let scale = unit.map_or(Ok(Decimal::ONE), scale)?;
        Ok(value.map(|value| decimal::in_unit(value, scale)))
    }
}

/// What an import did, or would do.
#[Object]
impl ImportObservationsPayload {
    /// Figures that are new.
    async fn created(&self) -> i32 {
        count(self.report.created)
    }

    /// Figures whose value or provenance differs from what is stored.
    async fn revised(&self) -> i32 {
        count(self.report.revised)
    }

    /// Figures that are stored as they stand in the file.
    async fn unchanged(&self) -> i32 {
        count(self.report.unchanged)
    }

    /// Figures with a fault: none is written while there are any.
    async fn rejected(&self) -> i32 {
        count(self.report.rejected)
    }

    /// Blank cells: what is stored there is left alone.
    async fn blank(&self) -> i32 {
        count(self.report.blank)
    }

    /// Rows of totals, which are not imported.
    async fn left_out(&self) -> i32 {
        count(self.report.left_out)
    }

    /// The figures of the file in its order, each with what becomes of it.
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many.", default = 50)] first: i32,
        #[graphql(desc = "After so many.", default = 0)] offset: i32,
        #[graphql(desc = "Only those of this outcome.")] outcome: Option<RowOutcome>,
    ) -> Result<Vec<ImportRow>> {
        let (first, offset) = (page(ctx, first)?, usize::try_from(offset).unwrap_or(0));
        let wanted: Option<Outcome> = outcome.map(Into::into);
        let rows = self
            .report
            .outcomes
            .iter()
            .filter(|(_, outcome)| wanted.is_none_or(|wanted| wanted == *outcome));
        let row = |(place, outcome): &(Place, Outcome)| ImportRow {
            place: self.place(*place),
            outcome: (*outcome).into(),
        };
        Ok(rows.skip(offset).take(first).map(row).collect())
    }

    /// Stored figures that the file says otherwise; at most the first thousand are kept.
    async fn revisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many.", default = 50)] first: i32,
    ) -> Result<Vec<ImportRevision>> {
        let revision = |revision: &Revision| ImportRevision {
            place: self.place(revision.place),
            indicator: revision.indicator.clone(),
            org: revision.org.clone(),
            period: revision.period.clone(),
            before: revision.before.clone(),
            after: revision.after.clone(),
            columns: revision.columns.clone(),
        };
        Ok(self
            .report
            .revisions
            .iter()
            .take(page(ctx, first)?)
            .map(revision)
            .collect())
    }

    /// The faults; at most about the first thousand are listed.
    async fn problems(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many.", default = 50)] first: i32,
    ) -> Result<Vec<ImportProblem>> {
        Ok(self
            .report
            .problems
            .iter()
            .take(page(ctx, first)?)
            .map(Into::into)
            .collect())
    }

    /// Totals, rates and ranks that would move, in a dry run.
    async fn effects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many.", default = 50)] first: i32,
    ) -> Result<Vec<ImportEffect>> {
        // Not the version that is pinned to the request: the import may have seen a newer catalogue.
        let Some(snapshot) = &self.report.snapshot else {
            return Ok(Vec::new());
        };
        let effect = |effect: &Effect| ImportEffect {
            snapshot: Arc::clone(snapshot),
            effect: effect.clone(),
        };
        Ok(self.report.effects.iter().take(page(ctx, first)?).map(effect).collect())
    }

    /// Whether more totals and ranks may move than were looked at.
    async fn effects_incomplete(&self) -> bool {
        self.report.effects_unseen > 0
    }

    /// How the tables of the file were understood.
    async fn tables(&self) -> Vec<ImportTable> {
        let column = |label: &str, meaning: &str| ImportColumn {
            label: label.to_owned(),
            meaning: meaning.to_owned(),
        };
        let tables = self.report.tables.iter().map(|table| ImportTable {
            sheet: Some(table.sheet.clone()).filter(|sheet| !sheet.is_empty()),
            header: table.header.iter().map(|row| count(*row)).collect(),
            columns: table
                .columns
                .iter()
                .map(|(label, meaning)| column(label, meaning))
                .collect(),
            whole: table
                .whole
                .iter()
                .map(|(field, text)| column(field.name(), text))
                .collect(),
        });
        tables.collect()
    }

    /// The mapping that was given, in TOML.
    async fn mapping(&self) -> Result<String> {
        Ok(self.mapping.to_text())
    }

    /// To be given with the commit, so that it is refused when a figure of the file was changed since; null where there are faults, or after a commit.
    async fn token(&self) -> Option<&str> {
        self.report.token.as_deref()
    }

    /// The batch that was written; null in a dry run and where nothing differs.
    async fn batch(&self, ctx: &Context<'_>) -> Result<Option<ImportBatch>> {
        let Some(id) = self.report.batch else { return Ok(None) };
        let found = entity::import_batch::by_ids(ctx.service()?.db(), &[id])
            .await
            .map_err(Error::from)?;
        Ok(found.into_iter().next().map(ImportBatch))
    }

    /// The batch that brought this very file before; nothing is changed then.
    async fn known_batch(&self) -> Option<ImportBatch> {
        self.report.known.clone().map(ImportBatch)
    }
}

fn page(ctx: &Context<'_>, first: i32) -> Result<usize, Error> {
    let most = ctx.limits()?.max_page;
    let fits = usize::try_from(first).ok().filter(|first| *first as u64 <= most);
    fits.ok_or_else(|| {
        Error::input(
            "there is no such number of rows",
            format!("`first` is from 0 to {most}"),
        )
    })
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
