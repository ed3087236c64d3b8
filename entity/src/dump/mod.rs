//! The whole database as plain rows, and back: every table that the schema has, found in the schema itself, so that none can be forgotten.
//!
//! A row is the same on SQLite and PostgreSQL, to the last bit of a number and in the same order, so that what was read from one can be written to the other
//! and compared.

mod read;
mod schema;
mod write;

pub(crate) use read::query_count;
pub use read::{count, each_row, last_id};
pub use schema::{Column, Kind, Table, migrations, tables};
pub use write::{Restore, Strange};

use crate::error::Error;

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number.
    Whole(i64),
    /// A double.
    Real(f64),
    /// A text.
    Text(String),
    /// True or false.
    Truth(bool),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// Why a dump cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DumpError {
    /// A column of a type that has no form in a dump: a fault of this program.
    #[error("the column {table}.{column} is of the type {kind}, which a backup does not know")]
    Kind {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its type, as the database names it.
        kind: String,
    },
    /// The database.
    #[error(transparent)]
    Database(#[from] Error),
}

impl From<sea_orm::DbErr> for DumpError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Database(error.into())
    }
}

/// A name as SQL has it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(quoted).collect();
    names.join(", ")
}
