//! Which organisation followed which: one row a predecessor and successor.

use sea_orm::entity::prelude::*;

use crate::choice::SuccessionKind;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// One organisation after another.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org_succession")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The organisation that ended.
    pub predecessor_id: i64,
    /// The organisation that began.
    pub successor_id: i64,
    /// How.
    pub kind: SuccessionKind,
    /// The first month of the successor.
    pub month: i32,
    /// The organisation that ended.
    #[sea_orm(belongs_to, relation_enum = "Predecessor", from = "predecessor_id", to = "id")]
    pub predecessor: BelongsTo<super::org_unit::Entity>,
    /// The organisation that began.
    #[sea_orm(belongs_to, relation_enum = "Successor", from = "successor_id", to = "id")]
    pub successor: BelongsTo<super::org_unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    predecessor_id: i64,
    successor_id: i64,
    kind: SuccessionKind,
    month: i32,
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
