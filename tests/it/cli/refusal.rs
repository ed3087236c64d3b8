//! Databases and addresses that a server cannot be started with: a clear word and an exit code, never a panic.

use std::net::TcpListener;

use sea_orm::ConnectionTrait;
use tests::db::{Holding, TestDb};
use tests::program::Said;
use tests::suite;

use crate::program::plumbline;

suite!(Nothing: a_database_that_was_never_migrated_is_refused);
suite!(Tables: a_database_of_a_newer_program_is_refused);

/// The server with this database, which does not start.
fn serve(url: &str) -> Said {
    let said = plumbline(["serve", "--listen", "127.0.0.1:0", "--database-url", url]).run();
    assert_eq!((said.code(), said.out.as_str()), (Some(1), ""), "{said:#?}");
    assert!(said.err.starts_with("error: "), "{said:#?}");
    assert!(!said.err.contains("panicked"), "{said:#?}");
    said
}

async fn a_database_that_was_never_migrated_is_refused(db: TestDb) {
    let hint = "run `plumbline migrate` with the same settings";
    assert!(serve(db.url()).err.contains(hint));
    if let Some(file) = db.file() {
        assert!(!file.exists(), "a server makes no file");
        std::fs::write(&file, b"").unwrap();
        assert!(serve(db.url()).err.contains(hint));
    }
    for command in [&["import", "figures.csv"][..], &["catalog", "apply"]] {
        let call = plumbline(command.iter().copied()).args(["--database-url", db.url()]);
        std::fs::write(
            call.desk().join("figures.csv"),
            "indicator,org,period,value\na,b,2021,1\n",
        )
        .unwrap();
        let said = call.run();
        assert_eq!(said.code(), Some(1), "{said:#?}");
        assert!(said.err.contains(hint), "{said:#?}");
    }
}

async fn a_database_of_a_newer_program_is_refused(db: TestDb) {
    let raw = db.raw().await;
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_of_tomorrow', 0)";
    raw.execute_unprepared(newer).await.unwrap();
    raw.close().await.unwrap();
    assert!(
        serve(db.url())
            .err
            .contains("this program is not older than its schema")
    );
}

#[test]
fn what_is_no_database_is_refused() {
    let db = TestDb::sqlite(Holding::Figures);
    let file = db.file().unwrap();
    let sound = std::fs::read(&file).unwrap();

    std::fs::write(&file, b"indicator,org,period,value\n".repeat(400)).unwrap();
    assert!(serve(db.url()).err.contains("file is not a database"));
    // The head of the file is whole, and says that there is more.
    std::fs::write(&file, &sound[..4096]).unwrap();
    assert!(serve(db.url()).err.contains("malformed"));
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert!(serve(db.url()).err.contains("unable to open database file"));
}

#[test]
fn a_server_that_refuses_is_named_without_the_password() {
    let db = TestDb::postgres(Holding::Tables);
    let said = serve(&db.url().replace("postgres@", "ada:hunter2@"));
    assert!(said.err.contains("cannot open PostgreSQL at "), "{said:#?}");
    assert!(said.err.contains("that the user and password are right"), "{said:#?}");
    assert!(!said.err.contains("hunter2"), "{said:#?}");
}

#[test]
fn an_address_in_use_is_named() {
    let db = TestDb::sqlite(Holding::Tables);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = plumbline(["serve", "--listen", &address, "--database-url", db.url()]).run();
    assert_eq!((said.code(), said.out.as_str()), (Some(1), ""), "{said:#?}");
    assert!(
        said.err
            .contains(&format!("cannot listen on {address}: is another server running there?")),
        "{said:#?}"
    );
}
