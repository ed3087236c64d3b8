//! The head of the audit chain: the number and the hash of the last event, in one row.

use sea_orm::QueryFilter;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;

/// The key of the only row.
const ONLY: i64 = 1;

/// The head.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The number of the last event; 0 before the first.
    pub number: i64,
    /// Its hash; empty before the first.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// The head; none where somebody removed it.
///
/// # Errors
/// As every query.
pub async fn read(handle: &impl Handle) -> Result<Option<Model>, Error> {
    Ok(Entity::find_by_id(ONLY).one(&handle.connection()).await?)
}

/// Moves the head on.
///
/// # Errors
/// As every query.
pub async fn set(tx: &Tx, number: i64, hash: &str) -> Result<(), Error> {
    let change = Entity::update_many()
        .col_expr(Column::Number, Expr::value(number))
        .col_expr(Column::Hash, Expr::value(hash))
        .filter(COLUMN.id.eq(ONLY));
    change.exec(&tx.connection()).await?;
    Ok(())
}
