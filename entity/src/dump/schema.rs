//! Which tables there are, and of what their columns are made.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};

use super::DumpError;
use crate::db::{Backend, Handle};
use crate::error::Error;

/// The table in which the migrations are noted.
const HISTORY: &str = "seaql_migrations";

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of their names: migrations may have added them in another order elsewhere.
    pub columns: Vec<Column>,
    /// The columns of its primary key.
    pub key: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub kind: Kind,
}

/// What stands in a column, beside nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers.
    Whole,
    /// Doubles.
    Real,
    /// Texts.
    Text,
    /// True and false.
    Truth,
    /// Bytes.
    Bytes,
}

impl Kind {
    /// The kind of a type as either database names it.
    fn of(declared: &str) -> Option<Self> {
        let declared = declared.to_lowercase();
        let bare = declared.split('(').next().unwrap_or_default().trim();
        Some(match bare {
            "bigint" | "integer" | "int" | "smallint" | "tinyint" => Self::Whole,
            "double" | "double precision" | "real" | "float" => Self::Real,
            "text" | "varchar" | "character varying" | "char" | "character" => Self::Text,
            "boolean" => Self::Truth,
            "blob" | "bytea" | "varbinary" | "varbinary_blob" => Self::Bytes,
            _ => return None,
        })
    }
}

/// All tables, in the order of their names, without that of the migrations.
///
/// # Errors
/// [`DumpError`].
pub async fn tables(handle: &impl Handle) -> Result<Vec<Table>, DumpError> {
    let names = match handle.backend() {
        Backend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        }
        Backend::Postgres => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        }
    };
    let mut names: Vec<String> = texts(&query(handle, names, []).await?)?;
    names.retain(|name| name != HISTORY);
    names.sort();
    let mut tables = Vec::new();
    for name in names {
        tables.push(table(handle, name).await?);
    }
    Ok(tables)
}

/// The migrations that were applied, oldest first.
///
/// # Errors
/// As every query; on a database that was never migrated too.
pub async fn migrations(handle: &impl Handle) -> Result<Vec<String>, Error> {
    let text = match handle.backend() {
        Backend::Sqlite => format!("SELECT version FROM {HISTORY} ORDER BY version"),
        Backend::Postgres => format!("SELECT version::text FROM {HISTORY} ORDER BY version COLLATE \"C\""),
    };
    texts(&query(handle, &text, []).await?)
}

async fn table(handle: &impl Handle, name: String) -> Result<Table, DumpError> {
    let (columns, key) = match handle.backend() {
        Backend::Sqlite => (
            "SELECT name, type FROM pragma_table_info(?)",
            "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk",
        ),
        Backend::Postgres => (
            "SELECT column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER'",
            "SELECT a.attname::text FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place) \
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number \
             WHERE i.indisprimary AND i.indrelid = (quote_ident(current_schema()) || '.' || quote_ident($1))::regclass ORDER BY k.place",
        ),
    };
    let mut found = Vec::new();
    for row in query(handle, columns, [name.as_str().into()]).await? {
        let (column, declared): (String, String) = (text(&row, 0)?, text(&row, 1)?);
        let kind = Kind::of(&declared).ok_or_else(|| DumpError::Kind {
            table: name.clone(),
            column: column.clone(),
            kind: declared,
        })?;
        found.push(Column { name: column, kind });
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    let key = texts(&query(handle, key, [name.as_str().into()]).await?)?;
    Ok(Table {
        name,
        columns: found,
        key,
    })
}

pub(super) fn backend(backend: Backend) -> DbBackend {
    match backend {
        Backend::Sqlite => DbBackend::Sqlite,
        Backend::Postgres => DbBackend::Postgres,
    }
}

pub(super) async fn query(
    handle: &impl Handle,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>, Error> {
    let statement = Statement::from_sql_and_values(backend(handle.backend()), text, values);
    Ok(handle.connection().query_all_raw(statement).await?)
}

pub(super) fn texts(rows: &[QueryResult]) -> Result<Vec<String>, Error> {
    rows.iter().map(|row| text(row, 0)).collect()
}

fn text(row: &QueryResult, index: usize) -> Result<String, Error> {
    Ok(row.try_get_by_index(index)?)
}
