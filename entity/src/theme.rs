//! Themes: the chapters of the catalogue.

use sea_orm::entity::prelude::*;

use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// A theme.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "theme")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The stable code.
    #[sea_orm(unique)]
    pub code: String,
    /// Its place among the themes.
    pub sort_order: i32,
    /// The name, Chinese.
    pub name_zh: String,
    /// The name, English.
    pub name_en: String,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    code: String,
    sort_order: i32,
    name_zh: String,
    name_en: String,
}

/// Every theme, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// Stores a theme and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when a key stands already or a row it points to does not exist, [`Error::Check`].
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Replaces all columns of a theme.
///
/// # Errors
/// [`Error::NotFound`], else as [`insert`].
pub async fn update(tx: &Tx, id: i64, new: New) -> Result<(), Error> {
    let mut changed = ActiveModel::from(new);
    changed.id = sea_orm::Set(id);
    row::update(tx, changed).await
}
