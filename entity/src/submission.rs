//! Submissions: what one organisation hands in for one reporting period, and how far it is.

use sea_orm::entity::prelude::*;
use sea_orm::{Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::choice::{RevisionReason, SubmissionState};
use crate::db::sealed::Connection;
use crate::db::{Backend, Handle, Tx};
use crate::error::Error;
use crate::list::among;
use crate::row;

/// A submission.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "submission")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Who reports.
    pub org_id: i64,
    /// The first month of the reporting period.
    pub start_month: i32,
    /// The last month of the reporting period.
    pub end_month: i32,
    /// The theme that it is limited to; 0 is all of them.
    pub theme_id: i64,
    /// How far it is, as written. A correction whose time is over counts as locked.
    pub state: SubmissionState,
    /// 1 for the first one, one more for each correction.
    pub round: i32,
    /// Grows with every act but a comment, so that nobody acts on what he has not seen.
    pub revision: i32,
    /// Its own deadline, `YYYY-MM-DD`, in place of the calendar's.
    pub deadline: Option<String>,
    /// Why the current round corrects what was published; none in the first one.
    pub correction_reason: Option<RevisionReason>,
    /// When the correction locks itself unless it is handed in, in µs since the epoch, UTC; none where no correction is open.
    pub unlocked_until: Option<i64>,
    /// Up to which recording time the approval saw the observations.
    pub approved_as_of: Option<i64>,
    /// The recording time of its last publication.
    pub published_at: Option<i64>,
    /// When it was opened, in µs since the epoch, UTC.
    pub opened_at: i64,
    /// When it was handed in; none while it is with those who report.
    pub submitted_at: Option<i64>,
    /// When it was locked; none while it is not.
    pub closed_at: Option<i64>,
    /// Who reports.
    #[sea_orm(belongs_to, from = "org_id", to = "id")]
    pub org: BelongsTo<super::org_unit::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    org_id: i64,
    start_month: i32,
    end_month: i32,
    theme_id: i64,
    state: SubmissionState,
    round: i32,
    revision: i32,
    deadline: Option<String>,
    correction_reason: Option<RevisionReason>,
    unlocked_until: Option<i64>,
    approved_as_of: Option<i64>,
    published_at: Option<i64>,
    opened_at: i64,
    submitted_at: Option<i64>,
    closed_at: Option<i64>,
}

/// Which submissions; every field narrows, none does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these organisations.
    pub orgs: Option<Vec<i64>>,
    /// Of exactly this period: first and last month.
    pub period: Option<(i32, i32)>,
    /// In one of these states.
    pub states: Option<Vec<SubmissionState>>,
    /// The moment in which they are in these states, in µs since the epoch.
    pub now: i64,
}

impl Filter {
    fn condition(&self, backend: Backend) -> Condition {
        let expired = || {
            Condition::all()
                .add(COLUMN.unlocked_until.lte(self.now))
                .add(COLUMN.state.is_in([SubmissionState::Draft, SubmissionState::Returned]))
        };
        let states = self.states.as_ref().map(|states| {
            let written = Condition::all()
                .add(COLUMN.state.is_in(states.iter().copied()))
                // A NULL is no end.
                .add(
                    Condition::any()
                        .add(COLUMN.unlocked_until.is_null())
                        .add(expired().not()),
                );
            let any = Condition::any().add(written);
            if states.contains(&SubmissionState::Locked) {
                any.add(expired())
            } else {
                any
            }
        });
        Condition::all()
            .add_option(self.orgs.as_ref().map(|orgs| among(Column::OrgId, orgs, backend)))
            .add_option(self.period.map(|(start, _)| COLUMN.start_month.eq(start)))
            .add_option(self.period.map(|(_, end)| COLUMN.end_month.eq(end)))
            .add_option(states)
    }
}

/// The submissions with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// The first `limit` submissions of a filter after the one of this id, ordered by id.
///
/// # Errors
/// As every query.
pub async fn some(handle: &impl Handle, filter: &Filter, after: i64, limit: u64) -> Result<Vec<Model>, Error> {
    let rows = Entity::find()
        .filter(filter.condition(handle.backend()))
        .filter(COLUMN.id.gt(after))
        .order_by_asc(COLUMN.id)
        .limit(limit);
    Ok(rows.all(&handle.connection()).await?)
}

/// How many submissions pass the filter.
///
/// # Errors
/// As every query.
pub async fn count(handle: &impl Handle, filter: &Filter) -> Result<u64, Error> {
    let rows = Entity::find().filter(filter.condition(handle.backend()));
    Ok(rows.count(&handle.connection()).await?)
}

/// Stores a submission and gives its id.
///
/// # Errors
/// [`Error::Conflict`] when the organisation has one for this period and theme already.
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Replaces all columns of the submission `id` if its revision is still `seen`.
///
/// # Errors
/// [`Error::NotFound`] when somebody changed it since.
pub async fn change(tx: &Tx, id: i64, seen: i32, new: New) -> Result<(), Error> {
    let mut row = ActiveModel::from(new);
    row.id = Set(id);
    let done = Entity::update_many()
        .set(row)
        .filter(COLUMN.id.eq(id))
        .filter(COLUMN.revision.eq(seen))
        .exec(&tx.connection())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    Ok(())
}
