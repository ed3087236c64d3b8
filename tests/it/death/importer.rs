//! An import of many figures by the real program, and the moment in which it writes.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tests::db::TestDb;
use tests::fixture::many_figures;
use tests::program::Running;

use crate::program::plumbline;

/// How often the database is asked whether it is written to.
const TICK: Duration = Duration::from_millis(1);

/// Imports one and the same file, as often as it is told to.
pub(super) struct Importer {
    text: String,
}

impl Importer {
    pub(super) fn new(rows: usize) -> Self {
        Self {
            text: many_figures(rows),
        }
    }

    /// Starts an import that writes.
    pub(super) fn start(&self, db: &TestDb) -> Running {
        let call = plumbline(["import", "many.csv", "--commit", "--database-url", db.url()]);
        std::fs::write(call.desk().join("many.csv"), &self.text).unwrap();
        call.start()
    }

    /// Waits until rows have been written that are not yet committed.
    pub(super) async fn wait_until_it_writes(&self, db: &TestDb, import: &mut Running) {
        let watch = db.raw().await;
        while !is_writing(db, &watch).await {
            assert!(import.runs_until(Instant::now() + TICK), "the import ended unseen");
        }
        watch.close().await.unwrap();
    }
}

/// SQLite writes pages to its log when they do not fit into memory any more; PostgreSQL tells what its sessions do.
async fn is_writing(db: &TestDb, watch: &impl ConnectionTrait) -> bool {
    if let Some(file) = db.file() {
        return std::fs::metadata(file.with_extension("db-wal")).is_ok_and(|log| log.len() > 0);
    }
    let sessions = r#"SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND state <> 'idle' AND query LIKE 'INSERT INTO "observation"%'"#;
    let statement = Statement::from_string(DbBackend::Postgres, sessions);
    watch.query_one_raw(statement).await.unwrap().is_some()
}
