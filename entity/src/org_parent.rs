//! Who stands under whom, valid in time.

use sea_orm::entity::prelude::*;

use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// One organisation under another.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org_parent")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The organisation below.
    pub org_id: i64,
    /// The organisation above.
    pub parent_id: i64,
    /// The first month it holds; none: since ever.
    pub valid_from: Option<i32>,
    /// The last month it holds; none: until further notice.
    pub valid_to: Option<i32>,
    /// The organisation below.
    #[sea_orm(belongs_to, relation_enum = "Org", from = "org_id", to = "id")]
    pub org: BelongsTo<super::org_unit::Entity>,
    /// The organisation above.
    #[sea_orm(belongs_to, relation_enum = "Parent", from = "parent_id", to = "id")]
    pub parent: BelongsTo<super::org_unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    org_id: i64,
    parent_id: i64,
    valid_from: Option<i32>,
    valid_to: Option<i32>,
}

/// Every link, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// Stores a link and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when a key stands already or a row it points to does not exist, [`Error::Check`].
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Replaces all columns of a link.
///
/// # Errors
/// [`Error::NotFound`], else as [`insert`].
pub async fn update(tx: &Tx, id: i64, new: New) -> Result<(), Error> {
    let mut changed = ActiveModel::from(new);
    changed.id = sea_orm::Set(id);
    row::update(tx, changed).await
}

/// Removes a link.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(tx: &Tx, id: i64) -> Result<(), Error> {
    row::delete::<Entity>(tx, id).await
}
