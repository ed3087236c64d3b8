//! Targets: what an organisation is to reach in a period, as append-only revisions like those of an observation.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryFilter, QueryOrder};

use crate::choice::{ObservationStatus, RevisionReason};
use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::list::among;
use crate::observation::{self, Fact};
use crate::revision::Columns;
use crate::row;

/// A revision of a target.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "target")]
pub struct Model {
    /// The key of the revision; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The indicator.
    pub indicator_id: i64,
    /// The organisation.
    pub org_id: i64,
    /// The first month of the period.
    pub start_month: i32,
    /// The last month of the period.
    pub end_month: i32,
    /// 1 for the first revision of this key.
    pub revision: i32,
    /// The value in the base unit of the indicator's quantity; none when the target was withdrawn.
    pub value: Option<f64>,
    /// Digits printed after the point.
    pub decimals: i32,
    /// The value as printed.
    pub printed: Option<String>,
    /// The unit as printed.
    pub unit_id: Option<i64>,
    /// A note.
    pub note: Option<String>,
    /// The document that sets it.
    pub source_id: Option<i64>,
    /// The place in the document.
    pub locator: Option<String>,
    /// The import batch that brought it.
    pub batch_id: Option<i64>,
    /// Why the revision before was replaced.
    pub reason: Option<RevisionReason>,
    /// Recorded at, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// Replaced at; none: current. It was known in `[recorded_at, superseded_at)`.
    pub superseded_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    indicator_id: i64,
    org_id: i64,
    start_month: i32,
    end_month: i32,
    revision: i32,
    value: Option<f64>,
    decimals: i32,
    printed: Option<String>,
    unit_id: Option<i64>,
    note: Option<String>,
    source_id: Option<i64>,
    locator: Option<String>,
    batch_id: Option<i64>,
    reason: Option<RevisionReason>,
    recorded_at: i64,
    superseded_at: Option<i64>,
}

impl From<observation::New> for New {
    /// The target that a row of the same form sets; a breakdown, a status and flags are none of a target's.
    fn from(row: observation::New) -> Self {
        Self {
            indicator_id: row.indicator_id,
            org_id: row.org_id,
            start_month: row.start_month,
            end_month: row.end_month,
            revision: row.revision,
            value: row.value,
            decimals: row.decimals,
            printed: row.printed,
            unit_id: row.unit_id,
            note: row.note,
            source_id: row.source_id,
            locator: row.locator,
            batch_id: row.batch_id,
            reason: row.reason,
            recorded_at: row.recorded_at,
            superseded_at: row.superseded_at,
        }
    }
}

impl From<Model> for observation::Model {
    /// The same in the form of an observation, to be held against one.
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            indicator_id: row.indicator_id,
            org_id: row.org_id,
            start_month: row.start_month,
            end_month: row.end_month,
            breakdown_item_id: 0,
            revision: row.revision,
            value: row.value,
            status: status(row.value),
            decimals: row.decimals,
            printed: row.printed,
            unit_id: row.unit_id,
            flags: String::new(),
            note: row.note,
            source_id: row.source_id,
            locator: row.locator,
            batch_id: row.batch_id,
            reason: row.reason,
            recorded_at: row.recorded_at,
            superseded_at: row.superseded_at,
            withdrawn: false,
        }
    }
}

fn status(value: Option<f64>) -> ObservationStatus {
    match value {
        Some(_) => ObservationStatus::Normal,
        None => ObservationStatus::Missing,
    }
}

const ROWS_PER_STATEMENT: usize = 1000;

const REVISION: Columns<Column> = Columns {
    id: Column::Id,
    recorded_at: Column::RecordedAt,
    superseded_at: Column::SupersededAt,
};

/// The targets known at `as_of` (now when none), as lean rows, ordered by indicator, organisation and period.
///
/// # Errors
/// As every query.
pub async fn facts(handle: &impl Handle, as_of: Option<i64>) -> Result<Vec<Fact>, Error> {
    let rows = Entity::find()
        .filter(REVISION.known_at(as_of))
        .order_by_asc(COLUMN.indicator_id)
        .order_by_asc(COLUMN.org_id)
        .order_by_asc(COLUMN.start_month)
        .order_by_asc(COLUMN.end_month)
        .all(&handle.connection())
        .await?;
    let fact = |row: Model| Fact {
        id: row.id,
        indicator_id: row.indicator_id,
        org_id: row.org_id,
        breakdown_item_id: 0,
        start_month: row.start_month,
        end_month: row.end_month,
        value: row.value,
        status: status(row.value),
        decimals: row.decimals,
        flags: String::new(),
        withdrawn: false,
    };
    Ok(rows.into_iter().map(fact).collect())
}

/// The revisions with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// The current targets of these indicators, ordered by id.
///
/// # Errors
/// As every query.
pub async fn current_of(tx: &Tx, indicators: &[i64]) -> Result<Vec<Model>, Error> {
    let current = REVISION
        .known_at(None)
        .add(among(Column::IndicatorId, indicators, tx.backend()));
    row::matching::<Entity>(tx, Column::Id, current).await
}

/// The revisions that a batch brought, in the order in which they were stored.
///
/// # Errors
/// As every query.
pub async fn of_batch(handle: &impl Handle, batch: i64) -> Result<Vec<Model>, Error> {
    let brought = Condition::all().add(COLUMN.batch_id.eq(batch));
    row::matching::<Entity>(handle, Column::Id, brought).await
}

/// The revisions of these indicators that were replaced at `time`.
///
/// # Errors
/// As every query.
pub async fn replaced_at(handle: &impl Handle, indicators: &[i64], time: i64) -> Result<Vec<Model>, Error> {
    let replaced = Condition::all().add(COLUMN.superseded_at.eq(time)).add(among(
        Column::IndicatorId,
        indicators,
        handle.backend(),
    ));
    row::matching::<Entity>(handle, Column::Id, replaced).await
}

/// Stores revisions, in this order. Supersede the ones they replace before.
///
/// # Errors
/// [`Error::Conflict`] when a key has a current revision already.
pub async fn insert_many(tx: &Tx, rows: &[New]) -> Result<(), Error> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        Entity::insert_many(chunk.iter().cloned().map(ActiveModel::from))
            .exec_without_returning(&tx.connection())
            .await?;
    }
    Ok(())
}

/// Marks current revisions as replaced at `at`, in µs since the epoch. The ids must be distinct.
///
/// # Errors
/// [`Error::NotFound`] when one of them is not current any more.
pub async fn supersede(tx: &Tx, ids: &[i64], at: i64) -> Result<(), Error> {
    REVISION.supersede::<Entity>(tx, ids, at).await
}
