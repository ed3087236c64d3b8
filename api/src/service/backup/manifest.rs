//! What a backup says about itself.

use entity::dump::{Column, Kind, Table};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::BackupError;

/// By which a backup is known.
const FORMAT: &str = "plumbline-backup";
/// The newest form that is read and the only one that is written.
const VERSION: u32 = 1;

/// What a backup says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    format: String,
    version: u32,
    /// The program that made it.
    pub program: String,
    /// When, in RFC 3339, UTC.
    pub taken_at: String,
    /// The last entry of the change feed that is in it.
    pub feed: i64,
    /// The migrations that made its tables, oldest first.
    pub migrations: Vec<String>,
    /// Its tables.
    pub tables: Vec<TableEntry>,
    /// The hash of all that stands above.
    seal: String,
}

/// What it says about a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableEntry {
    /// Its name.
    pub name: String,
    /// Its columns with the kinds of their values, in the order of the cells.
    pub columns: Vec<(String, String)>,
    /// Its rows.
    pub rows: u64,
    /// SHA-256 of the text of its rows.
    pub sha256: String,
    /// The last id that was given in it.
    pub last_id: Option<i64>,
}

impl Manifest {
    pub(super) fn new(taken_at: String, feed: i64, migrations: Vec<String>, tables: Vec<TableEntry>) -> Self {
        let mut manifest = Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            taken_at,
            feed,
            migrations,
            tables,
            seal: String::new(),
        };
        manifest.seal = manifest.sealed();
        manifest
    }

    /// The manifest in a text.
    pub(super) fn read(text: &[u8]) -> Result<Self, BackupError> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
            program: String,
        }
        let damaged = |error: serde_json::Error| BackupError::Damaged(format!("its manifest cannot be read ({error})"));
        let head: Head = serde_json::from_slice(text).map_err(damaged)?;
        if head.format != FORMAT {
            return Err(BackupError::Damaged(
                "its manifest is that of another program".to_owned(),
            ));
        }
        if head.version > VERSION {
            return Err(BackupError::Newer(head.program));
        }
        let manifest: Self = serde_json::from_slice(text).map_err(damaged)?;
        if manifest.seal != manifest.sealed() {
            return Err(BackupError::Damaged("its manifest was altered".to_owned()));
        }
        Ok(manifest)
    }

    fn sealed(&self) -> String {
        let open = Self {
            seal: String::new(),
            ..self.clone()
        };
        hex(Sha256::digest(serde_json::to_vec(&open).unwrap_or_default()))
    }

    /// All rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

impl TableEntry {
    /// Whether a table of a database has the columns of this one.
    pub(super) fn fits(&self, table: &Table) -> bool {
        self.name == table.name && self.columns == columns(table)
    }
}

/// The columns of a table as a manifest tells them.
pub(super) fn columns(table: &Table) -> Vec<(String, String)> {
    let told = |column: &Column| {
        let kind = match column.kind {
            Kind::Whole => "whole",
            Kind::Real => "real",
            Kind::Text => "text",
            Kind::Truth => "truth",
            Kind::Bytes => "bytes",
        };
        (column.name.clone(), kind.to_owned())
    };
    table.columns.iter().map(told).collect()
}

/// Bytes as digits.
pub(super) fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
