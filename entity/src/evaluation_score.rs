//! The scores of sealed runs, for those who read the database by SQL.

use sea_orm::entity::prelude::*;

use crate::db::Tx;
use crate::db::sealed::Connection;
use crate::error::Error;
use crate::row;

/// The points of an organisation in one node, or in all.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluation_score")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The run.
    pub run_id: i64,
    /// The organisation.
    pub org_id: i64,
    /// The code of the node; empty for the total.
    pub node: String,
    /// The code of the track.
    pub track: String,
    /// How the points came to be; none for a dimension or a total.
    pub outcome: Option<String>,
    /// Full marks after spreading.
    pub full: Option<f64>,
    /// Points; of the total as published.
    pub points: Option<f64>,
    /// The place by the total.
    pub rank: Option<i32>,
    /// The code of the grade, of a total.
    pub grade: Option<String>,
    /// The run.
    #[sea_orm(belongs_to, from = "run_id", to = "id")]
    pub run: BelongsTo<super::evaluation_run::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    run_id: i64,
    org_id: i64,
    node: String,
    track: String,
    outcome: Option<String>,
    full: Option<f64>,
    points: Option<f64>,
    rank: Option<i32>,
    grade: Option<String>,
}

const ROWS_PER_STATEMENT: usize = 1000;

/// Stores the scores of a run.
///
/// # Errors
/// [`Error::Conflict`] when a score stands twice.
pub async fn insert_many(tx: &Tx, rows: &[New]) -> Result<(), Error> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        Entity::insert_many(chunk.iter().cloned().map(ActiveModel::from))
            .exec_without_returning(&tx.connection())
            .await?;
    }
    Ok(())
}
