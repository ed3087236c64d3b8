//! Organisations, valid in time.

use sea_orm::entity::prelude::*;

use crate::choice::OrgLevel;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// An organisation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org_unit")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The stable code.
    #[sea_orm(unique)]
    pub code: String,
    /// How high it stands.
    pub level: OrgLevel,
    /// The name, Chinese.
    pub name_zh: String,
    /// The name, English.
    pub name_en: String,
    /// The first month it holds; none: since ever.
    pub valid_from: Option<i32>,
    /// The last month it holds; none: until further notice.
    pub valid_to: Option<i32>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    code: String,
    level: OrgLevel,
    name_zh: String,
    name_en: String,
    valid_from: Option<i32>,
    valid_to: Option<i32>,
}

/// Every organisation, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// Stores a organisation and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when a key stands already or a row it points to does not exist, [`Error::Check`].
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Replaces all columns of a organisation.
///
/// # Errors
/// [`Error::NotFound`], else as [`insert`].
pub async fn update(tx: &Tx, id: i64, new: New) -> Result<(), Error> {
    let mut changed = ActiveModel::from(new);
    changed.id = sea_orm::Set(id);
    row::update(tx, changed).await
}
