//! Roles that were granted: to whom, over which organisations and theme, from when to when.

use sea_orm::QueryFilter;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use crate::choice::Role;
use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::list::among;
use crate::row;

/// A grant.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// To whom.
    pub principal_id: i64,
    /// Which role.
    pub role: Role,
    /// Over this organisation and all below it; over all when none.
    pub org_id: Option<i64>,
    /// Over indicators of this theme; over all when none.
    pub theme_id: Option<i64>,
    /// From when on, in µs since the epoch, UTC.
    pub valid_from: Option<i64>,
    /// Until when, not included.
    pub valid_to: Option<i64>,
    /// When it was granted.
    pub created_at: i64,
    /// Who granted it.
    pub created_by: String,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// To whom.
    #[sea_orm(belongs_to, from = "principal_id", to = "id")]
    pub principal: BelongsTo<super::principal::Entity>,
    /// Over which organisations.
    #[sea_orm(belongs_to, from = "org_id", to = "id")]
    pub org: BelongsTo<Option<super::org_unit::Entity>>,
    /// Over which theme.
    #[sea_orm(belongs_to, from = "theme_id", to = "id")]
    pub theme: BelongsTo<Option<super::theme::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    principal_id: i64,
    role: Role,
    org_id: Option<i64>,
    theme_id: Option<i64>,
    valid_from: Option<i64>,
    valid_to: Option<i64>,
    created_at: i64,
    created_by: String,
    revoked_at: Option<i64>,
}

/// Every grant, ordered by id.
///
/// # Errors
/// As every query.
pub async fn all(handle: &impl Handle) -> Result<Vec<Model>, Error> {
    row::all::<Entity>(handle, Column::Id).await
}

/// The grants of some principals that were not revoked, ordered by id.
///
/// # Errors
/// As every query.
pub async fn of_principals(handle: &impl Handle, principals: &[i64]) -> Result<Vec<Model>, Error> {
    let condition = sea_orm::Condition::all()
        .add(among(Column::PrincipalId, principals, handle.backend()))
        .add(COLUMN.revoked_at.is_null());
    row::matching::<Entity>(handle, Column::Id, condition).await
}

/// The grants with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// Stores a grant and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when a row it points to does not exist, [`Error::Check`].
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Says when a grant was revoked.
///
/// # Errors
/// As every query.
pub async fn revoke(tx: &Tx, id: i64, at: i64) -> Result<(), Error> {
    let change = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(at))
        .filter(COLUMN.id.eq(id));
    change.exec(&tx.connection()).await?;
    Ok(())
}
