//! `plumbline evaluate`: the figures of the server, sealed and proved from the command line.

use sea_orm::ConnectionTrait;
use tests::db::TestDb;
use tests::program::Said;
use tests::suite;

use crate::evaluation::serve;
use crate::program::plumbline;

suite!(Catalog: a_run_is_published_written_and_proved);

fn evaluate(db: &TestDb, arguments: &[&str]) -> Said {
    let always = [
        "evaluate",
        "small",
        "2025",
        "--author",
        "office",
        "--database-url",
        db.url(),
    ];
    plumbline(always.into_iter().chain(arguments.iter().copied())).run()
}

async fn a_run_is_published_written_and_proved(db: TestDb) {
    let app = serve(&db).await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let before = db.contents().await;
    let said = evaluate(
        &db,
        &["--publish", "--output", &path("run.csv"), "--output", &path("run.pdf")],
    );
    assert_eq!(said.code(), Some(2), "{said:#?}");
    assert_eq!(db.contents().await, before, "a name that is none leaves no run behind");

    let said = evaluate(
        &db,
        &["--publish", "--output", &path("run.csv"), "--output", &path("run.json")],
    );
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(said.out.contains("Sealed as run 1, SHA-256 "), "{said:#?}");
    for form in ["csv", "json"] {
        let served = app.get(&format!("/export/evaluation/small/2025.{form}?run=1")).await;
        let written = std::fs::read(path(&format!("run.{form}"))).unwrap();
        assert_eq!((served.status, served.body), (200, written), "{form}");
    }
    let said = evaluate(&db, &["--verify", "1"]);
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(said.out.contains("reproduced byte by byte"), "{said:#?}");

    let connection = db.raw().await;
    let flip = "UPDATE observation SET value = 91 WHERE value = 90";
    connection.execute_unprepared(flip).await.unwrap();
    connection.close().await.unwrap();
    let said = evaluate(&db, &["--verify", "1"]);
    assert_eq!(said.code(), Some(2), "{said:#?}");
    assert!(said.err.contains("gives something else now"), "{said:#?}");
}
