//! Units of measure: 宗 件 人 人次 万元 元 % …

use sea_orm::entity::prelude::*;

use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// A unit of measure.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The stable code.
    #[sea_orm(unique)]
    pub code: String,
    /// What is measured; units of one quantity can be converted.
    pub quantity: String,
    /// How many base units of the quantity one of these is, as a decimal.
    pub scale: String,
    /// The words that mean this unit in reports, joined by `|`.
    pub words: String,
    /// The label, Chinese.
    pub label_zh: String,
    /// The label, English.
    pub label_en: String,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    code: String,
    quantity: String,
    scale: String,
    words: String,
    label_zh: String,
    label_en: String,
}

/// Every unit, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// Stores a unit and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when a key stands already or a row it points to does not exist, [`Error::Check`].
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Replaces all columns of a unit.
///
/// # Errors
/// [`Error::NotFound`], else as [`insert`].
pub async fn update(tx: &Tx, id: i64, new: New) -> Result<(), Error> {
    let mut changed = ActiveModel::from(new);
    changed.id = sea_orm::Set(id);
    row::update(tx, changed).await
}
