//! The pool of connections, and how transactions begin.

mod handle;
mod transaction;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::{
    AccessMode, ConnectionTrait, Database, DatabaseConnection, DatabaseExecutor, IsolationLevel, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::sync::Mutex;

pub(crate) use self::handle::sealed;
pub use self::handle::{Backend, Handle};
pub use self::transaction::{Tx, View};
use crate::address::Address;
use crate::error::Error;
use crate::glance::Glance;

/// How long a writer waits for the one before it.
const PATIENCE: Duration = Duration::from_secs(10);
/// Serialises the writers of all processes on PostgreSQL, so that change feed ids are committed in order.
const WRITERS: i64 = 0x706c_756d_6277_7274;
/// A connection idle for this long is asked whether it still lives before it is used.
const IDLE: Duration = Duration::from_secs(30);

/// Where the database is and how many connections it may get.
#[derive(Clone)]
pub struct Options {
    /// `sqlite:PATH`, `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    pub url: String,
    /// The most connections open at once.
    pub max_connections: u32,
    /// How long a query waits for a free connection, and the start for the first one.
    pub acquire_timeout: Duration,
}

/// Leaves out the URL, which may hold a password.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("max_connections", &self.max_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .finish_non_exhaustive()
    }
}

/// A pool of connections to one migrated database; clones share it.
#[derive(Clone, Debug)]
pub struct Db {
    pool: DatabaseConnection,
    backend: Backend,
    sent: Arc<AtomicU64>,
    /// None on PostgreSQL.
    glance: Option<Arc<Glance>>,
    /// Writers of this process queue here, in order and without holding a connection.
    turn: Arc<Mutex<()>>,
}

/// The connections of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Open ones.
    pub open: u32,
    /// Of these, those that nobody uses.
    pub idle: u32,
}

impl Db {
    /// Opens the pool. SQLite gets WAL, foreign keys, a busy timeout of 10 s and `synchronous = NORMAL` on every
    /// connection; a missing SQLite file is an error, since only the migration creates one.
    ///
    /// # Errors
    /// [`Error::Connect`].
    pub async fn connect(options: &Options) -> Result<Self, Error> {
        let address = Address::parse(&options.url)?;
        let backend = match address {
            Address::Sqlite(_) => Backend::Sqlite,
            Address::Postgres(_) => Backend::Postgres,
        };
        let mut settings = address.connect_options(PATIENCE);
        settings
            .max_connections(options.max_connections)
            .acquire_timeout(options.acquire_timeout)
            .test_before_acquire_if_idle_for(IDLE)
            .sqlx_logging(false)
            .record_stmt_in_spans(false);
        let mut pool = Database::connect(settings)
            .await
            .map_err(|error| Error::connect(address.target(), error))?;
        let sent = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&sent);
        pool.set_metric_callback(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        let glance = match &address {
            Address::Sqlite(options) => Some(Arc::new(Glance::new(options.get_filename()))),
            Address::Postgres(_) => None,
        };
        Ok(Self {
            pool,
            backend,
            sent,
            glance,
            turn: Arc::default(),
        })
    }

    /// Begins the write transaction. There is one at a time, in this process and in all others on the same database.
    /// A task that holds a `Tx` and asks for another waits for itself.
    ///
    /// # Errors
    /// [`Error::Busy`] when the writer before did not end within 10 s; [`Error::Unavailable`].
    pub async fn begin_write(&self) -> Result<Tx, Error> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turn).lock_owned())
            .await
            .map_err(Error::busy)?;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = self.pool.begin_with_options(options).await?;
        if self.backend == Backend::Postgres {
            let seconds = PATIENCE.as_secs();
            let queue = format!("SET LOCAL lock_timeout = '{seconds}s'; SELECT pg_advisory_xact_lock({WRITERS})");
            inner.execute_unprepared(&queue).await?;
        }
        Ok(Tx {
            inner,
            backend: self.backend,
            _turn: turn,
        })
    }

    /// Begins a read transaction, which neither waits for the writer nor holds it up.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn begin_read(&self) -> Result<View, Error> {
        let options = match self.backend {
            // SQLite takes its state with the first read; the modes below are not its own.
            Backend::Sqlite => TransactionOptions::default(),
            Backend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        let inner = self.pool.begin_with_options(options).await?;
        Ok(View {
            inner,
            backend: self.backend,
        })
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(self.pool.ping().await?)
    }

    /// The statements sent so far by this pool, its clones and its transactions, without begin, commit and rollback.
    #[must_use]
    pub fn queries(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// The number of the last change that was committed before this call, or of a later one, where the database tells it at once: on SQLite, without a statement
    /// of the pool. None otherwise, also when something is wrong.
    pub(crate) fn glance(&self) -> Option<i64> {
        self.glance.as_ref()?.latest()
    }

    /// The connections of the pool.
    #[must_use]
    pub fn pool(&self) -> Pool {
        let (open, idle) = match self.backend {
            Backend::Sqlite => {
                let pool = self.pool.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
            Backend::Postgres => {
                let pool = self.pool.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
        };
        Pool {
            open,
            idle: u32::try_from(idle).unwrap_or(u32::MAX),
        }
    }

    /// The kind of database.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Closes the pool for all clones, after the queries that are under way.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn close(&self) -> Result<(), Error> {
        if let Some(glance) = &self.glance {
            glance.close();
        }
        Ok(self.pool.close_by_ref().await?)
    }
}

impl Handle for Db {
    fn backend(&self) -> Backend {
        self.backend
    }
}

impl sealed::Connection for Db {
    fn connection(&self) -> DatabaseExecutor<'_> {
        DatabaseExecutor::Connection(&self.pool)
    }
}
