//! Writing rows into empty tables, in any order of tables: references are held against each other at the end.

use sea_orm::{ConnectionTrait, Statement, Value};

use super::read::count;
use super::schema::{backend, query, texts};
use super::{Cell, DumpError, Kind, Table, list, quoted};
use crate::db::sealed::Connection;
use crate::db::{Backend, Handle, Tx};
use crate::error::Error;

/// Values of one statement: fewer than either database takes.
const MOST_VALUES: usize = 30_000;
/// The foreign keys of PostgreSQL: table and name.
const REFERENCES: &str = "SELECT format('ALTER TABLE %s ALTER CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint \
     WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1";

/// What contradicts itself after a restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strange {
    /// Rows that refer to none.
    pub references: u64,
}

/// A restore that is under way: references may lead nowhere until it ends.
pub struct Restore<'a> {
    tx: &'a Tx,
    references: Vec<String>,
}

impl<'a> Restore<'a> {
    /// Empties the tables, which hold at most what migrations put into them, and lets references lead nowhere for now.
    ///
    /// # Errors
    /// [`DumpError`].
    pub async fn begin(tx: &'a Tx, tables: &[Table]) -> Result<Self, DumpError> {
        let mut references = Vec::new();
        match tx.backend() {
            Backend::Sqlite => run(tx, "PRAGMA defer_foreign_keys = ON").await?,
            Backend::Postgres => {
                references = texts(&query(tx, REFERENCES, []).await?)?;
                for reference in &references {
                    run(tx, &format!("{reference} DEFERRABLE INITIALLY DEFERRED")).await?;
                }
            }
        }
        for table in tables {
            if count(tx, &table.name).await? > 0 {
                run(tx, &format!("DELETE FROM {}", quoted(&table.name))).await?;
            }
        }
        Ok(Self { tx, references })
    }

    /// Writes rows whose cells are in the order of the table's columns.
    ///
    /// # Errors
    /// [`Error::Check`] and [`Error::Conflict`] for rows that break a rule of the table; as every write.
    pub async fn insert(&self, table: &Table, rows: Vec<Vec<Cell>>) -> Result<(), Error> {
        let width = table.columns.len().max(1);
        let at_a_time = (MOST_VALUES / width).max(1);
        let mut rows = rows.into_iter();
        loop {
            let some: Vec<Vec<Cell>> = rows.by_ref().take(at_a_time).collect();
            if some.is_empty() {
                return Ok(());
            }
            let text = insertion(table, some.len(), self.tx.backend());
            let kinds = table.columns.iter().map(|column| column.kind);
            let values = some
                .into_iter()
                .flat_map(|row| kinds.clone().zip(row).map(|(kind, cell)| value(kind, cell)));
            let statement = Statement::from_sql_and_values(backend(self.tx.backend()), text, values);
            self.tx.connection().execute_raw(statement).await?;
        }
    }

    /// Goes on counting ids after the last one that was ever given.
    ///
    /// # Errors
    /// As every write.
    pub async fn count_on(&self, table: &Table, last: Option<i64>) -> Result<(), Error> {
        let [key] = table.key.as_slice() else { return Ok(()) };
        if table
            .columns
            .iter()
            .any(|column| column.name == *key && column.kind != Kind::Whole)
        {
            return Ok(());
        }
        let greatest = query(
            self.tx,
            &format!("SELECT max({}) FROM {}", quoted(key), quoted(&table.name)),
            [],
        )
        .await?;
        let greatest: Option<i64> = match greatest.first() {
            Some(row) => row.try_get_by_index(0)?,
            None => None,
        };
        let Some(last) = last.max(greatest).filter(|last| *last > 0) else {
            return Ok(());
        };
        match self.tx.backend() {
            Backend::Sqlite => {
                if query(
                    self.tx,
                    "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'",
                    [],
                )
                .await?
                .is_empty()
                {
                    return Ok(());
                }
                let name = Value::from(table.name.as_str());
                query(self.tx, "DELETE FROM sqlite_sequence WHERE name = ?", [name.clone()]).await?;
                query(
                    self.tx,
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
                    [name, last.into()],
                )
                .await?;
            }
            Backend::Postgres => {
                let text = "SELECT setval(pg_get_serial_sequence(quote_ident(current_schema()) || '.' || quote_ident($1), $2), $3) \
                     WHERE pg_get_serial_sequence(quote_ident(current_schema()) || '.' || quote_ident($1), $2) IS NOT NULL";
                query(
                    self.tx,
                    text,
                    [table.name.as_str().into(), key.as_str().into(), last.into()],
                )
                .await?;
            }
        }
        Ok(())
    }

    /// Holds all references against each other, and lets none lead nowhere from now on.
    ///
    /// # Errors
    /// [`Error::Conflict`] on PostgreSQL for a reference that leads nowhere; as every query.
    pub async fn end(self) -> Result<Strange, Error> {
        if self.tx.backend() == Backend::Sqlite {
            let broken = query(self.tx, "SELECT 1 FROM pragma_foreign_key_check", []).await?;
            return Ok(Strange {
                references: broken.len() as u64,
            });
        }
        run(self.tx, "SET CONSTRAINTS ALL IMMEDIATE").await?;
        for reference in &self.references {
            run(self.tx, &format!("{reference} NOT DEFERRABLE")).await?;
        }
        Ok(Strange { references: 0 })
    }
}

async fn run(tx: &Tx, text: &str) -> Result<(), Error> {
    tx.connection().execute_unprepared(text).await?;
    Ok(())
}

fn insertion(table: &Table, rows: usize, backend: Backend) -> String {
    let width = table.columns.len();
    let mut text = format!(
        "INSERT INTO {} ({}) {}VALUES ",
        quoted(&table.name),
        list(table.columns.iter().map(|column| column.name.as_str())),
        if backend == Backend::Postgres {
            "OVERRIDING SYSTEM VALUE "
        } else {
            ""
        },
    );
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                text.push_str(", ");
            }
            match backend {
                Backend::Sqlite => text.push('?'),
                Backend::Postgres => text.push_str(&format!("${}", row * width + column + 1)),
            }
        }
        text.push(')');
    }
    text
}

fn value(kind: Kind, cell: Cell) -> Value {
    match (kind, cell) {
        (_, Cell::Whole(number)) => Value::BigInt(Some(number)),
        (_, Cell::Real(number)) => Value::Double(Some(number)),
        (_, Cell::Text(text)) => Value::String(Some(text)),
        (_, Cell::Truth(truth)) => Value::Bool(Some(truth)),
        (_, Cell::Bytes(bytes)) => Value::Bytes(Some(bytes)),
        (Kind::Whole, Cell::Null) => Value::BigInt(None),
        (Kind::Real, Cell::Null) => Value::Double(None),
        (Kind::Text, Cell::Null) => Value::String(None),
        (Kind::Truth, Cell::Null) => Value::Bool(None),
        (Kind::Bytes, Cell::Null) => Value::Bytes(None),
    }
}
