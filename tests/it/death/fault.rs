//! What fails around an import: the disk is full, or the database is gone in the middle. Nothing half-written stays, and the next try works.

use std::path::{Path, PathBuf};
use std::process::Command;

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tests::db::{Backend, TestDb};
use tests::suite;

use super::importer::Importer;
use super::outcome::{Outcome, check};
use crate::program::plumbline;

suite!(Catalog: a_lost_connection_leaves_nothing_half_done, a_full_disk_leaves_nothing_half_done);

/// Rows of the file whose import is cut off.
const MANY: usize = 10_000;
/// Rows of a file that does not fit into the small disk.
const TOO_MANY: usize = 40_000;

/// The server ends the session of the import while it writes.
async fn a_lost_connection_leaves_nothing_half_done(db: TestDb) {
    if db.backend() == Backend::Sqlite {
        // A file has no connection that could be lost.
        return;
    }
    let importer = Importer::new(MANY);
    let mut import = importer.start(&db);
    importer.wait_until_it_writes(&db, &mut import).await;
    let end = r#"SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'INSERT INTO "observation"%'"#;
    let raw = db.raw().await;
    raw.execute_raw(Statement::from_string(DbBackend::Postgres, end))
        .await
        .unwrap();
    raw.close().await.unwrap();
    let said = import.end();
    let outcome = check(&db, MANY).await;
    if outcome == Outcome::Nothing {
        assert_eq!(said.code(), Some(1), "{said:#?}");
        assert!(said.err.contains("the database cannot be used now"), "{said:#?}");
    }
    let said = importer.start(&db).end();
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert_eq!(check(&db, MANY).await, Outcome::All);
}

/// The database lies on a disk that has no room for the figures.
async fn a_full_disk_leaves_nothing_half_done(db: TestDb) {
    let Some(file) = db.file() else { return };
    let Some(disk) = SmallDisk::mount() else { return };
    let before = db.contents().await;
    // What stands in the log belongs into the file before it is copied.
    let raw = db.raw().await;
    raw.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    raw.close().await.unwrap();
    let copy = disk.path.join("plumbline.db");
    std::fs::copy(file, &copy).unwrap();
    let url = format!("sqlite:{}", copy.display());
    let import = |rows: usize| {
        let call = plumbline(["import", "many.csv", "--commit", "--database-url", &url]);
        std::fs::write(call.desk().join("many.csv"), tests::fixture::many_figures(rows)).unwrap();
        call.run()
    };
    let said = import(TOO_MANY);
    assert_eq!(said.code(), Some(1), "{said:#?}");
    assert!(said.err.contains("the database cannot be used now"), "{said:#?}");
    // Nothing of it stands in the database, and a smaller file is still taken.
    let told = |count: usize| format!("{count} rows: {count} new, 0 revised, 0 unchanged.");
    let said = import(10);
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(
        said.out.starts_with(&told(10)) && said.out.contains("Written as batch 1."),
        "{said:#?}"
    );
    assert_eq!(db.contents().await, before);
}

/// A file system of a few MiB in memory; taken away when dropped.
struct SmallDisk {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl SmallDisk {
    /// `None` where nobody may mount: only the superuser may, as in CI.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk");
        std::fs::create_dir(&path).unwrap();
        let mounted = run("mount", &["-t", "tmpfs", "-o", "size=3m", "tmpfs"], &path);
        assert!(
            mounted || std::env::var("CI").as_deref() != Ok("true"),
            "CI must be able to mount"
        );
        mounted.then_some(Self { path, _folder: folder })
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        run("umount", &["-l"], &self.path);
    }
}

fn run(program: &str, arguments: &[&str], path: &Path) -> bool {
    let status = Command::new(program).args(arguments).arg(path).output();
    status.is_ok_and(|output| output.status.success())
}
