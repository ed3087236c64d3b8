//! From a database URL to the driver's options; the password goes no further than those.

use std::time::Duration;

use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self};
use sea_orm::{ConnectOptions, DbErr, RuntimeErr};

use crate::error::Error;

/// A checked database URL.
pub(crate) enum Address {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

impl Address {
    /// `sqlite:PATH`, `sqlite://PATH`, `postgres://…` or `postgresql://…`.
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        let parsed = if url.starts_with("sqlite:") {
            url.parse().map(|options| Self::Sqlite(Box::new(options)))
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            url.parse().map(|options| Self::Postgres(Box::new(options)))
        } else {
            let advice = "the URL must begin with `sqlite:` or `postgres://`";
            Err(sqlx::Error::Configuration(advice.into()))
        };
        parsed.map_err(|error| {
            let error = DbErr::Conn(RuntimeErr::SqlxError(error.into()));
            Error::connect("the database".to_owned(), error)
        })
    }

    /// sea-orm writes the text of the URL into traces and errors: it gets a bare one, and the real
    /// address, with its password, by the closure, which runs for the whole pool.
    pub(crate) fn connect_options(&self, busy: Duration) -> ConnectOptions {
        match self {
            Self::Sqlite(options) => {
                let address = options
                    .as_ref()
                    .clone()
                    // A database that was never migrated must not look like an empty one.
                    .create_if_missing(false)
                    .foreign_keys(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Normal)
                    // KiB: an import of a million rows would write its pages again and again with the 2 MiB of the default.
                    .pragma("cache_size", "-65536")
                    .busy_timeout(busy)
                    .disable_statement_logging();
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
    pub(crate) fn target(&self) -> String {
        match self {
            Self::Sqlite(options) => {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_message_holds_the_password() -> Result<(), Error> {
        let address = Address::parse("postgres://ada:hunter2@db.example:6000/plumb")?;
        assert_eq!(address.target(), "PostgreSQL at db.example:6000, database plumb");
        let options = address.connect_options(Duration::ZERO);
        assert!(!format!("{options:?}").contains("hunter2"));
        for wrong in ["postgres://ada:hunter2@db:port/plumb", "mysql://ada:hunter2@db"] {
            let parsed = Address::parse(wrong);
            let silent = |error: Error| !format!("{error:?} {error}").contains("hunter2");
            assert!(parsed.err().is_some_and(silent), "{wrong}");
        }
        Ok(())
    }

    #[test]
    fn both_spellings_of_a_sqlite_path_are_taken() -> Result<(), Error> {
        for url in ["sqlite:data/plumb.db", "sqlite://data/plumb.db"] {
            let target = Address::parse(url)?.target();
            assert_eq!(target, "the SQLite file data/plumb.db");
        }
        Ok(())
    }
}
