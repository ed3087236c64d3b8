//! Evaluation frameworks: versions that are never changed once they are published.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryFilter};

use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// A version of a framework.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "framework")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The code.
    pub code: String,
    /// The version.
    pub version: String,
    /// The name, Chinese.
    pub name_zh: String,
    /// The name, English.
    pub name_en: String,
    /// The framework as a file of the catalogue.
    pub document: String,
    /// SHA-256 of `document`, in hexadecimal.
    pub content_hash: String,
    /// Who defined it.
    pub author: String,
    /// Defined at, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// Published at; none: a draft.
    pub published_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    code: String,
    version: String,
    name_zh: String,
    name_en: String,
    document: String,
    content_hash: String,
    author: String,
    recorded_at: i64,
    published_at: Option<i64>,
}

/// Every version, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// The versions with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// All versions of a framework, ordered by id.
///
/// # Errors
/// As every query.
pub async fn versions(handle: &impl Handle, code: &str) -> Result<Vec<Model>, Error> {
    row::matching::<Entity>(handle, Column::Id, Condition::all().add(COLUMN.code.eq(code))).await
}

/// Stores a version and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when the version stands already.
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Replaces all columns of a draft.
///
/// # Errors
/// [`Error::NotFound`] when it is published or unknown.
pub async fn update_draft(tx: &Tx, id: i64, new: New) -> Result<(), Error> {
    let mut changed = ActiveModel::from(new);
    changed.id = sea_orm::NotSet;
    let done = Entity::update_many()
        .set(changed)
        .filter(COLUMN.id.eq(id))
        .filter(COLUMN.published_at.is_null())
        .exec(&tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}
