//! Sealed runs of evaluations: what was published, byte by byte.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryFilter, QueryOrder, QuerySelect};

use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::list::among;
use crate::row;

/// A sealed run.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluation_run")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The version of the framework.
    pub framework_id: i64,
    /// The first month of the period.
    pub start_month: i32,
    /// The last month of the period.
    pub end_month: i32,
    /// Recording time up to which everything was taken in, in µs since the epoch.
    pub as_of: i64,
    /// The version of the scoring rules.
    pub engine: i32,
    /// Which organisations, as JSON.
    pub selection: String,
    /// The result, as JSON.
    pub result: String,
    /// SHA-256 of `result`, in hexadecimal.
    pub hash: String,
    /// Who published it.
    pub author: String,
    /// A note.
    pub note: Option<String>,
    /// Published at, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// The framework.
    #[sea_orm(belongs_to, from = "framework_id", to = "id")]
    pub framework: BelongsTo<super::framework::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    framework_id: i64,
    start_month: i32,
    end_month: i32,
    as_of: i64,
    engine: i32,
    selection: String,
    result: String,
    hash: String,
    author: String,
    note: Option<String>,
    recorded_at: i64,
}

/// The runs with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// The newest runs of these versions of frameworks (of all when none are given), newest first.
///
/// # Errors
/// As every query.
pub async fn newest(handle: &impl Handle, frameworks: Option<&[i64]>, most: u64) -> Result<Vec<Model>, Error> {
    let mut runs = Entity::find();
    if let Some(frameworks) = frameworks {
        runs = runs.filter(among(Column::FrameworkId, frameworks, handle.backend()));
    }
    let runs = runs.order_by_desc(COLUMN.id).limit(most);
    Ok(runs.all(&handle.connection()).await?)
}

/// Stores a run and gives its id.
///
/// # Errors
/// [`Error::Check`].
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}
