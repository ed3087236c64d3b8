//! The table, its key, and rows by id or key.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryFilter, QueryOrder};

use crate::choice::{ObservationStatus, RevisionReason};
use crate::db::Handle;
use crate::error::Error;
use crate::revision::Columns;
use crate::row;

/// A revision of an observation. Without relations: the table has no foreign keys, and codes are resolved once a batch.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "observation")]
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
    /// The item of a breakdown; 0 is the total.
    pub breakdown_item_id: i64,
    /// 1 for the first revision of this key.
    pub revision: i32,
    /// The value in the indicator's unit; none exactly when the status says so.
    pub value: Option<f64>,
    /// What the value, or its absence, means.
    pub status: ObservationStatus,
    /// Digits printed after the point: how precise the print claims to be.
    pub decimals: i32,
    /// The value as printed.
    pub printed: Option<String>,
    /// The unit as printed.
    pub unit_id: Option<i64>,
    /// Flags: sorted names joined by `|`.
    pub flags: String,
    /// A note.
    pub note: Option<String>,
    /// The source document.
    pub source_id: Option<i64>,
    /// The place in the source, such as a section or `sheet!cell`.
    pub locator: Option<String>,
    /// The import batch that brought it.
    pub batch_id: Option<i64>,
    /// Why the revision before was replaced.
    pub reason: Option<RevisionReason>,
    /// Recorded at, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// Replaced at; none: current. It was known in `[recorded_at, superseded_at)`.
    pub superseded_at: Option<i64>,
    /// Whether it says that there is no figure any more: the import that brought it was undone.
    pub withdrawn: bool,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    indicator_id: i64,
    org_id: i64,
    start_month: i32,
    end_month: i32,
    breakdown_item_id: i64,
    revision: i32,
    value: Option<f64>,
    status: ObservationStatus,
    decimals: i32,
    printed: Option<String>,
    unit_id: Option<i64>,
    flags: String,
    note: Option<String>,
    source_id: Option<i64>,
    locator: Option<String>,
    batch_id: Option<i64>,
    reason: Option<RevisionReason>,
    recorded_at: i64,
    superseded_at: Option<i64>,
    withdrawn: bool,
}

/// What an observation is about: all its revisions share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
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
}

impl From<&Model> for Key {
    fn from(row: &Model) -> Self {
        Self {
            indicator_id: row.indicator_id,
            org_id: row.org_id,
            breakdown_item_id: row.breakdown_item_id,
            start_month: row.start_month,
            end_month: row.end_month,
        }
    }
}

impl From<&New> for Key {
    fn from(row: &New) -> Self {
        Self {
            indicator_id: row.indicator_id,
            org_id: row.org_id,
            breakdown_item_id: row.breakdown_item_id,
            start_month: row.start_month,
            end_month: row.end_month,
        }
    }
}

/// What makes a row a revision.
pub(super) const REVISION: Columns<Column> = Columns {
    id: Column::Id,
    recorded_at: Column::RecordedAt,
    superseded_at: Column::SupersededAt,
};

/// The figures that were current at `as_of`, or are current now; withdrawn ones are none.
pub(super) fn known_at(as_of: Option<i64>) -> Condition {
    REVISION.known_at(as_of).add(COLUMN.withdrawn.eq(false))
}

/// The revisions with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// All revisions of one observation, first to last.
///
/// # Errors
/// As every query.
pub async fn revisions(handle: &impl Handle, key: Key) -> Result<Vec<Model>, Error> {
    revisions_of(handle, &[key]).await
}

/// Observations whose revisions are read by one statement: it binds five values for each.
const KEYS: usize = 1000;

/// All revisions of these observations, each from first to last.
///
/// # Errors
/// As every query.
pub async fn revisions_of(handle: &impl Handle, keys: &[Key]) -> Result<Vec<Model>, Error> {
    let mut rows = Vec::new();
    for chunk in keys.chunks(KEYS) {
        let any = chunk.iter().fold(Condition::any(), |any, key| {
            any.add(
                Condition::all()
                    .add(COLUMN.indicator_id.eq(key.indicator_id))
                    .add(COLUMN.org_id.eq(key.org_id))
                    .add(COLUMN.breakdown_item_id.eq(key.breakdown_item_id))
                    .add(COLUMN.start_month.eq(key.start_month))
                    .add(COLUMN.end_month.eq(key.end_month)),
            )
        });
        let found = Entity::find()
            .filter(any)
            .order_by_asc(COLUMN.revision)
            .all(&handle.connection())
            .await?;
        rows.extend(found);
    }
    Ok(rows)
}
