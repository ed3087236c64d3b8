//! Stored queries: GraphQL queries under a name, each with a permanent address.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryFilter};

use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// A stored query.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stored_query")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The name in its address.
    #[sea_orm(unique)]
    pub name: String,
    /// The text of the query.
    pub document: String,
    /// The way to the list that becomes the table, as keys with dots; none where there is only one list.
    pub path: Option<String>,
    /// What it is for.
    pub note: Option<String>,
    /// Who defined it last.
    pub author: String,
    /// When it was defined last, in µs since the epoch, UTC.
    pub updated_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    name: String,
    document: String,
    path: Option<String>,
    note: Option<String>,
    author: String,
    updated_at: i64,
}

/// Every stored query, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// The stored query of a name.
///
/// # Errors
/// As every query.
pub async fn by_name(handle: &impl Handle, name: &str) -> Result<Option<Model>, Error> {
    let named = Condition::all().add(COLUMN.name.eq(name));
    let found = Entity::find().filter(named).one(&handle.connection()).await?;
    Ok(found)
}

/// Stores a query and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when the name is taken.
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Replaces all columns of a stored query.
///
/// # Errors
/// [`Error::NotFound`], else as [`insert`].
pub async fn update(tx: &Tx, id: i64, new: New) -> Result<(), Error> {
    let mut changed = ActiveModel::from(new);
    changed.id = sea_orm::Set(id);
    row::update(tx, changed).await
}

/// Removes a stored query.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(tx: &Tx, id: i64) -> Result<(), Error> {
    row::delete::<Entity>(tx, id).await
}
