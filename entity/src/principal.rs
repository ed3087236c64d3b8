//! Principals: who may ask, people and programs alike.

use sea_orm::QueryFilter;
use sea_orm::entity::prelude::*;

use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// A principal.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "principal")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The name by which it is known and written down as author; never changes.
    #[sea_orm(unique)]
    pub name: String,
    /// A name for people.
    pub label: Option<String>,
    /// Who it is at the issuer of sign-ins.
    #[sea_orm(unique)]
    pub subject: Option<String>,
    /// When it was made, in µs since the epoch, UTC.
    pub created_at: i64,
    /// Who made it.
    pub created_by: String,
    /// Since when it may do nothing any more.
    pub disabled_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    name: String,
    label: Option<String>,
    subject: Option<String>,
    created_at: i64,
    created_by: String,
    disabled_at: Option<i64>,
}

/// Every principal, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// The principals with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// The principal of a name.
///
/// # Errors
/// As every query.
pub async fn by_name(handle: &impl Handle, name: &str) -> Result<Option<Model>, Error> {
    let found = Entity::find().filter(COLUMN.name.eq(name));
    Ok(found.one(&handle.connection()).await?)
}

/// The principals of an issuer's subjects, ordered by id; unknown subjects are left out.
///
/// # Errors
/// As every query.
pub async fn by_subjects(handle: &impl Handle, subjects: &[String]) -> Result<Vec<Model>, Error> {
    let condition = sea_orm::Condition::all().add(COLUMN.subject.is_in(subjects.iter().cloned()));
    row::matching::<Entity>(handle, Column::Id, condition).await
}

/// Stores a principal and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when the name or the subject is taken.
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Replaces all columns of a principal.
///
/// # Errors
/// [`Error::NotFound`], else as [`insert`].
pub async fn update(tx: &Tx, id: i64, new: New) -> Result<(), Error> {
    let mut changed = ActiveModel::from(new);
    changed.id = sea_orm::Set(id);
    row::update(tx, changed).await
}
