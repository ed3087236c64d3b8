//! Pages of observations by keyset: the cost follows the page, not its place.

use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use super::model::{COLUMN, Column, Entity, Model, known_at};
use crate::choice::ObservationStatus;
use crate::db::{Backend, Handle};
use crate::error::Error;
use crate::list::among;
use crate::pending::Pending;

/// Which observations; every field narrows, none does not. An empty list matches nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these indicators.
    pub indicators: Option<Vec<i64>>,
    /// Of these organisations.
    pub orgs: Option<Vec<i64>>,
    /// Of these breakdown items; 0 is the total.
    pub breakdown_items: Option<Vec<i64>>,
    /// Beginning in this month or later.
    pub start_month_from: Option<i32>,
    /// Ending in this month or earlier.
    pub end_month_to: Option<i32>,
    /// Of exactly this period: first and last month.
    pub exact: Option<(i32, i32)>,
    /// With one of these statuses.
    pub statuses: Option<Vec<ObservationStatus>>,
    /// From one of these sources.
    pub sources: Option<Vec<i64>>,
    /// Without those that have a pending figure beside them.
    pub not_pending: Option<Pending>,
}

/// A place between rows, in the order of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    /// The organisation.
    pub org_id: i64,
    /// The indicator.
    pub indicator_id: i64,
    /// The first month of the period.
    pub start_month: i32,
    /// The last month of the period.
    pub end_month: i32,
    /// The item of a breakdown; 0 is the total.
    pub breakdown_item_id: i64,
    /// The revision's id.
    pub id: i64,
}

/// Which part of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Only rows after this place.
    pub after: Option<Cursor>,
    /// Only rows before this place.
    pub before: Option<Cursor>,
    /// At most so many rows.
    pub limit: u64,
    /// Take them from the end.
    pub from_end: bool,
}

const ORDER: [Column; 6] = [
    Column::OrgId,
    Column::IndicatorId,
    Column::StartMonth,
    Column::EndMonth,
    Column::BreakdownItemId,
    Column::Id,
];

impl From<&Model> for Cursor {
    fn from(row: &Model) -> Self {
        Self {
            org_id: row.org_id,
            indicator_id: row.indicator_id,
            start_month: row.start_month,
            end_month: row.end_month,
            breakdown_item_id: row.breakdown_item_id,
            id: row.id,
        }
    }
}

impl Cursor {
    fn values(self) -> Expr {
        Expr::tuple([
            Expr::val(self.org_id),
            Expr::val(self.indicator_id),
            Expr::val(self.start_month),
            Expr::val(self.end_month),
            Expr::val(self.breakdown_item_id),
            Expr::val(self.id),
        ])
    }
}

/// A page of the observations known at `as_of` (now when none), ordered by organisation, indicator, period, breakdown item
/// and id; ascending also when taken from the end.
///
/// # Errors
/// As every query.
pub async fn page(handle: &impl Handle, filter: &Filter, as_of: Option<i64>, page: &Page) -> Result<Vec<Model>, Error> {
    let place = || Expr::tuple(ORDER.map(|column| column.into_expr()));
    let mut rows = Entity::find()
        .filter(known_at(as_of))
        .filter(filter.condition(handle.backend()))
        .limit(page.limit);
    if let Some(after) = page.after {
        rows = rows.filter(place().gt(after.values()));
    }
    if let Some(before) = page.before {
        rows = rows.filter(place().lt(before.values()));
    }
    let direction = if page.from_end { Order::Desc } else { Order::Asc };
    for column in ORDER {
        rows = rows.order_by(column, direction.clone());
    }
    let mut found = rows.all(&handle.connection()).await?;
    if page.from_end {
        found.reverse();
    }
    Ok(found)
}

/// How many observations known at `as_of` (now when none) pass the filter.
///
/// # Errors
/// As every query.
pub async fn count(handle: &impl Handle, filter: &Filter, as_of: Option<i64>) -> Result<u64, Error> {
    let rows = Entity::find()
        .filter(known_at(as_of))
        .filter(filter.condition(handle.backend()));
    Ok(rows.count(&handle.connection()).await?)
}

impl Filter {
    fn condition(&self, backend: Backend) -> Condition {
        let list = |column: Column, ids: &Option<Vec<i64>>| ids.as_ref().map(|ids| among(column, ids, backend));
        let statuses = self.statuses.as_ref();
        Condition::all()
            .add_option(list(Column::IndicatorId, &self.indicators))
            .add_option(list(Column::OrgId, &self.orgs))
            .add_option(list(Column::BreakdownItemId, &self.breakdown_items))
            .add_option(list(Column::SourceId, &self.sources))
            .add_option(self.start_month_from.map(|from| COLUMN.start_month.gte(from)))
            .add_option(self.end_month_to.map(|to| COLUMN.end_month.lte(to)))
            .add_option(self.exact.map(|(start, _)| COLUMN.start_month.eq(start)))
            .add_option(self.exact.map(|(_, end)| COLUMN.end_month.eq(end)))
            .add_option(statuses.map(|some| COLUMN.status.is_in(some.iter().copied())))
            .add_option(self.not_pending.map(|pending| pending.beside("observation").not()))
    }
}
