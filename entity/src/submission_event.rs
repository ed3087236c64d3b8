//! What was done to submissions and said about them: a thread that only grows.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, QueryOrder, QuerySelect};

use crate::choice::{RevisionReason, SubmissionAct, SubmissionState};
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::list::among;
use crate::row;

/// One entry of a thread.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "submission_event")]
pub struct Model {
    /// The key; never reused, and in the order of the commits.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Of which submission.
    pub submission_id: i64,
    /// In which round.
    pub round: i32,
    /// What was done.
    pub act: SubmissionAct,
    /// The state after it.
    pub state: SubmissionState,
    /// Who did it; empty for what happens by itself.
    pub actor: String,
    /// What was said with it.
    pub message: Option<String>,
    /// Why what was published is corrected.
    pub reason: Option<RevisionReason>,
    /// Until when a correction may last, in µs since the epoch, UTC.
    pub until: Option<i64>,
    /// Figures that were entered, taken out or published.
    pub figures: Option<i32>,
    /// The batch that published it.
    pub batch_id: Option<i64>,
    /// When, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// Of which submission.
    #[sea_orm(belongs_to, from = "submission_id", to = "id")]
    pub submission: BelongsTo<super::submission::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    submission_id: i64,
    round: i32,
    act: SubmissionAct,
    state: SubmissionState,
    actor: String,
    message: Option<String>,
    reason: Option<RevisionReason>,
    until: Option<i64>,
    figures: Option<i32>,
    batch_id: Option<i64>,
    recorded_at: i64,
}

/// The threads of these submissions, oldest entries first.
///
/// # Errors
/// As every query.
pub async fn of(handle: &impl Handle, submissions: &[i64]) -> Result<Vec<Model>, Error> {
    let condition = Condition::all().add(among(Column::SubmissionId, submissions, handle.backend()));
    row::matching::<Entity>(handle, Column::Id, condition).await
}

/// The key of the newest entry of all threads; 0 when there is none. It grows with everything that moves unpublished figures.
///
/// # Errors
/// As every query.
pub async fn latest(handle: &impl Handle) -> Result<i64, Error> {
    let newest = Entity::find()
        .order_by_desc(COLUMN.id)
        .limit(1)
        .one(&handle.connection())
        .await?;
    Ok(newest.map_or(0, |event| event.id))
}

/// Adds an entry and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when there is no such submission.
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}
