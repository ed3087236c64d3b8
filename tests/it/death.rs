//! Sudden death: whatever is killed, and whenever, the database holds all of a batch or none of it.

mod fault;
mod importer;
mod outcome;

use std::os::unix::process::ExitStatusExt;
use std::time::Instant;

use tests::client::Client;
use tests::db::{Holding, TestDb};
use tests::suite;

use self::importer::Importer;
use self::outcome::{Outcome, check, the_next_import_works};
use crate::program::plumbline;

/// Rows of the file whose import is killed while it writes: more than SQLite keeps in memory before the commit.
const MANY: usize = 10_000;
/// Rows of the file whose import is killed again and again.
const ROWS: usize = 4_000;
/// The undisturbed import is cut into so many parts; at the end of each but the last one import is killed.
const PARTS: u32 = 8;
/// What the signal is called in an exit status.
const SIGKILL: i32 = 9;

suite!(
    Catalog: an_import_killed_at_any_moment_leaves_all_or_nothing,
    an_import_killed_while_it_writes_leaves_nothing_half_done,
    a_server_killed_during_an_import_serves_what_was_committed,
);

async fn an_import_killed_at_any_moment_leaves_all_or_nothing(db: TestDb) {
    let importer = Importer::new(ROWS);
    let started = Instant::now();
    let said = importer.start(&db).end();
    let whole = started.elapsed();
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert_eq!(check(&db, ROWS).await, Outcome::All);
    let mut killed = 0;
    for part in 1..PARTS {
        let db = TestDb::fresh(db.backend(), Holding::Catalog);
        let started = Instant::now();
        let mut import = importer.start(&db);
        import.runs_until(started + whole * part / PARTS);
        killed += usize::from(import.kill().status.signal() == Some(SIGKILL));
        check(&db, ROWS).await;
        the_next_import_works(&db).await;
    }
    assert_ne!(killed, 0, "every import was over before its moment");
}

async fn an_import_killed_while_it_writes_leaves_nothing_half_done(db: TestDb) {
    let importer = Importer::new(MANY);
    let mut import = importer.start(&db);
    importer.wait_until_it_writes(&db, &mut import).await;
    let said = import.kill();
    assert_eq!(said.status.signal(), Some(SIGKILL), "{said:#?}");
    let outcome = check(&db, MANY).await;
    let said = importer.start(&db).end();
    assert_eq!(said.code(), Some(0), "{said:#?}");
    if outcome == Outcome::All {
        assert!(said.out.starts_with("This file was imported before"), "{said:#?}");
    } else {
        assert!(said.out.starts_with(&format!("{MANY} rows: {MANY} new")), "{said:#?}");
    }
    assert_eq!(check(&db, MANY).await, Outcome::All);
}

async fn a_server_killed_during_an_import_serves_what_was_committed(db: TestDb) {
    let serve = || plumbline(["serve", "--listen", "127.0.0.1:0", "--database-url", db.url()]).start();
    let mut server = serve();
    let client = Client::new(&format!("http://{}", server.address()));
    assert_eq!(client.get("/health/ready").await.json()["figures"], 0);

    let importer = Importer::new(MANY);
    let mut import = importer.start(&db);
    importer.wait_until_it_writes(&db, &mut import).await;
    let said = server.kill();
    assert_eq!(said.status.signal(), Some(SIGKILL), "{said:#?}");
    let said = import.end();
    assert_eq!(said.code(), Some(0), "{said:#?}");

    let mut server = serve();
    let client = Client::new(&format!("http://{}", server.address()));
    assert_eq!(client.get("/health/ready").await.json()["figures"], MANY);
    server.terminate();
    assert_eq!(server.end().code(), Some(0));
    assert_eq!(check(&db, MANY).await, Outcome::All);
}
