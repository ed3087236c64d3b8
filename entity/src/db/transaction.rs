//! What is read or written in one piece.

use std::time::{SystemTime, UNIX_EPOCH};

use sea_orm::sea_query::{Expr, Func, Query, UnionType};
use sea_orm::{ConnectionTrait, DatabaseExecutor, DatabaseTransaction};
use tokio::sync::OwnedMutexGuard;

use super::handle::{Backend, Handle, sealed};
use crate::error::Error;

/// The write transaction. Dropped without [`Tx::commit`] it is rolled back.
#[derive(Debug)]
pub struct Tx {
    pub(super) inner: DatabaseTransaction,
    pub(super) backend: Backend,
    /// Let go after `inner` (fields drop in order).
    pub(super) _turn: OwnedMutexGuard<()>,
}

/// A read transaction: all its queries see one state of the database. Dropped, it ends.
#[derive(Debug)]
pub struct View {
    pub(super) inner: DatabaseTransaction,
    pub(super) backend: Backend,
}

impl Tx {
    /// Makes the changes last.
    ///
    /// # Errors
    /// [`Error::Busy`], [`Error::Full`] or [`Error::Unavailable`]; nothing has been changed then, except that a lost
    /// connection leaves it open whether the server had still heard the commit.
    pub async fn commit(self) -> Result<(), Error> {
        Ok(self.inner.commit().await?)
    }

    /// Takes the changes back.
    ///
    /// # Errors
    /// [`Error::Unavailable`]; the database takes them back by itself then.
    pub async fn rollback(self) -> Result<(), Error> {
        Ok(self.inner.rollback().await?)
    }

    /// The recording time for what this transaction writes, in µs since the epoch: the clock, but always later than every
    /// import batch, change, mark and sealed run recorded so far. Ask once a transaction.
    ///
    /// # Errors
    /// As every query.
    pub async fn now(&self) -> Result<i64, Error> {
        let latest = |table: &'static str| {
            Query::select()
                .expr_as(Func::max(Expr::col("recorded_at")), "latest")
                .from(table)
                .take()
        };
        let all = latest("import_batch")
            .union(UnionType::All, latest("change_feed"))
            .union(UnionType::All, latest("evaluation_mark"))
            .union(UnionType::All, latest("evaluation_run"))
            .take();
        let rows = self.inner.query_all(&all).await?;
        let mut last = i64::MIN;
        for row in rows {
            let latest: Option<i64> = row.try_get("", "latest")?;
            last = last.max(latest.unwrap_or(i64::MIN));
        }
        Ok(clock().max(last.saturating_add(1)))
    }
}

/// µs since the epoch; 0 before it.
fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |span| i64::try_from(span.as_micros()).unwrap_or(i64::MAX))
}

impl Handle for View {
    fn backend(&self) -> Backend {
        self.backend
    }
}

impl Handle for Tx {
    fn backend(&self) -> Backend {
        self.backend
    }
}

impl sealed::Connection for View {
    fn connection(&self) -> DatabaseExecutor<'_> {
        DatabaseExecutor::Transaction(&self.inner)
    }
}

impl sealed::Connection for Tx {
    fn connection(&self) -> DatabaseExecutor<'_> {
        DatabaseExecutor::Transaction(&self.inner)
    }
}
