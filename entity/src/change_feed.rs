//! The change feed: what changed, in the order in which it was committed.

use sea_orm::entity::prelude::*;
use sea_orm::{QueryFilter, QueryOrder, QuerySelect};

use crate::choice::Topic;
use crate::db::sealed::Connection;
use crate::db::{Db, Handle, Tx};
use crate::error::Error;
use crate::row;

/// A change. Its id is the monotone sequence; gaps are allowed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_feed")]
pub struct Model {
    /// The key; never reused.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// What was touched.
    pub topic: Topic,
    /// The indicator whose observations changed.
    pub indicator_id: Option<i64>,
    /// The import batch that changed them.
    pub batch_id: Option<i64>,
    /// When, in µs since the epoch, UTC.
    pub recorded_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

row::new_row! {
    topic: Topic,
    indicator_id: Option<i64>,
    batch_id: Option<i64>,
    recorded_at: i64,
}

const ROWS_PER_STATEMENT: usize = 1000;

/// The sequence number of the last change; 0 when there is none.
///
/// # Errors
/// As every query.
pub async fn latest(handle: &impl Handle) -> Result<i64, Error> {
    Ok(last(handle).await?.map_or(0, |change| change.id))
}

/// The same of all that was committed before this call, where the database tells it at once, without a query: SQLite does, in a few microseconds.
#[must_use]
pub fn latest_at_once(db: &Db) -> Option<i64> {
    db.glance()
}

/// The sequence number of the last change of `topic`; 0 when there is none.
///
/// # Errors
/// As every query.
pub async fn latest_of(handle: &impl Handle, topic: Topic) -> Result<i64, Error> {
    Ok(last_of(handle, topic).await?.map_or(0, |change| change.id))
}

/// The recording time of the last change of `topic`.
///
/// # Errors
/// As every query.
pub async fn latest_time_of(handle: &impl Handle, topic: Topic) -> Result<Option<i64>, Error> {
    Ok(last_of(handle, topic).await?.map(|change| change.recorded_at))
}

async fn last_of(handle: &impl Handle, topic: Topic) -> Result<Option<Model>, Error> {
    let change = Entity::find()
        .filter(COLUMN.topic.eq(topic))
        .order_by_desc(COLUMN.id)
        .limit(1)
        .one(&handle.connection())
        .await?;
    Ok(change)
}

/// The recording time of the last change. Whoever answers "as of now" must answer as of this time: a writer that took its
/// time earlier than the clock now may still commit.
///
/// # Errors
/// As every query.
pub async fn latest_time(handle: &impl Handle) -> Result<Option<i64>, Error> {
    Ok(last(handle).await?.map(|change| change.recorded_at))
}

async fn last(handle: &impl Handle) -> Result<Option<Model>, Error> {
    let change = Entity::find()
        .order_by_desc(COLUMN.id)
        .limit(1)
        .one(&handle.connection())
        .await?;
    Ok(change)
}

/// The changes after `seq`, oldest first.
///
/// # Errors
/// As every query.
pub async fn since(handle: &impl Handle, seq: i64) -> Result<Vec<Model>, Error> {
    let changes = Entity::find()
        .filter(COLUMN.id.gt(seq))
        .order_by_asc(COLUMN.id)
        .all(&handle.connection())
        .await?;
    Ok(changes)
}

/// The first `most` changes after `seq`, oldest first.
///
/// # Errors
/// As every query.
pub async fn some_since(handle: &impl Handle, seq: i64, most: u64) -> Result<Vec<Model>, Error> {
    let changes = Entity::find()
        .filter(COLUMN.id.gt(seq))
        .order_by_asc(COLUMN.id)
        .limit(most)
        .all(&handle.connection())
        .await?;
    Ok(changes)
}

/// Appends changes, in this order.
///
/// # Errors
/// [`Error::Check`].
pub async fn append(tx: &Tx, changes: Vec<New>) -> Result<(), Error> {
    for chunk in changes.chunks(ROWS_PER_STATEMENT) {
        let rows = chunk.iter().cloned().map(ActiveModel::from);
        Entity::insert_many(rows)
            .exec_without_returning(&tx.connection())
            .await?;
    }
    Ok(())
}
