//! Personal tokens: a public id, and the hash of a secret that nobody can read again.

use sea_orm::QueryFilter;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// A token.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Whose it is.
    pub principal_id: i64,
    /// The part by which it is found.
    #[sea_orm(unique)]
    pub public_id: String,
    /// SHA-256 of the secret part, in hexadecimal.
    pub secret_hash: String,
    /// What it is for.
    pub label: Option<String>,
    /// What it may be used for, with commas.
    pub scopes: String,
    /// When it was made, in µs since the epoch, UTC.
    pub created_at: i64,
    /// Who made it.
    pub created_by: String,
    /// From when on it is refused.
    pub expires_at: Option<i64>,
    /// When it was last used, within a minute or so.
    pub last_used_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// Whose it is.
    #[sea_orm(belongs_to, from = "principal_id", to = "id")]
    pub principal: BelongsTo<super::principal::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    principal_id: i64,
    public_id: String,
    secret_hash: String,
    label: Option<String>,
    scopes: String,
    created_at: i64,
    created_by: String,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

/// Every token, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// The tokens with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// The tokens of a principal, ordered by id.
///
/// # Errors
/// As every query.
pub async fn of_principal(handle: &impl Handle, principal: i64) -> Result<Vec<Model>, Error> {
    row::matching::<Entity>(handle, Column::Id, COLUMN.principal_id.eq(principal).into()).await
}

/// The token of a public id.
///
/// # Errors
/// As every query.
pub async fn by_public_id(handle: &impl Handle, public_id: &str) -> Result<Option<Model>, Error> {
    let found = Entity::find().filter(COLUMN.public_id.eq(public_id));
    Ok(found.one(&handle.connection()).await?)
}

/// Stores a token and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when the public id is taken or the principal does not exist.
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Says when a token was revoked.
///
/// # Errors
/// As every query.
pub async fn revoke(tx: &Tx, id: i64, at: i64) -> Result<(), Error> {
    set(tx, id, Column::RevokedAt, at).await
}

/// Says when a token was last used.
///
/// # Errors
/// As every query.
pub async fn touch(tx: &Tx, id: i64, at: i64) -> Result<(), Error> {
    set(tx, id, Column::LastUsedAt, at).await
}

async fn set(tx: &Tx, id: i64, column: Column, at: i64) -> Result<(), Error> {
    let change = Entity::update_many()
        .col_expr(column, Expr::value(at))
        .filter(COLUMN.id.eq(id));
    change.exec(&tx.connection()).await?;
    Ok(())
}
