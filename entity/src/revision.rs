//! What append-only tables share: which revisions were known at a time, and the end of one.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;
use crate::list::among;

/// The columns of a revision's key and times.
pub(crate) struct Columns<C> {
    pub(crate) id: C,
    pub(crate) recorded_at: C,
    pub(crate) superseded_at: C,
}

impl<C: ColumnTrait> Columns<C> {
    /// The revisions that were current at `as_of`, or are current now.
    pub(crate) fn known_at(&self, as_of: Option<i64>) -> Condition {
        let current = self.superseded_at.is_null();
        match as_of {
            None => Condition::all().add(current),
            Some(time) => Condition::all()
                .add(self.recorded_at.lte(time))
                .add(Condition::any().add(current).add(self.superseded_at.gt(time))),
        }
    }

    /// Marks current revisions as replaced at `at`, in µs since the epoch. The ids must be distinct.
    pub(crate) async fn supersede<E>(&self, tx: &Tx, ids: &[i64], at: i64) -> Result<(), Error>
    where
        E: EntityTrait<Column = C>,
    {
        if ids.is_empty() {
            return Ok(());
        }
        let done = E::update_many()
            .col_expr(self.superseded_at, Expr::val(at))
            .filter(self.known_at(None))
            .filter(among(self.id, ids, tx.backend()))
            .exec(&tx.connection())
            .await?;
        if usize::try_from(done.rows_affected) != Ok(ids.len()) {
            return Err(Error::NotFound);
        }
        Ok(())
    }
}
