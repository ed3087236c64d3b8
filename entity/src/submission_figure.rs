//! The figures of submissions as they were entered: revisions of which the last one counts, nothing is overwritten.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryFilter, QuerySelect};

use crate::choice::ObservationStatus;
use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::list::among;
use crate::revision::Columns;
use crate::row;

/// A revision of a figure of a submission. Its organisation and period are those of the submission, written out for the joins with observations.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "submission_figure")]
pub struct Model {
    /// The key of the revision; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The submission.
    pub submission_id: i64,
    /// Its round.
    pub round: i32,
    /// The indicator.
    pub indicator_id: i64,
    /// The organisation.
    pub org_id: i64,
    /// The first month of the period.
    pub start_month: i32,
    /// The last month of the period.
    pub end_month: i32,
    /// The item of a breakdown; 0 is the total.
    pub breakdown_item_id: i64,
    /// 1 for the first revision of this figure in this round.
    pub revision: i32,
    /// The value in the base unit of the indicator's quantity; none exactly when the status says so.
    pub value: Option<f64>,
    /// What the value, or its absence, means.
    pub status: ObservationStatus,
    /// Digits printed after the point.
    pub decimals: i32,
    /// The value as printed.
    pub printed: Option<String>,
    /// The unit as printed.
    pub unit_id: Option<i64>,
    /// Flags: sorted names joined by `|`.
    pub flags: String,
    /// A note.
    pub note: Option<String>,
    /// The source document.
    pub source_id: Option<i64>,
    /// The place in the source.
    pub locator: Option<String>,
    /// Whether the figure was taken out of the submission again.
    pub withdrawn: bool,
    /// Who entered it.
    pub author: String,
    /// When, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// Replaced at; none: the one that counts.
    pub superseded_at: Option<i64>,
    /// The submission.
    #[sea_orm(belongs_to, from = "submission_id", to = "id")]
    pub submission: BelongsTo<super::submission::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    submission_id: i64,
    round: i32,
    indicator_id: i64,
    org_id: i64,
    start_month: i32,
    end_month: i32,
    breakdown_item_id: i64,
    revision: i32,
    value: Option<f64>,
    status: ObservationStatus,
    decimals: i32,
    printed: Option<String>,
    unit_id: Option<i64>,
    flags: String,
    note: Option<String>,
    source_id: Option<i64>,
    locator: Option<String>,
    withdrawn: bool,
    author: String,
    recorded_at: i64,
    superseded_at: Option<i64>,
}

const REVISION: Columns<Column> = Columns {
    id: Column::Id,
    recorded_at: Column::RecordedAt,
    superseded_at: Column::SupersededAt,
};
const ROWS_PER_STATEMENT: usize = 1000;

/// The revisions with these ids, ordered by id; unknown ids are left out.
///
/// # Errors
/// As every query.
pub async fn by_ids(handle: &impl Handle, ids: &[i64]) -> Result<Vec<Model>, Error> {
    row::by_ids::<Entity>(handle, Column::Id, ids).await
}

/// The current revisions of these submissions in all of their rounds, those that took a figure out too, ordered by id.
///
/// # Errors
/// As every query.
pub async fn current(handle: &impl Handle, submissions: &[i64]) -> Result<Vec<Model>, Error> {
    let among = among(Column::SubmissionId, submissions, handle.backend());
    let condition = REVISION.known_at(None).add(among);
    row::matching::<Entity>(handle, Column::Id, condition).await
}

/// Everybody who entered or took out a figure in a round, whether or not it still counts.
///
/// # Errors
/// As every query.
pub async fn authors(handle: &impl Handle, submission: i64, round: i32) -> Result<Vec<String>, Error> {
    let names = Entity::find()
        .select_only()
        .column(Column::Author)
        .distinct()
        .filter(COLUMN.submission_id.eq(submission))
        .filter(COLUMN.round.eq(round));
    Ok(names.into_tuple().all(&handle.connection()).await?)
}

/// Stores revisions, in this order. Supersede the ones they replace before.
///
/// # Errors
/// [`Error::Conflict`] when a figure has a current revision already, [`Error::Check`] when value and status disagree.
pub async fn insert_many(tx: &Tx, rows: &[New]) -> Result<(), Error> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        Entity::insert_many(chunk.iter().cloned().map(ActiveModel::from))
            .exec_without_returning(&tx.connection())
            .await?;
    }
    Ok(())
}

/// Marks revisions as replaced at `at`, in µs since the epoch.
///
/// # Errors
/// [`Error::NotFound`] when one is not current.
pub async fn supersede(tx: &Tx, ids: &[i64], at: i64) -> Result<(), Error> {
    REVISION.supersede::<Entity>(tx, ids, at).await
}
