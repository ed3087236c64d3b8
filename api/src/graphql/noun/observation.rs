//! Observations: figures as they were reported.

use std::sync::Arc;

use analytics::{decimal, period};
use async_graphql::connection::{CursorType, OpaqueCursor};
use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::observation;
use serde::{Deserialize, Serialize};

use super::indicator::{Indicator, IndicatorSelector};
use super::org_unit::{OrgSelector, OrgUnit};
use super::source::{Source, source};
use super::unit::Unit;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::page::{Arguments, Rows, connection};
use crate::graphql::scalar::choice::{Flag, ObservationStatus};
use crate::graphql::scalar::global_id::GlobalId;
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::time::DateTime;
use crate::service::catalog::{Catalog, scale};
use crate::service::snapshot::Snapshot;
use crate::service::{availability, convert, selector};

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
        let item = self.snapshot.catalog.item(self.model.breakdown_item_id)?;
        let breakdown = self.snapshot.catalog.breakdown(item.breakdown_id)?;
        Some(format!("{}={}", breakdown.code, item.code))
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

/// Which observations: every condition narrows, none takes all.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ObservationFilter {
    /// Those of these indicators.
    indicators: Option<IndicatorSelector>,
    /// Those of these organisations.
    orgs: Option<OrgSelector>,
    /// Those of exactly this period.
    period: Option<Period>,
    /// Those that begin with this period or later.
    from: Option<Period>,
    /// Those that end with this period or earlier.
    to: Option<Period>,
    /// Those in one of these states.
    statuses: Option<Vec<ObservationStatus>>,
    /// Only totals when true (without breakdown), only parts when false.
    totals: Option<bool>,
}

impl ObservationFilter {
    /// The same conditions on what is available.
    pub(crate) fn available(self, as_of: Option<i64>) -> availability::Question {
        availability::Question {
            indicators: self.indicators.unwrap_or_default().into(),
            orgs: self.orgs.unwrap_or_default().into(),
            exact: self.period.map(|period| period.0),
            statuses: self
                .statuses
                .map(|statuses| statuses.into_iter().map(Into::into).collect()),
            totals: self.totals,
            from: self.from.map(|period| period.0.start_month()),
            to: self.to.map(|period| period.0.end_month()),
            as_of,
        }
    }

    fn resolve(self, catalog: &Catalog) -> Result<observation::Filter, Error> {
        let indicators = selector::IndicatorSelector::from(self.indicators.unwrap_or_default());
        let orgs = selector::OrgSelector::from(self.orgs.unwrap_or_default());
        let period = self.period.or(self.to).map(|period| period.0);
        let ids = |ordinals: Vec<u32>| {
            ordinals
                .into_iter()
                .filter_map(|ordinal| catalog.tree().id(ordinal))
                .collect()
        };
        Ok(observation::Filter {
            indicators: if indicators.takes_all() {
                None
            } else {
                Some(indicators.resolve(catalog)?)
            },
            orgs: if orgs.takes_all() {
                None
            } else {
                Some(ids(orgs.resolve(catalog, period)?))
            },
            breakdown_items: match self.totals {
                None => None,
                Some(true) => Some(vec![0]),
                Some(false) => Some(catalog.items().map(|item| item.id).collect()),
            },
            start_month_from: self.from.map(|period| period.0.start_month()),
            end_month_to: self.to.map(|period| period.0.end_month()),
            exact: self.period.map(|period| (period.0.start_month(), period.0.end_month())),
            statuses: self.statuses.map(|statuses| {
                statuses
                    .into_iter()
                    .map(|status| convert::stored_status(status.into()))
                    .collect()
            }),
            sources: None,
        })
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
        let filter = filter.unwrap_or_default().resolve(&snapshot.catalog)?;
        // Read as of the pinned version, so that rows, total and catalogue are of one state whatever is committed meanwhile.
        let as_of = snapshot.as_of(as_of.map(DateTime::micros));
        let db = ctx.service()?.db();
        let has_cursor = (page.after.is_some(), page.before.is_some());
        let asked = observation::Page {
            after: page.after.map(Into::into),
            before: page.before.map(Into::into),
            // One row more tells whether there is a next page.
            limit: page.limit + 1,
            from_end: page.from_end,
        };
        let mut rows = observation::page(db, &filter, as_of, &asked)
            .await
            .map_err(Error::from)?;
        let total = observation::count(db, &filter, as_of).await.map_err(Error::from)?;
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
        let field = ctx.look_ahead();
        if [field.field("nodes"), field.field("edges").field("node")]
            .iter()
            .any(|node| node.field("source").exists())
        {
            ctx.sources()?
                .load_many(rows.iter().filter_map(|row| row.source_id))
                .await?;
        }
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
