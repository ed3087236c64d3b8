//! Writing observations: compare with what is current, supersede, insert.

use futures_util::TryStreamExt;
use sea_orm::{Condition, ConnectionTrait, DatabaseExecutor, DbErr, EntityTrait, QueryFilter, Select, StreamTrait};

use super::bulk;
use super::model::{ActiveModel, COLUMN, Column, Entity, Model, New, REVISION};
use crate::db::sealed::Connection;
use crate::db::{Backend, Handle, Tx};
use crate::error::Error;
use crate::list::among;
use crate::row;

/// Bound values a statement may have: 32,766 on SQLite, 65,535 on PostgreSQL.
const BINDS: usize = 32_766;
/// Rows for which a statement of its own is not worth while.
const FEW: usize = 100;
const COLUMNS: usize = 20;
const ROWS_PER_STATEMENT: usize = BINDS / COLUMNS;

/// Where to look for current revisions.
#[derive(Clone, Copy, Debug)]
pub struct Within<'a> {
    /// Of these indicators.
    pub indicators: &'a [i64],
    /// Of these organisations.
    pub orgs: &'a [i64],
    /// Beginning in this month or later.
    pub start_from: i32,
    /// Ending in this month or earlier.
    pub end_to: i32,
}

/// Gives each current revision of these indicators and organisations that lies within the months, withdrawn ones too, in no order; one at a time, so that
/// a million of them need no memory.
///
/// # Errors
/// As every query.
pub async fn each_current(tx: &Tx, within: &Within<'_>, mut each: impl FnMut(Model)) -> Result<(), Error> {
    let rows = Entity::find()
        .filter(REVISION.known_at(None))
        .filter(among(Column::IndicatorId, within.indicators, tx.backend()))
        .filter(among(Column::OrgId, within.orgs, tx.backend()))
        .filter(COLUMN.start_month.gte(within.start_from))
        .filter(COLUMN.end_month.lte(within.end_to));
    match tx.connection() {
        DatabaseExecutor::Connection(pool) => stream(rows, pool, &mut each).await?,
        DatabaseExecutor::Transaction(tx) => stream(rows, tx, &mut each).await?,
        DatabaseExecutor::OwnedTransaction(tx) => stream(rows, &tx, &mut each).await?,
    }
    Ok(())
}

async fn stream<C>(rows: Select<Entity>, connection: &C, each: &mut impl FnMut(Model)) -> Result<(), DbErr>
where
    C: ConnectionTrait + StreamTrait,
{
    let mut rows = rows.stream(connection).await?;
    while let Some(row) = rows.try_next().await? {
        each(row);
    }
    Ok(())
}

/// The revisions that a batch brought, in the order in which they were stored.
///
/// # Errors
/// As every query.
pub async fn of_batch(handle: &impl Handle, batch: i64) -> Result<Vec<Model>, Error> {
    let brought = Condition::all().add(COLUMN.batch_id.eq(batch));
    row::matching::<Entity>(handle, Column::Id, brought).await
}

/// The revisions of these indicators and organisations that were replaced at `time`.
///
/// # Errors
/// As every query.
pub async fn replaced_at(
    handle: &impl Handle,
    indicators: &[i64],
    orgs: &[i64],
    time: i64,
) -> Result<Vec<Model>, Error> {
    let replaced = Condition::all()
        .add(COLUMN.superseded_at.eq(time))
        .add(among(Column::IndicatorId, indicators, handle.backend()))
        .add(among(Column::OrgId, orgs, handle.backend()));
    row::matching::<Entity>(handle, Column::Id, replaced).await
}

/// Stores revisions, in this order. Supersede the ones they replace before.
///
/// # Errors
/// [`Error::Conflict`] when a key has a current revision already, [`Error::Check`] when value and status disagree.
pub async fn insert_many(tx: &Tx, rows: &[New]) -> Result<(), Error> {
    if tx.backend() == Backend::Postgres && rows.len() > FEW {
        return bulk::insert(tx, rows).await;
    }
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        Entity::insert_many(chunk.iter().cloned().map(ActiveModel::from))
            .exec_without_returning(&tx.connection())
            .await?;
    }
    Ok(())
}

/// Marks current revisions as replaced at `at`, in µs since the epoch. The ids must be distinct.
///
/// # Errors
/// [`Error::NotFound`] when one of them is not current any more, [`Error::Check`] when `at` is not later than its
/// recording.
pub async fn supersede(tx: &Tx, ids: &[i64], at: i64) -> Result<(), Error> {
    REVISION.supersede::<Entity>(tx, ids, at).await
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn a_full_statement_stays_within_the_bind_limits() {
        assert_eq!(Column::iter().count() - 1, COLUMNS, "the id is not inserted");
        let binds = ROWS_PER_STATEMENT * COLUMNS;
        assert_eq!(binds.div_ceil(BINDS), 1);
        assert_eq!((binds + COLUMNS).div_ceil(BINDS), 2);
    }
}
