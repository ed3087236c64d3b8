//! Observations: figures as they were reported.

use std::sync::Arc;

use analytics::{decimal, period};
use async_graphql::connection::{CursorType, OpaqueCursor};
use async_graphql::{Context, ID, Object, Result};
use entity::observation::{self, Key};
use serde::{Deserialize, Serialize};

use super::import_batch::ImportBatch;
use super::indicator::Indicator;
use super::observation_filter::ObservationFilter;
use super::org_unit::OrgUnit;
use super::source::{Source, source};
use super::unit::Unit;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::page::{Arguments, Rows, connection};
use crate::graphql::scalar::choice::{Flag, ObservationStatus};
use crate::graphql::scalar::global_id::GlobalId;
use crate::graphql::scalar::import_choice::RevisionReason;
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::submission_choice::Include;
use crate::graphql::scalar::time::DateTime;
use crate::service::catalog::scale;
use crate::service::convert;
use crate::service::provisional;
use crate::service::snapshot::Snapshot;

#[derive(Clone)]
pub(crate) struct Observation {
    snapshot: Arc<Snapshot>,
    model: observation::Model,
}

impl Observation {
    /// Wraps a stored revision.
    pub(crate) fn new(snapshot: &Arc<Snapshot>, model: observation::Model) -> Self {
        Self {
            snapshot: Arc::clone(snapshot),
            model,
        }
    }
}

/// One revision of a figure: indicator × organisation × period × breakdown, with its value **and** its state.
#[Object]
impl Observation {
    /// Opaque global identifier of this revision, for `node`.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Observation(self.model.id).encode()
    }

    /// What is counted.
    async fn indicator(&self) -> Result<Indicator, Error> {
        Indicator::new(&self.snapshot, self.model.indicator_id)
    }

    /// Whose figure it is.
    async fn org_unit(&self) -> Result<OrgUnit, Error> {
        let ordinal = self
            .snapshot
            .catalog
            .tree()
            .ordinal(self.model.org_id)
            .ok_or_else(|| Error::internal("a figure without organisation"))?;
        OrgUnit::new(&self.snapshot, ordinal)
    }

    /// Months that the figure stands for; not the report's year, nor the day of publication.
    async fn period(&self) -> Result<Period, Error> {
        let period = period::Period::from_months(self.model.start_month, self.model.end_month);
        period
            .map(Period)
            .ok_or_else(|| Error::internal("a figure without period"))
    }

    /// Item of a breakdown as `case_type=civil`; null for the total.
    async fn breakdown(&self) -> Option<String> {
        self.snapshot.catalog.item_code(self.model.breakdown_item_id)
    }

    /// Value in the indicator's `unit`, unrounded; null exactly when `status` says so. Zero is a value.
    async fn value(&self) -> Result<Option<f64>, Error> {
        let Some(unit) = self
            .snapshot
            .catalog
            .indicator(self.model.indicator_id)
            .and_then(|it| self.snapshot.catalog.unit(it.unit_id))
        else {
            return Err(Error::internal("an indicator without unit"));
        };
        let scale = scale(unit)?;
        Ok(self.model.value.map(|value| decimal::in_unit(value, scale)))
    }

    /// What the value, or its absence, means.
    async fn status(&self) -> ObservationStatus {
        convert::status(self.model.status).into()
    }

    /// Figure as printed in its source.
    async fn printed(&self) -> Option<&str> {
        self.model.printed.as_deref()
    }

    /// Unit as printed in its source.
    async fn printed_unit(&self) -> Result<Option<Unit>, Error> {
        self.model.unit_id.map(|id| Unit::new(&self.snapshot, id)).transpose()
    }

    /// Remarks.
    async fn flags(&self) -> Vec<Flag> {
        convert::flags(&self.model.flags).iter().map(Into::into).collect()
    }

    /// What to beware of.
    async fn note(&self) -> Option<&str> {
        self.model.note.as_deref()
    }

    /// Document it was taken from.
    async fn source(&self, ctx: &Context<'_>) -> Result<Option<Source>> {
        source(ctx, self.model.source_id).await
    }

    /// Place in the document.
    async fn locator(&self) -> Option<&str> {
        self.model.locator.as_deref()
    }

    /// The import that brought it; null for figures that no import brought.
    async fn batch(&self, ctx: &Context<'_>) -> Result<Option<ImportBatch>> {
        match self.model.batch_id {
            Some(id) => Ok(ctx
                .batches()?
                .load_one(id)
                .await?
                .map(|batch| ImportBatch(batch.as_ref().clone()))),
            None => Ok(None),
        }
    }

    /// Why the revision before it was replaced; null for the first.
    async fn reason(&self) -> Option<RevisionReason> {
        self.model.reason.map(Into::into)
    }

    /// Whether it says that there is no figure any more, because the import that brought it was undone.
    async fn withdrawn(&self) -> bool {
        self.model.withdrawn
    }

    /// All revisions of this figure.
    async fn revisions(&self, ctx: &Context<'_>) -> Result<RevisionHistory> {
        let rows = ctx.histories()?.load_one(Key::from(&self.model)).await?;
        let rows = match rows {
            Some(rows) => rows,
            // A figure that was never published has no revision but itself.
            None if provisional::draft_of(self.model.id).is_some() => Arc::new(vec![self.model.clone()]),
            None => return Err(Error::internal("a figure without revisions").into()),
        };
        Ok(RevisionHistory {
            snapshot: Arc::clone(&self.snapshot),
            rows,
        })
    }

    /// 1 for the first revision of this figure.
    async fn revision(&self) -> i32 {
        self.model.revision
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.model.recorded_at)
    }

    /// When a later revision replaced it; null while it is current.
    async fn superseded_at(&self) -> Option<DateTime> {
        self.model.superseded_at.and_then(DateTime::from_micros)
    }
}

pub(crate) struct RevisionHistory {
    snapshot: Arc<Snapshot>,
    /// From first to last, never empty.
    rows: Arc<Vec<observation::Model>>,
}

/// The revisions of a figure, whatever `asOf` was asked for.
#[Object]
impl RevisionHistory {
    /// The first one.
    async fn first(&self) -> Result<Observation, Error> {
        self.at(0)
    }

    /// The latest one.
    async fn latest(&self) -> Result<Observation, Error> {
        self.at(self.rows.len().saturating_sub(1))
    }

    /// How many there are.
    async fn count(&self) -> i32 {
        i32::try_from(self.rows.len()).unwrap_or(i32::MAX)
    }

    /// Latest minus first value, in the indicator's `unit` (percentage points for rates); null where one of them has no number.
    async fn drift(&self) -> Result<Option<f64>, Error> {
        let (Some(first), Some(latest)) = (self.rows.first(), self.rows.last()) else {
            return Ok(None);
        };
        let (Some(one), Some(other)) = (first.value, latest.value) else {
            return Ok(None);
        };
        let catalog = &self.snapshot.catalog;
        let unit = catalog
            .indicator(first.indicator_id)
            .and_then(|indicator| catalog.unit(indicator.unit_id));
        let scale = scale(unit.ok_or_else(|| Error::internal("an indicator without unit"))?)?;
        Ok(Some(decimal::clean(
            decimal::in_unit(other, scale) - decimal::in_unit(one, scale),
        )))
    }

    /// All of them, first to latest.
    async fn all(&self) -> Vec<Observation> {
        let row = |row: &observation::Model| Observation::new(&self.snapshot, row.clone());
        self.rows.iter().map(row).collect()
    }
}

impl RevisionHistory {
    fn at(&self, place: usize) -> Result<Observation, Error> {
        let row = self
            .rows
            .get(place)
            .ok_or_else(|| Error::internal("a figure without revisions"))?;
        Ok(Observation::new(&self.snapshot, row.clone()))
    }
}

/// A place in the list: the sort key of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Place(i64, i64, i32, i32, i64, i64);

impl From<Place> for observation::Cursor {
    fn from(Place(org_id, indicator_id, start_month, end_month, breakdown_item_id, id): Place) -> Self {
        Self {
            org_id,
            indicator_id,
            start_month,
            end_month,
            breakdown_item_id,
            id,
        }
    }
}

impl From<&observation::Model> for Place {
    fn from(row: &observation::Model) -> Self {
        Self(
            row.org_id,
            row.indicator_id,
            row.start_month,
            row.end_month,
            row.breakdown_item_id,
            row.id,
        )
    }
}

connection!(ObservationConnection, ObservationEdge, Observation);

#[derive(Default)]
pub(crate) struct ObservationQuery;

/// Queries of observations.
#[Object]
impl ObservationQuery {
    /// Reported figures by organisation, indicator and period, the current ones or those known at a time.
    #[allow(clippy::too_many_arguments, reason = "the names are the contract's")]
    async fn observations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which observations; all when left out.")] filter: Option<ObservationFilter>,
        #[graphql(desc = "As they were known at this time; now when left out.")] as_of: Option<DateTime>,
        #[graphql(
            desc = "Which figures: the published ones, or those that were handed in as well. Goes without `asOf`.",
            default_with = "Some(Include::Published)"
        )]
        include: Option<Include>,
        #[graphql(desc = "So many from the start.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<ObservationConnection> {
        let page = Arguments {
            first,
            after,
            last,
            before,
        }
        .check::<Place>(ctx.limits()?)?;
        let snapshot = ctx.snapshot()?;
        let sight = ctx.sight()?;
        let filter = filter.unwrap_or_default().resolve(sight)?;
        let include = include.unwrap_or(Include::Published).into();
        let reading = sight.reading(as_of.map(DateTime::micros), include)?;
        let has_cursor = (page.after.is_some(), page.before.is_some());
        let asked = observation::Page {
            after: page.after.map(Into::into),
            before: page.before.map(Into::into),
            // One row more tells whether there is a next page.
            limit: page.limit + 1,
            from_end: page.from_end,
        };
        let (mut rows, total) = ctx.service()?.observations(&snapshot, &filter, reading, &asked).await?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        if more && page.from_end {
            rows.remove(0);
        } else {
            rows.truncate(limit);
        }
        let (has_previous, has_next) = if page.from_end {
            (more, has_cursor.1)
        } else {
            (has_cursor.0, more)
        };
        prepare(ctx, &rows).await?;
        let edge = |row: observation::Model| {
            (
                OpaqueCursor(Place::from(&row)).encode_cursor(),
                Observation::new(&snapshot, row),
            )
        };
        let edges = rows.into_iter().map(edge).collect();
        Ok(ObservationConnection(Rows {
            edges,
            has_previous,
            has_next,
            total,
        }))
    }
}

/// Reads what the rows are asked for besides themselves, all at once: the number of queries must not depend on when resolvers run.
async fn prepare(ctx: &Context<'_>, rows: &[observation::Model]) -> Result<()> {
    let field = ctx.look_ahead();
    let nodes = [field.field("nodes"), field.field("edges").field("node")];
    let wants = |name: &str| nodes.iter().any(|node| node.field(name).exists());
    if wants("source") {
        let keys = rows.iter().filter_map(|row| row.source_id);
        ctx.sources()?.load_many(keys).await?;
    }
    if wants("batch") {
        let keys = rows.iter().filter_map(|row| row.batch_id);
        ctx.batches()?.load_many(keys).await?;
    }
    if wants("revisions") {
        let histories = ctx.histories()?.load_many(rows.iter().map(Key::from)).await?;
        let within = |name: &str| {
            nodes.iter().any(|node| {
                ["first", "latest", "all"]
                    .iter()
                    .any(|one| node.field("revisions").field(one).field(name).exists())
            })
        };
        let all = || histories.values().flat_map(|rows| rows.iter());
        if within("source") {
            ctx.sources()?.load_many(all().filter_map(|row| row.source_id)).await?;
        }
        if within("batch") {
            ctx.batches()?.load_many(all().filter_map(|row| row.batch_id)).await?;
        }
    }
    Ok(())
}
