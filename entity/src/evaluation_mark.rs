//! What people said of a criterion: self-score, review and final score, as append-only revisions.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use crate::choice::MarkStage;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::list::among;
use crate::revision::Columns;
use crate::row;

/// A revision of a mark.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluation_mark")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The version of the framework.
    pub framework_id: i64,
    /// The organisation.
    pub org_id: i64,
    /// The first month of the period.
    pub start_month: i32,
    /// The last month of the period.
    pub end_month: i32,
    /// The code of the criterion.
    pub node: String,
    /// Who speaks.
    pub stage: MarkStage,
    /// 1 for the first revision of this key.
    pub revision: i32,
    /// The points as a decimal; none when the mark was taken back.
    pub points: Option<String>,
    /// The evidence or reason given.
    pub evidence: Option<String>,
    /// Who.
    pub author: String,
    /// Recorded at, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// Replaced at; none: current. It was known in `[recorded_at, superseded_at)`.
    pub superseded_at: Option<i64>,
    /// The framework.
    #[sea_orm(belongs_to, from = "framework_id", to = "id")]
    pub framework: BelongsTo<super::framework::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    framework_id: i64,
    org_id: i64,
    start_month: i32,
    end_month: i32,
    node: String,
    stage: MarkStage,
    revision: i32,
    points: Option<String>,
    evidence: Option<String>,
    author: String,
    recorded_at: i64,
    superseded_at: Option<i64>,
}

const REVISION: Columns<Column> = Columns {
    id: Column::Id,
    recorded_at: Column::RecordedAt,
    superseded_at: Column::SupersededAt,
};

/// The marks of these versions of frameworks in a period that were known at `as_of` (now when none), ordered by id.
///
/// # Errors
/// As every query.
pub async fn known(
    handle: &impl Handle,
    frameworks: &[i64],
    (start_month, end_month): (i32, i32),
    as_of: Option<i64>,
) -> Result<Vec<Model>, Error> {
    let here = REVISION
        .known_at(as_of)
        .add(among(Column::FrameworkId, frameworks, handle.backend()))
        .add(COLUMN.start_month.eq(start_month))
        .add(COLUMN.end_month.eq(end_month));
    row::matching::<Entity>(handle, Column::Id, here).await
}

/// When the last mark was recorded.
///
/// # Errors
/// As every query.
pub async fn latest_time(handle: &impl Handle) -> Result<Option<i64>, Error> {
    let last = Entity::find()
        .order_by_desc(COLUMN.recorded_at)
        .limit(1)
        .one(&handle.connection())
        .await?;
    Ok(last.map(|mark| mark.recorded_at))
}

/// Stores a revision and gives its id. Supersede the one it replaces before.
///
/// # Errors
/// [`Error::Conflict`] when the key has a current revision already.
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Marks current revisions as replaced at `at`, in µs since the epoch. The ids must be distinct.
///
/// # Errors
/// [`Error::NotFound`] when one of them is not current any more.
pub async fn supersede(tx: &Tx, ids: &[i64], at: i64) -> Result<(), Error> {
    REVISION.supersede::<Entity>(tx, ids, at).await
}
