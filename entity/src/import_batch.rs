//! Import batches: who brought which file, when and why.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryFilter, QueryOrder, QuerySelect};

use crate::choice::RevisionReason;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// An import batch.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_batch")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The hash of the file's bytes.
    pub content_hash: String,
    /// The file's name.
    pub file_name: String,
    /// Who imported it.
    pub author: String,
    /// Why it revised stored figures; none when it did not.
    pub reason: Option<RevisionReason>,
    /// The caller's key, so that a repeated request is recognised.
    #[sea_orm(unique)]
    pub idempotency_key: Option<String>,
    /// When, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// Observations that were new.
    pub created_count: i64,
    /// Observations that were revised.
    pub revised_count: i64,
    /// Observations that were the same already.
    pub unchanged_count: i64,
    /// How the file was read, as a mapping file.
    pub mapping: Option<String>,
    /// The batch whose changes this one takes back.
    pub undoes: Option<i64>,
    /// The submission that it published; none for figures that were imported as they are.
    pub submission_id: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    content_hash: String,
    file_name: String,
    author: String,
    reason: Option<RevisionReason>,
    idempotency_key: Option<String>,
    recorded_at: i64,
    created_count: i64,
    revised_count: i64,
    unchanged_count: i64,
    mapping: Option<String>,
    undoes: Option<i64>,
    submission_id: Option<i64>,
}

/// The batches with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// Stores a batch and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when a key stands already or a row it points to does not exist, [`Error::Check`].
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// The last batch with this content, if there is one and it was not undone.
///
/// # Errors
/// As every query.
pub async fn latest_by_hash(handle: &impl Handle, content_hash: &str) -> Result<Option<Model>, Error> {
    let batch = Entity::find()
        .filter(COLUMN.content_hash.eq(content_hash))
        .order_by_desc(COLUMN.id)
        .one(&handle.connection())
        .await?;
    match batch {
        Some(batch) if undo_of(handle, batch.id).await?.is_none() => Ok(Some(batch)),
        _ => Ok(None),
    }
}

/// The batch that undid this one, if there is one.
///
/// # Errors
/// As every query.
pub async fn undo_of(handle: &impl Handle, batch: i64) -> Result<Option<Model>, Error> {
    let undo = Entity::find()
        .filter(COLUMN.undoes.eq(batch))
        .one(&handle.connection())
        .await?;
    Ok(undo)
}

/// The batch that was imported under this key, if there is one.
///
/// # Errors
/// As every query.
pub async fn by_idempotency_key(handle: &impl Handle, key: &str) -> Result<Option<Model>, Error> {
    let batch = Entity::find()
        .filter(COLUMN.idempotency_key.eq(key))
        .one(&handle.connection())
        .await?;
    Ok(batch)
}

/// The newest batches, newest first: those before `before`, if it is given.
///
/// # Errors
/// As every query.
pub async fn newest(handle: &impl Handle, before: Option<i64>, limit: u64) -> Result<Vec<Model>, Error> {
    let batches = Entity::find()
        .filter(sea_orm::Condition::all().add_option(before.map(|before| COLUMN.id.lt(before))))
        .order_by_desc(COLUMN.id)
        .limit(limit)
        .all(&handle.connection())
        .await?;
    Ok(batches)
}
