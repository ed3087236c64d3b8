//! Objections to a score, and how they were decided.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryFilter};

use crate::choice::ObjectionState;
use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::row;

/// An objection.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "objection")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The version of the framework.
    pub framework_id: i64,
    /// The organisation.
    pub org_id: i64,
    /// The first month of the period.
    pub start_month: i32,
    /// The last month of the period.
    pub end_month: i32,
    /// The code of the criterion.
    pub node: String,
    /// What is objected.
    pub statement: String,
    /// Who objects.
    pub author: String,
    /// Recorded at, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// How far it is.
    pub state: ObjectionState,
    /// The decision and its reason.
    pub decision: Option<String>,
    /// Who decided.
    pub decided_by: Option<String>,
    /// Decided at, in µs since the epoch, UTC.
    pub decided_at: Option<i64>,
    /// The batch that revised the figure.
    pub batch_id: Option<i64>,
    /// The framework.
    #[sea_orm(belongs_to, from = "framework_id", to = "id")]
    pub framework: BelongsTo<super::framework::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    framework_id: i64,
    org_id: i64,
    start_month: i32,
    end_month: i32,
    node: String,
    statement: String,
    author: String,
    recorded_at: i64,
    state: ObjectionState,
    decision: Option<String>,
    decided_by: Option<String>,
    decided_at: Option<i64>,
    batch_id: Option<i64>,
}

/// The objections with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// The objections of a framework, in a period where one is given, ordered by id.
///
/// # Errors
/// As every query.
pub async fn of(handle: &impl Handle, framework: i64, period: Option<(i32, i32)>) -> Result<Vec<Model>, Error> {
    let mut here = Condition::all().add(COLUMN.framework_id.eq(framework));
    if let Some((start_month, end_month)) = period {
        here = here
            .add(COLUMN.start_month.eq(start_month))
            .add(COLUMN.end_month.eq(end_month));
    }
    row::matching::<Entity>(handle, Column::Id, here).await
}

/// Stores an objection and gives its id.
///
/// # Errors
/// [`Error::Check`].
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// How an open objection is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The state after.
    pub state: ObjectionState,
    /// The decision and its reason.
    pub text: String,
    /// Who decides.
    pub author: String,
    /// When, in µs since the epoch, UTC.
    pub at: i64,
    /// The batch that revised the figure.
    pub batch_id: Option<i64>,
}

/// Decides an open objection.
///
/// # Errors
/// [`Error::NotFound`] when it is not open any more.
pub async fn decide(tx: &Tx, id: i64, decision: Decision) -> Result<(), Error> {
    let done = Entity::update_many()
        .set(ActiveModel {
            state: sea_orm::Set(decision.state),
            decision: sea_orm::Set(Some(decision.text)),
            decided_by: sea_orm::Set(Some(decision.author)),
            decided_at: sea_orm::Set(Some(decision.at)),
            batch_id: sea_orm::Set(decision.batch_id),
            ..Default::default()
        })
        .filter(COLUMN.id.eq(id))
        .filter(COLUMN.state.eq(ObjectionState::Open))
        .exec(&tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}
