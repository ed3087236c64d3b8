//! Reading a backup: it is believed only when every table has the rows and the hash that its manifest tells.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use entity::dump::{Cell, Table};
use sha2::{Digest, Sha256};
use zip::ZipArchive;
use zip::result::ZipError;

use super::error::BackupError;
use super::manifest::{Manifest, TableEntry, hex};
use super::row;

pub(super) const MANIFEST: &str = "manifest.json";

/// Longer manifests are none.
const MOST_MANIFEST: u64 = 16 * 1024 * 1024;

/// Where the rows of a table stand.
pub(super) fn entry(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

/// A backup that was read to its end once and found whole.
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    manifest: Manifest,
}

impl Archive {
    /// Opens a backup and reads all of it.
    ///
    /// # Errors
    /// [`BackupError::Damaged`] for a file that was cut or altered, or is none; [`BackupError::Newer`]; [`BackupError::File`].
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(BackupError::reading)?;
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(error, "its table of contents"))?;
        let mut text = Vec::new();
        zip.by_name(MANIFEST)
            .map_err(|error| damaged(error, MANIFEST))?
            .take(MOST_MANIFEST)
            .read_to_end(&mut text)
            .map_err(|_| BackupError::Damaged(format!("{MANIFEST} cannot be unpacked")))?;
        let manifest = Manifest::read(&text)?;
        let told: BTreeSet<String> = manifest.tables.iter().map(|table| entry(&table.name)).collect();
        let names: Result<Vec<String>, ZipError> = zip.file_names().map(|name| name.map(Into::into)).collect();
        let mut held: BTreeSet<String> = names
            .map_err(|error| damaged(error, "its table of contents"))?
            .into_iter()
            .collect();
        held.remove(MANIFEST);
        if let Some(name) = told.symmetric_difference(&held).next() {
            return Err(BackupError::Damaged(format!("{name} is missing, or too much")));
        }
        if told.len() != manifest.tables.len() {
            return Err(BackupError::Damaged("its manifest names a table twice".to_owned()));
        }
        let mut archive = Self { zip, manifest };
        for table in archive.manifest.tables.clone() {
            archive.verify(&table)?;
        }
        Ok(archive)
    }

    /// What it says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn verify(&mut self, table: &TableEntry) -> Result<(), BackupError> {
        let (mut rows, mut hash) = (0u64, Sha256::new());
        let mut lines = self.lines(&table.name)?;
        while let Some(line) = lines.next()? {
            rows += 1;
            hash.update(line);
            hash.update(b"\n");
        }
        if rows != table.rows || hex(hash.finalize()) != table.sha256 {
            return Err(BackupError::Damaged(format!(
                "the rows of {} are not those of its manifest",
                table.name
            )));
        }
        Ok(())
    }

    /// The rows of a table.
    pub(super) fn lines(&mut self, table: &str) -> Result<Lines<'_>, BackupError> {
        let name = entry(table);
        let file = self.zip.by_name(&name).map_err(|error| damaged(error, &name))?;
        Ok(Lines {
            reader: BufReader::with_capacity(256 * 1024, Box::new(file)),
            line: Vec::new(),
            name,
        })
    }
}

/// The rows of a table, one after the other.
pub(super) struct Lines<'a> {
    reader: BufReader<Box<dyn Read + 'a>>,
    line: Vec<u8>,
    name: String,
}

impl Lines<'_> {
    fn next(&mut self) -> Result<Option<&[u8]>, BackupError> {
        self.line.clear();
        let read = self.reader.read_until(b'\n', &mut self.line);
        if read.map_err(|_| BackupError::Damaged(format!("{} cannot be unpacked", self.name)))? == 0 {
            return Ok(None);
        }
        if self.line.pop() != Some(b'\n') {
            return Err(BackupError::Damaged(format!(
                "{} ends in the middle of a row",
                self.name
            )));
        }
        Ok(Some(&self.line))
    }

    /// The next rows, `most` at a time; none at the end.
    pub(super) fn rows(&mut self, table: &Table, most: usize) -> Result<Vec<Vec<Cell>>, BackupError> {
        let mut rows = Vec::new();
        while rows.len() < most {
            match self.next()? {
                Some(line) => rows.push(parsed(line, table)?),
                None => break,
            }
        }
        Ok(rows)
    }
}

fn parsed(line: &[u8], table: &Table) -> Result<Vec<Cell>, BackupError> {
    let text = std::str::from_utf8(line).ok();
    text.and_then(|text| row::read(text, table))
        .ok_or_else(|| BackupError::Damaged(format!("a row of {} is none", table.name)))
}

fn damaged(error: ZipError, what: &str) -> BackupError {
    match error {
        ZipError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => BackupError::reading(error),
        _ => BackupError::Damaged(format!("{what} cannot be read")),
    }
}
