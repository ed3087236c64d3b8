//! From a database URL to an open connection.

use std::time::Duration;

use sea_orm_migration::sea_orm::sqlx::ConnectOptions as _;
use sea_orm_migration::sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm_migration::sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm_migration::sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::error::MigrationError;

const PATIENCE: Duration = Duration::from_secs(10);

/// A checked database URL.
pub(crate) enum Address {
    Sqlite {
        options: Box<SqliteConnectOptions>,
        /// Whether the URL itself says how the file is opened.
        has_mode: bool,
    },
    Postgres(Box<PgConnectOptions>),
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, MigrationError> {
        if url.starts_with("sqlite:") {
            let options = url.parse().map_err(MigrationError::address)?;
            let query = url.split_once('?').map_or("", |(_, query)| query);
            let has_mode = query.split('&').any(|pair| pair.starts_with("mode="));
            Ok(Self::Sqlite {
                options: Box::new(options),
                has_mode,
            })
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = url.parse().map_err(MigrationError::address)?;
            Ok(Self::Postgres(Box::new(options)))
        } else {
            Err(MigrationError::address("unknown kind of database"))
        }
    }

    /// Whether this is a SQLite file that has still to be created.
    pub(crate) fn is_missing_file(&self) -> bool {
        match self {
            Self::Sqlite { options, .. } => !options.get_filename().exists(),
            Self::Postgres(_) => false,
        }
    }

    /// One connection, enough for a migrator. `create` makes a missing SQLite file.
    pub(crate) async fn open(&self, create: bool) -> Result<DatabaseConnection, MigrationError> {
        let mut options = self.connect_options(create);
        options
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .sqlx_logging(false)
            .record_stmt_in_spans(false);
        Database::connect(options)
            .await
            .map_err(|error| MigrationError::Connect {
                target: self.target(),
                source: error.into(),
            })
    }

    /// sea-orm writes the text of the URL into traces and errors: it gets a bare one, and the real
    /// address, with its password, by the closure.
    fn connect_options(&self, create: bool) -> ConnectOptions {
        match self {
            Self::Sqlite { options, has_mode } => {
                let mut address = options
                    .as_ref()
                    .clone()
                    .foreign_keys(true)
                    .busy_timeout(PATIENCE)
                    .disable_statement_logging();
                if create {
                    address = address
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(SqliteSynchronous::Normal);
                }
                if create && !has_mode {
                    address = address.create_if_missing(true);
                }
                let mut bare = ConnectOptions::new("sqlite::memory:");
                bare.map_sqlx_sqlite_opts(move |_| address.clone());
                bare
            }
            Self::Postgres(options) => {
                let address = options.as_ref().clone().disable_statement_logging();
                let mut bare = ConnectOptions::new("postgres://localhost");
                bare.map_sqlx_postgres_opts(move |_| address.clone());
                bare
            }
        }
    }

    /// The database for a message: no user, no password.
    fn target(&self) -> String {
        match self {
            Self::Sqlite { options, .. } => {
                format!("the SQLite file {}", options.get_filename().display())
            }
            Self::Postgres(options) => format!(
                "PostgreSQL at {}:{}, database {}",
                options.get_host(),
                options.get_port(),
                options.get_database().unwrap_or("(default)"),
            ),
        }
    }
}
