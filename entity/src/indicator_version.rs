//! The versions of an indicator's definition.

use sea_orm::entity::prelude::*;

use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// A version of an indicator's definition.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator_version")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The indicator.
    pub indicator_id: i64,
    /// 1 for the first version.
    pub number: i32,
    /// The first month it holds; none: since ever.
    pub valid_from: Option<i32>,
    /// Whether values before and after cannot be compared.
    pub breaks_series: bool,
    /// The definition, Chinese.
    pub definition_zh: String,
    /// The definition, English.
    pub definition_en: String,
    /// The indicator.
    #[sea_orm(belongs_to, from = "indicator_id", to = "id")]
    pub indicator: BelongsTo<super::indicator::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    indicator_id: i64,
    number: i32,
    valid_from: Option<i32>,
    breaks_series: bool,
    definition_zh: String,
    definition_en: String,
}

/// Every version, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// Stores a version and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when a key stands already or a row it points to does not exist, [`Error::Check`].
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Replaces all columns of a version.
///
/// # Errors
/// [`Error::NotFound`], else as [`insert`].
pub async fn update(tx: &Tx, id: i64, new: New) -> Result<(), Error> {
    let mut changed = ActiveModel::from(new);
    changed.id = sea_orm::Set(id);
    row::update(tx, changed).await
}

/// Removes a version.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(tx: &Tx, id: i64) -> Result<(), Error> {
    row::delete::<Entity>(tx, id).await
}
