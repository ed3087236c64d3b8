//! The nodes of frameworks, for those who read the database by SQL.

use sea_orm::QueryFilter;
use sea_orm::entity::prelude::*;

use crate::db::Tx;
use crate::db::sealed::Connection;
use crate::error::Error;
use crate::row;

/// A dimension, a criterion or an adjustment.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "framework_node")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The version of the framework.
    pub framework_id: i64,
    /// The place in the framework, from 0.
    pub position: i32,
    /// The code.
    pub code: String,
    /// The code of its parent.
    pub parent: Option<String>,
    /// The name, Chinese.
    pub name_zh: String,
    /// The name, English.
    pub name_en: String,
    /// The rule; none for a dimension.
    pub rule: Option<String>,
    /// The code of the indicator.
    pub indicator: Option<String>,
    /// Full marks by track, as `track=10|other=5`.
    pub weights: String,
    /// The framework.
    #[sea_orm(belongs_to, from = "framework_id", to = "id")]
    pub framework: BelongsTo<super::framework::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    framework_id: i64,
    position: i32,
    code: String,
    parent: Option<String>,
    name_zh: String,
    name_en: String,
    rule: Option<String>,
    indicator: Option<String>,
    weights: String,
}

const ROWS_PER_STATEMENT: usize = 500;

/// Stores the nodes of a version.
///
/// # Errors
/// [`Error::Conflict`] when a code stands twice.
pub async fn insert_many(tx: &Tx, rows: &[New]) -> Result<(), Error> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        Entity::insert_many(chunk.iter().cloned().map(ActiveModel::from))
            .exec_without_returning(&tx.connection())
            .await?;
    }
    Ok(())
}

/// Removes the nodes of a draft.
///
/// # Errors
/// As every query.
pub async fn delete_of(tx: &Tx, framework: i64) -> Result<(), Error> {
    Entity::delete_many()
        .filter(COLUMN.framework_id.eq(framework))
        .exec(&tx.connection())
        .await?;
    Ok(())
}
