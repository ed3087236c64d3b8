//! Backup and restore: everything comes back to the last bit on either database, whoever writes meanwhile, and no other file is taken for a backup.

mod check;
mod damage;
mod disk;

use std::path::{Path, PathBuf};

use api::service::Service;
use api::service::backup::{Archive, Manifest, TableEntry, save};
use api::service::import::Options;
use entity::choice::RevisionReason;
use sea_orm::{ConnectionTrait, Statement};
use tempfile::TempDir;
use tests::db::{Backend, Holding, TestDb};
use tests::fixture::{Row, csv};
use tests::program::Said;
use tests::{suite, table};
use tokio::sync::watch;

use crate::program::plumbline;

suite!(
    Figures: everything_comes_back_on_either_database,
    no_table_is_left_out,
    a_backup_under_write_load_is_whole,
    only_an_empty_database_is_restored_into,
    what_is_restored_goes_on,
);
suite!(Nothing: a_backup_of_an_older_schema_is_brought_up_to_date);

/// A folder, and the backup that will lie in it.
fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plumbline.backup");
    (folder, file)
}

fn call(arguments: &[&str], db: &TestDb) -> Said {
    let url = ["--database-url", db.url()];
    plumbline(arguments.iter().chain(&url).copied()).run()
}

fn restore(file: &Path, db: &TestDb) -> Said {
    call(&["restore", file.to_str().unwrap()], db)
}

async fn taken(db: &TestDb, file: &Path) -> Manifest {
    save(&db.connect().await, file).await.unwrap().manifest
}

const BOTH: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

/// Numbers that a careless writer rounds.
async fn make_it_difficult(db: &TestDb) {
    let service = db.service().await;
    for (year, value) in [
        ("2001", "0.1"),
        ("2002", "123456789.012345"),
        ("2003", "0"),
        ("2004", "1e-7"),
    ] {
        let row = Row::new("petition_received_count", "shenzhen-luohu-sungang", year, value);
        let options = Options {
            commit: true,
            caller: api::service::access::Caller::operator("某人 \"quoted\"\\\n\u{1F600}"),
            ..Options::default()
        };
        // Not every number is one of persons; what counts is that odd rows and odd texts are among those stored.
        let _ = service
            .import(&format!("{year}.csv"), csv(&[row]).as_bytes(), &options)
            .await;
    }
    service.db().close().await.unwrap();
    let raw = db.raw().await;
    let third =
        "UPDATE indicator SET valid_max = 0.30000000000000004, valid_min = -1.7976931348623157e308 WHERE id = 1";
    raw.execute_unprepared(third).await.unwrap();
    raw.close().await.unwrap();
}

async fn everything_comes_back_on_either_database(db: TestDb) {
    make_it_difficult(&db).await;
    let (_folder, file) = place();
    let said = call(&["backup", file.to_str().unwrap()], &db);
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(said.out.contains("found whole"), "{said:#?}");
    let before = db.contents().await;
    for backend in BOTH {
        let other = TestDb::fresh(backend, Holding::Nothing);
        let said = restore(&file, &other);
        assert_eq!(said.code(), Some(0), "{said:#?}");
        assert!(said.out.contains("rules hold"), "{said:#?}");
        assert_eq!(other.contents().await, before);
        // And back: the same file but for the moment in which it was made.
        let (_folder, again) = place();
        let (first, second) = (Archive::open(&file).unwrap(), taken(&other, &again).await);
        // Numbers of the audit trail are written, not counted: where a database begins to count, nobody asks it.
        let counted = |tables: &[TableEntry]| -> Vec<TableEntry> {
            let mut tables = tables.to_vec();
            for table in tables.iter_mut().filter(|table| table.name.starts_with("audit_")) {
                table.last_id = None;
            }
            tables
        };
        assert_eq!(counted(&first.manifest().tables), counted(&second.tables));
    }
}

async fn no_table_is_left_out(db: TestDb) {
    let (_folder, file) = place();
    let manifest = taken(&db, &file).await;
    let mut names = table::names();
    names.sort();
    let told: Vec<String> = manifest.tables.iter().map(|table| table.name.clone()).collect();
    assert_eq!(told, names);
    assert_eq!(manifest.migrations, migration::names());
    let contents = db.contents().await;
    for table in &manifest.tables {
        assert_eq!(table.rows, contents[&table.name].len() as u64, "{}", table.name);
    }
}

/// What a question about one number is answered with.
async fn number(db: &TestDb, question: &str) -> i64 {
    let raw = db.raw().await;
    let statement = Statement::from_string(raw.get_database_backend(), question);
    let row = raw.query_one_raw(statement).await.unwrap().unwrap();
    raw.close().await.unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn write(service: &Service, number: u32) {
    let rows: Vec<Row> = (2000..2020)
        .map(|year| {
            Row::new(
                "petition_received_count",
                "shenzhen-luohu-sungang",
                &year.to_string(),
                &number.to_string(),
            )
        })
        .collect();
    let options = Options {
        commit: true,
        caller: api::service::access::Caller::operator("tester"),
        reason: Some(RevisionReason::Error),
        ..Options::default()
    };
    service
        .import("load.csv", csv(&rows).as_bytes(), &options)
        .await
        .unwrap();
}

async fn a_backup_under_write_load_is_whole(db: TestDb) {
    let (stop, stopped) = watch::channel(false);
    let service = db.service().await;
    write(&service, 0).await;
    let writer = tokio::spawn(async move {
        let mut batches = 0u32;
        while !*stopped.borrow() {
            batches += 1;
            write(&service, batches).await;
        }
        batches
    });
    let pool = db.connect().await;
    let mut feeds = Vec::new();
    for backend in [Backend::Sqlite, Backend::Postgres, db.backend()] {
        let (_folder, file) = place();
        let manifest = save(&pool, &file).await.unwrap().manifest;
        feeds.push(manifest.feed);
        let other = TestDb::fresh(backend, Holding::Nothing);
        let said = restore(&file, &other);
        assert_eq!(said.code(), Some(0), "{said:#?}");
        // That every batch is whole is one of the rules that were held; here that the last one is the current one with all it has.
        let last = "SELECT count(*) FROM observation WHERE superseded_at IS NULL AND batch_id = (SELECT max(id) FROM import_batch)";
        assert_eq!(number(&other, last).await, 20);
    }
    stop.send_replace(true);
    assert!(writer.await.unwrap() > 2);
    assert!(
        feeds.is_sorted() && feeds[0] < feeds[2],
        "nothing was written meanwhile: {feeds:?}"
    );
}

async fn only_an_empty_database_is_restored_into(db: TestDb) {
    let (_folder, file) = place();
    taken(&db, &file).await;
    let before = db.contents().await;
    let said = restore(&file, &db);
    assert_eq!(said.code(), Some(2), "{said:#?}");
    assert!(said.err.contains("the database is not empty"), "{said:#?}");
    assert_eq!(db.contents().await, before);
    // An empty one that was migrated already will do.
    let other = TestDb::fresh(db.backend(), Holding::Tables);
    let said = restore(&file, &other);
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert_eq!(other.contents().await, before);
    let said = call(&["backup", file.to_str().unwrap()], &db);
    assert_eq!(said.code(), Some(2), "a backup is not written over: {said:#?}");
}

async fn what_is_restored_goes_on(db: TestDb) {
    let (_folder, file) = place();
    taken(&db, &file).await;
    let other = TestDb::fresh(db.backend(), Holding::Nothing);
    assert_eq!(restore(&file, &other).code(), Some(0));
    for one in [&db, &other] {
        let service = one.service().await;
        write(&service, 7).await;
        service.db().close().await.unwrap();
        let said = call(&["check"], one);
        assert_eq!(said.code(), Some(0), "{said:#?}");
    }
    // The keys count on where they were: no id is given twice.
    let ids = "SELECT max(id) FROM observation";
    assert_eq!(number(&other, ids).await, number(&db, ids).await);
}

async fn a_backup_of_an_older_schema_is_brought_up_to_date(db: TestDb) {
    let all = migration::names().len();
    migration::up_to(db.url(), 7).await.unwrap();
    let raw = db.raw().await;
    let theme = "INSERT INTO theme (code, sort_order, name_zh, name_en) VALUES ('law', 1, '法', 'Law')";
    raw.execute_unprepared(theme).await.unwrap();
    raw.close().await.unwrap();
    let (_folder, file) = place();
    let manifest = taken(&db, &file).await;
    assert_eq!(manifest.migrations.len(), 7);
    for backend in BOTH {
        let other = TestDb::fresh(backend, Holding::Nothing);
        let said = restore(&file, &other);
        assert_eq!(said.code(), Some(0), "{said:#?}");
        assert_eq!(
            said.out.lines().filter(|line| line.starts_with("applied m")).count(),
            all - 7,
            "{said:#?}"
        );
        assert_eq!(other.contents().await["theme"].len(), 1);
    }
}
