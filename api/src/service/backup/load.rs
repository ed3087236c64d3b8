//! Writing a backup into an empty database: all of it or nothing, and read again before it counts.

use std::collections::BTreeMap;

use entity::db::{Db, Handle};
use entity::dump::{self, Restore, Table};
use sha2::{Digest, Sha256};

use super::archive::Archive;
use super::error::BackupError;
use super::manifest::{TableEntry, hex};
use super::row;

/// Rows that are read at a time.
const CHUNK: usize = 5_000;

/// Refuses a database that holds more rows than `fresh`, one that was migrated and never used.
async fn is_empty_but(db: &impl Handle, fresh: &Db) -> Result<(), BackupError> {
    let mut expected = BTreeMap::new();
    for table in dump::tables(fresh).await? {
        let count = dump::count(fresh, &table.name).await?;
        expected.insert(table.name, count);
    }
    for table in dump::tables(db).await? {
        let held = dump::count(db, &table.name).await?;
        match expected.get(&table.name) {
            None => return Err(BackupError::NotEmpty(format!("there is a table {}", table.name))),
            Some(count) if held > *count => {
                return Err(BackupError::NotEmpty(format!("{} has {held} rows", table.name)));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Writes a backup into a database with the tables of its migrations, which holds no more than `fresh`, one that was migrated and never used.
///
/// # Errors
/// [`BackupError::NotEmpty`] with the first table that holds more, [`BackupError`]; nothing has been written then.
pub async fn load(db: &Db, fresh: &Db, archive: &mut Archive) -> Result<(), BackupError> {
    let tables = dump::tables(db).await?;
    let entries = archive.manifest().tables.clone();
    let pairs = paired(&entries, &tables)?;
    let tx = db.begin_write().await?;
    // In the turn to write, so that nothing comes in between and is taken out unseen.
    is_empty_but(&tx, fresh).await?;
    let restore = Restore::begin(&tx, &tables).await?;
    for (entry, table) in &pairs {
        let mut lines = archive.lines(&entry.name)?;
        loop {
            let rows = lines.rows(table, CHUNK)?;
            if rows.is_empty() {
                break;
            }
            restore.insert(table, rows).await?;
        }
        restore.count_on(table, entry.last_id).await?;
    }
    let strange = restore.end().await?;
    if strange.references > 0 {
        return Err(BackupError::Damaged(format!(
            "{} rows refer to none",
            strange.references
        )));
    }
    for (entry, table) in &pairs {
        compare(&tx, entry, table).await?;
    }
    Ok(tx.commit().await?)
}

fn paired<'a>(entries: &'a [TableEntry], tables: &'a [Table]) -> Result<Vec<(&'a TableEntry, &'a Table)>, BackupError> {
    let strange = |name: &str| BackupError::Damaged(format!("the table {name} is not one of its migrations"));
    if let Some(table) = tables
        .iter()
        .find(|table| !entries.iter().any(|entry| entry.name == table.name))
    {
        return Err(strange(&table.name));
    }
    let pair = |entry: &'a TableEntry| {
        let table = tables.iter().find(|table| entry.fits(table));
        table.map(|table| (entry, table)).ok_or_else(|| strange(&entry.name))
    };
    entries.iter().map(pair).collect()
}

/// Reads a table again, and holds it against the backup.
async fn compare(handle: &impl Handle, entry: &TableEntry, table: &Table) -> Result<(), BackupError> {
    let (mut rows, mut hash, mut line) = (0u64, Sha256::new(), Vec::new());
    dump::each_row(handle, table, |row| {
        rows += 1;
        line.clear();
        row::write(&row, &mut line);
        hash.update(&line);
        Ok::<(), BackupError>(())
    })
    .await?;
    if rows == entry.rows && hex(hash.finalize()) == entry.sha256 {
        Ok(())
    } else {
        Err(BackupError::Differs(table.name.clone()))
    }
}
