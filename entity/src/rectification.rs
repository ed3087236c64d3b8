//! Problems that are to be rectified and tasks of the next year, as append-only revisions under a number.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, QuerySelect};

use crate::choice::{RectificationKind, RectificationStatus};
use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::list::among;
use crate::revision::Columns;
use crate::row;

/// A revision of an item.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rectification")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The number that all its revisions share.
    pub number: i64,
    /// 1 for the first revision.
    pub revision: i32,
    /// What kind of item.
    pub kind: RectificationKind,
    /// The organisation.
    pub org_id: i64,
    /// The year it was found or planned in.
    pub year: i32,
    /// The theme.
    pub theme_id: Option<i64>,
    /// What it is.
    pub title: String,
    /// What is done about it.
    pub measure: Option<String>,
    /// The office that is responsible.
    pub owner: String,
    /// How far it is.
    pub status: RectificationStatus,
    /// The month it is due.
    pub due_month: Option<i32>,
    /// The year it carries over to.
    pub carried_to: Option<i32>,
    /// Who recorded it.
    pub author: String,
    /// Recorded at, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// Replaced at; none: current.
    pub superseded_at: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    number: i64,
    revision: i32,
    kind: RectificationKind,
    org_id: i64,
    year: i32,
    theme_id: Option<i64>,
    title: String,
    measure: Option<String>,
    owner: String,
    status: RectificationStatus,
    due_month: Option<i32>,
    carried_to: Option<i32>,
    author: String,
    recorded_at: i64,
    superseded_at: Option<i64>,
}

const REVISION: Columns<Column> = Columns {
    id: Column::Id,
    recorded_at: Column::RecordedAt,
    superseded_at: Column::SupersededAt,
};

/// The items of these organisations (of all when none are given) known at `as_of` (now when none), ordered by id.
///
/// # Errors
/// As every query.
pub async fn known(handle: &impl Handle, orgs: Option<&[i64]>, as_of: Option<i64>) -> Result<Vec<Model>, Error> {
    let mut here = REVISION.known_at(as_of);
    if let Some(orgs) = orgs {
        here = here.add(among(Column::OrgId, orgs, handle.backend()));
    }
    row::matching::<Entity>(handle, Column::Id, here).await
}

/// The current revision of an item.
///
/// # Errors
/// As every query.
pub async fn current(handle: &impl Handle, number: i64) -> Result<Option<Model>, Error> {
    let here = REVISION.known_at(None).add(COLUMN.number.eq(number));
    Ok(row::matching::<Entity>(handle, Column::Id, here).await?.pop())
}

/// The greatest number in use; 0 when there is none.
///
/// # Errors
/// As every query.
pub async fn last_number(tx: &Tx) -> Result<i64, Error> {
    let last = Entity::find()
        .order_by_desc(COLUMN.number)
        .limit(1)
        .one(&tx.connection())
        .await?;
    Ok(last.map_or(0, |item| item.number))
}

/// Stores a revision and gives its id. Supersede the one it replaces before.
///
/// # Errors
/// [`Error::Conflict`] when the number has a current revision already.
pub async fn insert(tx: &Tx, new: New) -> Result<i64, Error> {
    row::insert(tx, ActiveModel::from(new)).await
}

/// Marks current revisions as replaced at `at`, in µs since the epoch. The ids must be distinct.
///
/// # Errors
/// [`Error::NotFound`] when one of them is not current any more.
pub async fn supersede(tx: &Tx, ids: &[i64], at: i64) -> Result<(), Error> {
    REVISION.supersede::<Entity>(tx, ids, at).await
}
