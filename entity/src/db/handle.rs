//! What queries run on.

/// The kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// The embedded default.
    Sqlite,
    /// A server.
    Postgres,
}

/// What a query can run on: the pool, a read transaction or the write transaction.
pub trait Handle: sealed::Connection + Sync {
    /// The kind of database behind it.
    fn backend(&self) -> Backend;
}

pub(crate) mod sealed {
    //! Keeps `Handle` closed and its connection out of sight.

    use sea_orm::DatabaseExecutor;

    pub trait Connection {
        fn connection(&self) -> DatabaseExecutor<'_>;
    }
}
