//! Facts: the lean rows that the analytics store is built from.

use futures_util::TryStreamExt;
use sea_orm::{
    ConnectionTrait, DatabaseExecutor, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, StreamTrait,
};

use super::model::{COLUMN, Column, Entity, known_at};
use crate::choice::ObservationStatus;
use crate::db::Handle;
use crate::error::Error;
use crate::list::among;

/// What the analytics needs of an observation.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The revision's id, to find the rest of it.
    pub id: i64,
    /// The indicator.
    pub indicator_id: i64,
    /// The organisation.
    pub org_id: i64,
    /// The item of a breakdown; 0 is the total.
    pub breakdown_item_id: i64,
    /// The first month of the period.
    pub start_month: i32,
    /// The last month of the period.
    pub end_month: i32,
    /// The value in the indicator's unit; none exactly when the status says so.
    pub value: Option<f64>,
    /// What the value, or its absence, means.
    pub status: ObservationStatus,
    /// Digits printed after the point.
    pub decimals: i32,
    /// Flags: sorted names joined by `|`.
    pub flags: String,
    /// Whether it says that there is no figure any more.
    pub withdrawn: bool,
}

/// Which facts; the default is all that are current.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactFilter {
    /// Of these indicators.
    pub indicators: Option<Vec<i64>>,
    /// As known at this time, in µs since the epoch; now when none.
    pub as_of: Option<i64>,
}

const COLUMNS: [Column; 11] = [
    Column::Id,
    Column::IndicatorId,
    Column::OrgId,
    Column::BreakdownItemId,
    Column::StartMonth,
    Column::EndMonth,
    Column::Value,
    Column::Status,
    Column::Decimals,
    Column::Flags,
    Column::Withdrawn,
];

/// [`COLUMNS`], decoded.
type Row = (
    i64,
    i64,
    i64,
    i64,
    i32,
    i32,
    Option<f64>,
    ObservationStatus,
    i32,
    String,
    bool,
);

impl From<Row> for Fact {
    fn from(row: Row) -> Self {
        let (id, indicator_id, org_id, breakdown_item_id, start_month, end_month, ..) = row;
        let (.., value, status, decimals, flags, withdrawn) = row;
        Self {
            id,
            indicator_id,
            org_id,
            breakdown_item_id,
            start_month,
            end_month,
            value,
            status,
            decimals,
            flags,
            withdrawn,
        }
    }
}

/// The facts, ordered by indicator, organisation, breakdown item, first and last month; read by one statement, so from
/// one state of the database.
///
/// # Errors
/// As every query.
pub async fn facts(handle: &impl Handle, filter: &FactFilter) -> Result<Vec<Fact>, Error> {
    let mut rows = Entity::find()
        .select_only()
        .columns(COLUMNS)
        .filter(known_at(filter.as_of))
        .order_by_asc(COLUMN.indicator_id)
        .order_by_asc(COLUMN.org_id)
        .order_by_asc(COLUMN.breakdown_item_id)
        .order_by_asc(COLUMN.start_month)
        .order_by_asc(COLUMN.end_month);
    if let Some(indicators) = &filter.indicators {
        rows = rows.filter(among(Column::IndicatorId, indicators, handle.backend()));
    }
    read(handle, rows).await
}

/// The facts that these import batches brought, in the order in which they were stored: of one observation the last is the newest. Those replaced by a
/// batch that is not named are among them.
///
/// Whether a row is current is not asked for: without fresh statistics PostgreSQL would read the index of all current rows to find that out.
///
/// # Errors
/// As every query.
pub async fn facts_of(handle: &impl Handle, batches: &[i64]) -> Result<Vec<Fact>, Error> {
    let rows = Entity::find()
        .select_only()
        .columns(COLUMNS)
        .filter(among(Column::BatchId, batches, handle.backend()))
        .order_by_asc(COLUMN.id);
    read(handle, rows).await
}

async fn read(handle: &impl Handle, rows: Select<Entity>) -> Result<Vec<Fact>, Error> {
    let facts = match handle.connection() {
        DatabaseExecutor::Connection(pool) => gather(rows, pool).await?,
        DatabaseExecutor::Transaction(tx) => gather(rows, tx).await?,
        DatabaseExecutor::OwnedTransaction(tx) => gather(rows, &tx).await?,
    };
    Ok(facts)
}

/// Row by row: millions of rows must not stand in memory twice.
async fn gather<C>(rows: Select<Entity>, connection: &C) -> Result<Vec<Fact>, DbErr>
where
    C: ConnectionTrait + StreamTrait,
{
    rows.into_tuple::<Row>()
        .stream(connection)
        .await?
        .map_ok(Fact::from)
        .try_collect()
        .await
}
