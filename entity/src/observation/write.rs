//! Writing observations: compare with what is current, supersede, insert.

use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use super::model::{ActiveModel, COLUMN, Column, Entity, Model, New, REVISION, known_at};
use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::list::among;

/// Bound values a statement may have: 32,766 on SQLite, 65,535 on PostgreSQL.
const BINDS: usize = 32_766;
const COLUMNS: usize = 19;
const ROWS_PER_STATEMENT: usize = BINDS / COLUMNS;

/// The current observations of these indicators that lie within the months, ordered by id.
///
/// # Errors
/// As every query.
pub async fn current_in(tx: &Tx, indicators: &[i64], start_from: i32, end_to: i32) -> Result<Vec<Model>, Error> {
    let rows = Entity::find()
        .filter(known_at(None))
        .filter(among(Column::IndicatorId, indicators, tx.backend()))
        .filter(COLUMN.start_month.gte(start_from))
        .filter(COLUMN.end_month.lte(end_to))
        .order_by_asc(COLUMN.id)
        .all(&tx.connection())
        .await?;
    Ok(rows)
}

/// Stores revisions, in this order. Supersede the ones they replace before.
///
/// # Errors
/// [`Error::Conflict`] when a key has a current revision already, [`Error::Check`] when value and status disagree.
pub async fn insert_many(tx: &Tx, rows: &[New]) -> Result<(), Error> {
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
