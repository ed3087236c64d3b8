//! Sudden death: whenever the publisher is killed, all of the submission is published or nothing, and nothing of it is lost.

use std::time::Instant;

use entity::choice::SubmissionState;
use tests::db::{Holding, TestDb};
use tests::fixture::{Row, csv};
use tests::suite;

use super::desk::{NEW_YEAR, STREET, approved, fill_file, open, publish};
use crate::program::plumbline;

suite!(Catalog: a_publication_that_is_killed_is_whole_or_not_there);

/// The undisturbed publication is cut into so many parts; at the end of each but the last one publication is killed.
const PARTS: u32 = 5;

async fn prepared(db: &TestDb) -> (i64, usize) {
    let service = db.service().await;
    let snapshot = service.snapshot().await.unwrap();
    let counts = snapshot.catalog.indicators().iter();
    let counts = counts.filter(|row| row.kind == entity::choice::IndicatorKind::Count);
    let rows: Vec<Row> = counts.map(|row| Row::new(&row.code, STREET, "2021", "7")).collect();
    let draft = open(&service, STREET, "2021", NEW_YEAR).await;
    let filled = fill_file(&service, &draft, &csv(&rows), NEW_YEAR).await;
    (approved(&service, &filled, NEW_YEAR).await.id, rows.len())
}

async fn a_publication_that_is_killed_is_whole_or_not_there(db: TestDb) {
    let start = |db: &TestDb, id: i64| {
        let id = id.to_string();
        plumbline([
            "submission",
            "publish",
            &id,
            "--commit",
            "--author",
            "发布人",
            "--database-url",
            db.url(),
        ])
        .start()
    };
    let (id, figures) = prepared(&db).await;
    let started = Instant::now();
    let said = start(&db, id).end();
    let whole = started.elapsed();
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert_eq!(db.contents().await["observation"].len(), figures);
    for part in 1..PARTS {
        let db = TestDb::fresh(db.backend(), Holding::Catalog);
        let (id, figures) = prepared(&db).await;
        let started = Instant::now();
        let mut running = start(&db, id);
        running.runs_until(started + whole * part / PARTS);
        running.kill();
        let service = db.service().await;
        // A server goes on with the statement of a dead client: whoever writes next waits for its end.
        service.db().begin_write().await.unwrap().rollback().await.unwrap();
        let stands = service.submission(id, NEW_YEAR).await.unwrap();
        let contents = db.contents().await;
        let written = (contents["observation"].len(), contents["import_batch"].len());
        match stands.state {
            SubmissionState::Published => assert_eq!(written, (figures, 1)),
            SubmissionState::Approved => {
                assert_eq!(written, (0, 0));
                publish(&service, &stands, NEW_YEAR).await;
                assert_eq!(db.contents().await["observation"].len(), figures);
            }
            other => panic!("it stands at {other:?}"),
        }
    }
}
