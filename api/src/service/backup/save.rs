//! Writing a backup: one view of the database, so that it holds every batch whole or not at all, while others go on writing.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::{SecondsFormat, Utc};
use entity::change_feed;
use entity::db::{Db, Handle};
use entity::dump::{self, Table};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::archive::{Archive, MANIFEST, entry};
use super::error::BackupError;
use super::manifest::{Manifest, TableEntry, columns, hex};
use super::row;

/// Bytes that are hashed and packed at a time.
const PIECE: usize = 256 * 1024;

/// A backup that was written.
#[derive(Clone, Debug)]
pub struct Saved {
    /// What it holds.
    pub manifest: Manifest,
    /// Its size.
    pub bytes: u64,
}

/// Writes everything into `path`, which must not be there yet. The file appears under its name when it is whole, read again and on the disk; until then, and
/// after any fault, there is none.
///
/// # Errors
/// [`BackupError`].
pub async fn save(db: &Db, path: &Path) -> Result<Saved, BackupError> {
    if path.exists() {
        return Err(BackupError::Exists);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut draft = tempfile::Builder::new()
        .prefix(".plumbline-backup-")
        .tempfile_in(folder)
        .map_err(BackupError::writing)?;
    let view = db.begin_read().await?;
    write(&view, draft.as_file_mut()).await?;
    drop(view);
    draft.as_file().sync_all().map_err(BackupError::writing)?;
    let manifest = Archive::open(draft.path())?.manifest().clone();
    let bytes = draft.as_file().metadata().map_err(BackupError::writing)?.len();
    draft
        .persist_noclobber(path)
        .map_err(|failed| match failed.error.kind() {
            std::io::ErrorKind::AlreadyExists => BackupError::Exists,
            _ => BackupError::writing(failed.error),
        })?;
    // The name is on the disk when the folder is.
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(BackupError::writing)?;
    Ok(Saved { manifest, bytes })
}

async fn write(view: &impl Handle, file: &mut File) -> Result<(), BackupError> {
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let mut entries = Vec::new();
    let feed = change_feed::latest(view).await?;
    for table in dump::tables(view).await? {
        entries.push(one(view, &table, &mut zip).await?);
    }
    let migrations = dump::migrations(view).await?;
    let taken_at = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
    let manifest = Manifest::new(taken_at, feed, migrations, entries);
    let failed = |error: zip::result::ZipError| BackupError::writing(error.into());
    zip.start_file(MANIFEST, options()).map_err(failed)?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| BackupError::writing(error.into()))?;
    zip.write_all(&text).map_err(BackupError::writing)?;
    zip.finish().map_err(failed)?.flush().map_err(BackupError::writing)
}

async fn one<W: Write + std::io::Seek>(
    view: &impl Handle,
    table: &Table,
    zip: &mut ZipWriter<W>,
) -> Result<TableEntry, BackupError> {
    let failed = |error: zip::result::ZipError| BackupError::writing(error.into());
    zip.start_file(entry(&table.name), options()).map_err(failed)?;
    let (mut rows, mut hash, mut piece) = (0u64, Sha256::new(), Vec::with_capacity(2 * PIECE));
    let mut pour = |piece: &mut Vec<u8>| {
        hash.update(&piece);
        let written = zip.write_all(piece).map_err(BackupError::writing);
        piece.clear();
        written
    };
    dump::each_row(view, table, |row| {
        rows += 1;
        row::write(&row, &mut piece);
        if piece.len() >= PIECE { pour(&mut piece) } else { Ok(()) }
    })
    .await?;
    pour(&mut piece)?;
    Ok(TableEntry {
        name: table.name.clone(),
        columns: columns(table),
        rows,
        sha256: hex(hash.finalize()),
        last_id: dump::last_id(view, table).await?,
    })
}

fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(1))
        .large_file(true)
}
