//! Pages of pending figures, by the filter and in the order of those of observations.

use sea_orm::sea_query::{Expr, ExprTrait, Order};
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::page::{Cursor, Filter, Page};
use crate::db::{Backend, Handle};
use crate::error::Error;
use crate::list::among;
use crate::pending::Pending;
use crate::submission_figure::{Column, Entity, Model};

/// The key of an observation, of which at most one figure is pending.
const ORDER: [Column; 5] = [
    Column::OrgId,
    Column::IndicatorId,
    Column::StartMonth,
    Column::EndMonth,
    Column::BreakdownItemId,
];

fn values(place: Cursor) -> Expr {
    Expr::tuple([
        Expr::val(place.org_id),
        Expr::val(place.indicator_id),
        Expr::val(place.start_month),
        Expr::val(place.end_month),
        Expr::val(place.breakdown_item_id),
    ])
}

/// A page of the pending figures, ordered by organisation, indicator, period and breakdown item; ascending also when taken from the end. Statuses are those
/// that are stored.
///
/// # Errors
/// As every query.
pub async fn pending_page(
    handle: &impl Handle,
    filter: &Filter,
    pending: Pending,
    page: &Page,
) -> Result<Vec<Model>, Error> {
    let place = || Expr::tuple(ORDER.map(|column| Expr::col((Entity, column))));
    let mut rows = select(filter, pending, handle.backend()).limit(page.limit);
    if let Some(after) = page.after {
        rows = rows.filter(place().gt(values(after)));
    }
    if let Some(before) = page.before {
        rows = rows.filter(place().lt(values(before)));
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

/// How many pending figures pass the filter.
///
/// # Errors
/// As every query.
pub async fn pending_count(handle: &impl Handle, filter: &Filter, pending: Pending) -> Result<u64, Error> {
    let rows = select(filter, pending, handle.backend());
    Ok(rows.count(&handle.connection()).await?)
}

fn select(filter: &Filter, pending: Pending, backend: Backend) -> Select<Entity> {
    let list = |column: Column, ids: &Option<Vec<i64>>| ids.as_ref().map(|ids| among(column, ids, backend));
    let statuses = filter.statuses.as_ref();
    let condition = Condition::all()
        .add_option(list(Column::IndicatorId, &filter.indicators))
        .add_option(list(Column::OrgId, &filter.orgs))
        .add_option(list(Column::BreakdownItemId, &filter.breakdown_items))
        .add_option(list(Column::SourceId, &filter.sources))
        .add_option(filter.start_month_from.map(|from| Column::StartMonth.gte(from)))
        .add_option(filter.end_month_to.map(|to| Column::EndMonth.lte(to)))
        .add_option(filter.exact.map(|(start, _)| Column::StartMonth.eq(start)))
        .add_option(filter.exact.map(|(_, end)| Column::EndMonth.eq(end)))
        .add_option(statuses.map(|some| Column::Status.is_in(some.iter().copied())));
    pending.figures().filter(condition)
}
