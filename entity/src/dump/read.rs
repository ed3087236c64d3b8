//! Reading all rows of a table, in the order of its key.

use futures_util::TryStreamExt;
use sea_orm::{DatabaseExecutor, DbErr, QueryResult, Statement, StreamTrait, TryGetable};

use super::schema::{backend, query};
use super::{Cell, Column, DumpError, Kind, Table, list, quoted};
use crate::db::{Backend, Handle};
use crate::error::Error;

/// Hands all rows of a table on, one after the other, never many at once; the cells are in the order of the table's columns.
///
/// # Errors
/// Those of the database, and those of `take`, which end it.
pub async fn each_row<E: From<DumpError>>(
    handle: &impl Handle,
    table: &Table,
    take: impl FnMut(Vec<Cell>) -> Result<(), E>,
) -> Result<(), E> {
    let statement = Statement::from_string(backend(handle.backend()), selection(table, handle.backend()));
    match handle.connection() {
        DatabaseExecutor::Connection(pool) => walk(pool, statement, table, take).await,
        DatabaseExecutor::Transaction(tx) => walk(tx, statement, table, take).await,
        DatabaseExecutor::OwnedTransaction(tx) => walk(&tx, statement, table, take).await,
    }
}

/// The rows of a table.
///
/// # Errors
/// As every query.
pub async fn count(handle: &impl Handle, table: &str) -> Result<i64, Error> {
    let rows = query(handle, &format!("SELECT count(*) FROM {}", quoted(table)), []).await?;
    first(&rows).map(Option::unwrap_or_default)
}

/// The number that a question answers with.
pub(crate) async fn query_count(handle: &impl Handle, text: &str) -> Result<u64, Error> {
    let count: Option<i64> = first(&query(handle, text, []).await?)?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

/// The greatest id that was ever given in a table; none where the database gives none, or gave none yet.
///
/// # Errors
/// As every query.
pub async fn last_id(handle: &impl Handle, table: &Table) -> Result<Option<i64>, Error> {
    let [key] = table.key.as_slice() else { return Ok(None) };
    match handle.backend() {
        Backend::Sqlite => {
            let has_sequences = query(handle, "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'", []).await?;
            if has_sequences.is_empty() {
                return Ok(None);
            }
            let text = "SELECT seq FROM sqlite_sequence WHERE name = ?";
            first(&query(handle, text, [table.name.as_str().into()]).await?)
        }
        Backend::Postgres => {
            let name = "SELECT pg_get_serial_sequence(quote_ident(current_schema()) || '.' || quote_ident($1), $2)";
            let values = [table.name.as_str().into(), key.as_str().into()];
            let sequence: Option<String> = first(&query(handle, name, values).await?)?;
            let Some(sequence) = sequence else { return Ok(None) };
            // The name is quoted where it must be.
            let text = format!("SELECT CASE WHEN is_called THEN last_value END FROM {sequence}");
            first(&query(handle, &text, []).await?)
        }
    }
}

fn first<T: TryGetable>(rows: &[QueryResult]) -> Result<Option<T>, Error> {
    match rows.first() {
        Some(row) => Ok(row.try_get_by_index::<Option<T>>(0)?),
        None => Ok(None),
    }
}

/// Numbers and texts in one width and one order, whatever the database.
fn selection(table: &Table, backend: Backend) -> String {
    let column = |column: &Column| match backend {
        Backend::Sqlite => quoted(&column.name),
        Backend::Postgres => {
            let kind = match column.kind {
                Kind::Whole => "bigint",
                Kind::Real => "double precision",
                Kind::Text => "text",
                Kind::Truth => "boolean",
                Kind::Bytes => "bytea",
            };
            format!("{}::{kind}", quoted(&column.name))
        }
    };
    let columns: Vec<String> = table.columns.iter().map(column).collect();
    let is_text = |name: &str| {
        let found = table.columns.iter().find(|column| column.name == name);
        found.is_some_and(|column| column.kind == Kind::Text)
    };
    let key: Vec<String> = table
        .key
        .iter()
        .map(|name| match backend {
            Backend::Postgres if is_text(name) => format!("{} COLLATE \"C\"", quoted(name)),
            _ => quoted(name),
        })
        .collect();
    let order = if key.is_empty() {
        list(table.columns.iter().map(|column| column.name.as_str()))
    } else {
        key.join(", ")
    };
    format!(
        "SELECT {} FROM {} ORDER BY {order}",
        columns.join(", "),
        quoted(&table.name)
    )
}

async fn walk<C: StreamTrait, E: From<DumpError>>(
    connection: &C,
    statement: Statement,
    table: &Table,
    mut take: impl FnMut(Vec<Cell>) -> Result<(), E>,
) -> Result<(), E> {
    let rows = connection.stream_raw(statement).await.map_err(DumpError::from)?;
    let mut rows = std::pin::pin!(rows);
    while let Some(row) = rows.try_next().await.map_err(DumpError::from)? {
        take(cells(&row, table).map_err(DumpError::from)?)?;
    }
    Ok(())
}

fn cells(row: &QueryResult, table: &Table) -> Result<Vec<Cell>, DbErr> {
    let kinds = table.columns.iter().map(|column| column.kind).enumerate();
    kinds.map(|(index, kind)| cell(row, index, kind)).collect()
}

fn cell(row: &QueryResult, index: usize, kind: Kind) -> Result<Cell, DbErr> {
    let cell = match kind {
        Kind::Whole => row.try_get_by_index::<Option<i64>>(index)?.map(Cell::Whole),
        Kind::Real => row.try_get_by_index::<Option<f64>>(index)?.map(Cell::Real),
        Kind::Text => row.try_get_by_index::<Option<String>>(index)?.map(Cell::Text),
        Kind::Truth => row.try_get_by_index::<Option<bool>>(index)?.map(Cell::Truth),
        Kind::Bytes => row.try_get_by_index::<Option<Vec<u8>>>(index)?.map(Cell::Bytes),
    };
    Ok(cell.unwrap_or(Cell::Null))
}
