//! One small error for everything a database can answer, told apart by codes, never by text.

use std::sync::Arc;

use sea_orm::sqlx;
use sea_orm::{DbErr, RuntimeErr, SqlxPostgresError, SqlxSqliteError};

/// What the driver said, for the log.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// Why a query failed. No message holds SQL, a row's values or the URL.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The database could not be opened at the start.
    #[error("cannot open {target}: check the address, and that the database is there and may be read")]
    Connect {
        /// The database, without user and password.
        target: String,
        /// What the driver said.
        #[source]
        source: Cause,
    },
    /// The row to be changed does not exist, or is no longer the current one.
    #[error("the row does not exist or is no longer current")]
    NotFound,
    /// A unique or foreign key is broken.
    #[error("the row contradicts another one ({constraint})")]
    Conflict {
        /// The constraint's name on PostgreSQL, its columns on SQLite (empty for a foreign key). For people only.
        constraint: String,
        /// What the driver said.
        #[source]
        source: Cause,
    },
    /// A row breaks a rule of its table: value and status disagree, a code is not in the list, a column is empty.
    #[error("the row breaks a rule of its table ({constraint})")]
    Check {
        /// The constraint's name, or the column that must not be null. For people only.
        constraint: String,
        /// What the driver said.
        #[source]
        source: Cause,
    },
    /// Another writer was in the way for too long, or the database asks to try again.
    #[error("the database is busy; try again")]
    Busy {
        /// What the driver said.
        #[source]
        source: Cause,
    },
    /// The connection is lost, or no connection came free in time.
    #[error("the database cannot be reached")]
    Unavailable {
        /// What the driver said.
        #[source]
        source: Cause,
    },
    /// The disk or the tablespace is full.
    #[error("the database has no room left")]
    Full {
        /// What the driver said.
        #[source]
        source: Cause,
    },
    /// Anything else: a fault of this program or of the database.
    #[error("the database refused a query")]
    Query {
        /// What the driver said.
        #[source]
        source: Cause,
    },
}

/// What a driver's code means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Conflict,
    Check,
    Busy,
    Unavailable,
    Full,
    Query,
}

impl Error {
    pub(crate) fn connect(target: String, error: DbErr) -> Self {
        Self::Connect {
            target,
            source: cause(error),
        }
    }

    pub(crate) fn busy(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Busy {
            source: Arc::new(source),
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let (meaning, constraint) = match &error {
            DbErr::RecordNotFound(_) | DbErr::RecordNotUpdated => return Self::NotFound,
            DbErr::ConnectionAcquire(_) => (Meaning::Unavailable, String::new()),
            DbErr::Conn(RuntimeErr::SqlxError(inner))
            | DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner)) => read(inner),
            _ => (Meaning::Query, String::new()),
        };
        let source = cause(error);
        match meaning {
            Meaning::Conflict => Self::Conflict { constraint, source },
            Meaning::Check => Self::Check { constraint, source },
            Meaning::Busy => Self::Busy { source },
            Meaning::Unavailable => Self::Unavailable { source },
            Meaning::Full => Self::Full { source },
            Meaning::Query => Self::Query { source },
        }
    }
}

/// The driver's own error: sea-orm's wrapper would only say the same words twice.
fn cause(error: DbErr) -> Cause {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(inner))
        | DbErr::Exec(RuntimeErr::SqlxError(inner))
        | DbErr::Query(RuntimeErr::SqlxError(inner)) => inner,
        other => Arc::new(other),
    }
}

fn read(error: &sqlx::Error) -> (Meaning, String) {
    match error {
        sqlx::Error::Database(answer) => {
            let code = answer.code().unwrap_or_default();
            if let Some(sqlite) = answer.try_downcast_ref::<SqlxSqliteError>() {
                (by_sqlite_code(&code), subject(sqlite))
            } else if let Some(postgres) = answer.try_downcast_ref::<SqlxPostgresError>() {
                let name = postgres.constraint().or(postgres.column());
                (by_sqlstate(&code), name.unwrap_or_default().to_owned())
            } else {
                (Meaning::Query, String::new())
            }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => (Meaning::Unavailable, String::new()),
        _ => (Meaning::Query, String::new()),
    }
}

/// SQLite names what was broken only at the end of its sentence. Shown to people, never decided upon.
fn subject(error: &SqlxSqliteError) -> String {
    use sqlx::error::DatabaseError;
    let sentence = error.message();
    sentence
        .rsplit_once(": ")
        .map_or_else(String::new, |(_, subject)| subject.to_owned())
}

/// Extended result codes of SQLite: <https://www.sqlite.org/rescode.html>. The low byte is the family.
fn by_sqlite_code(code: &str) -> Meaning {
    let Ok(code) = code.parse::<i32>() else {
        return Meaning::Query;
    };
    match (code, code & 0xff) {
        // FOREIGNKEY, PRIMARYKEY, UNIQUE, ROWID
        (787 | 1555 | 2067 | 2579, _) => Meaning::Conflict,
        // the rest of CONSTRAINT: CHECK, NOTNULL, DATATYPE, …
        (_, 19) => Meaning::Check,
        // BUSY, LOCKED
        (_, 5 | 6) => Meaning::Busy,
        // CANTOPEN
        (_, 14) => Meaning::Unavailable,
        // FULL
        (_, 13) => Meaning::Full,
        _ => Meaning::Query,
    }
}

/// SQLSTATE of PostgreSQL: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn by_sqlstate(code: &str) -> Meaning {
    match code {
        // foreign key, unique, exclusion
        "23503" | "23505" | "23P01" => Meaning::Conflict,
        // the rest of integrity constraints: not null, check, …
        _ if code.starts_with("23") => Meaning::Check,
        // a text that PostgreSQL cannot hold, such as one with a zero byte
        "22021" => Meaning::Check,
        // serialization, deadlock, lock not available, statement timeout
        "40001" | "40P01" | "55P03" | "57014" => Meaning::Busy,
        // too many connections, shutting down, crashed, starting up
        "53300" | "57P01" | "57P02" | "57P03" => Meaning::Unavailable,
        _ if code.starts_with("08") => Meaning::Unavailable,
        // disk full
        "53100" => Meaning::Full,
        _ => Meaning::Query,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_codes_are_told_apart() {
        let cases = [
            ("2067", Meaning::Conflict),
            ("1555", Meaning::Conflict),
            ("787", Meaning::Conflict),
            ("275", Meaning::Check),
            ("1299", Meaning::Check),
            ("5", Meaning::Busy),
            ("517", Meaning::Busy),
            ("262", Meaning::Busy),
            ("14", Meaning::Unavailable),
            ("13", Meaning::Full),
            ("1", Meaning::Query),
            ("", Meaning::Query),
        ];
        for (code, meaning) in cases {
            assert_eq!(by_sqlite_code(code), meaning, "{code}");
        }
    }

    #[test]
    fn sqlstates_are_told_apart() {
        let cases = [
            ("23505", Meaning::Conflict),
            ("23503", Meaning::Conflict),
            ("23514", Meaning::Check),
            ("23502", Meaning::Check),
            ("22021", Meaning::Check),
            ("40001", Meaning::Busy),
            ("40P01", Meaning::Busy),
            ("55P03", Meaning::Busy),
            ("57P01", Meaning::Unavailable),
            ("08006", Meaning::Unavailable),
            ("53100", Meaning::Full),
            ("42601", Meaning::Query),
            ("", Meaning::Query),
        ];
        for (code, meaning) in cases {
            assert_eq!(by_sqlstate(code), meaning, "{code}");
        }
    }

    #[test]
    fn lost_connections_and_missing_rows_need_no_code() {
        let pool = DbErr::Conn(RuntimeErr::SqlxError(Arc::new(sqlx::Error::PoolTimedOut)));
        assert!(matches!(Error::from(pool), Error::Unavailable { .. }));
        assert!(matches!(Error::from(DbErr::RecordNotUpdated), Error::NotFound));
        let other = DbErr::Custom("SELECT secret".to_owned());
        assert!(!Error::from(other).to_string().contains("secret"));
    }
}
