//! What can go wrong while a database is brought up to date.

use std::error::Error;

/// Why a database could not be migrated. The cause is the error's source; no message holds the URL.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The URL is not one of a supported database.
    #[error("the database URL is not valid: write `sqlite:PATH` or `postgres://USER@HOST:PORT/DATABASE`")]
    Address(#[source] Box<dyn Error + Send + Sync>),
    /// The database did not answer, refused the user, or its file cannot be opened or created.
    #[error(
        "cannot open {target}: check that it is running or that its folder exists and is writable, and that the user and password are right"
    )]
    Connect {
        /// The database, without user and password.
        target: String,
        /// What the driver said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The list of applied migrations cannot be read, or names one that this program does not know.
    #[error(
        "cannot read which migrations were applied: check that the user may read the database and that this program is not older than its schema"
    )]
    Inspect(#[source] Box<dyn Error + Send + Sync>),
    /// A migration failed; the schema is as it was before.
    #[error(
        "a migration failed and nothing was changed: check that no other program holds the database, that the disk is not full and that the user may create tables"
    )]
    Apply(#[source] Box<dyn Error + Send + Sync>),
}

impl MigrationError {
    pub(crate) fn address(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Address(cause.into())
    }

    pub(crate) fn apply(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Apply(cause.into())
    }

    pub(crate) fn inspect(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Inspect(cause.into())
    }
}
