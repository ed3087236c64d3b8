//! `plumbline check` finds what does not hang together.

use sea_orm::ConnectionTrait;
use tests::db::TestDb;
use tests::suite;

use super::call;

suite!(Figures: what_is_sound_passes, each_fault_is_found);

async fn what_is_sound_passes(db: TestDb) {
    let said = call(&["check"], &db);
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(
        !said.out.contains("BROKEN") && said.out.contains("rules hold"),
        "{said:#?}"
    );
}

async fn each_fault_is_found(db: TestDb) {
    let first = "id = (SELECT min(id) FROM observation)";
    for (fault, undo, named) in [
        (
            format!("UPDATE observation SET org_id = org_id + 1000000 WHERE {first}"),
            format!("UPDATE observation SET org_id = org_id - 1000000 WHERE {first}"),
            "observation.org_id is a key of org_unit",
        ),
        (
            format!("UPDATE observation SET revision = 2 WHERE {first}"),
            format!("UPDATE observation SET revision = 1 WHERE {first}"),
            "the revisions of a key in observation are 1, 2, 3",
        ),
        (
            format!("UPDATE observation SET superseded_at = recorded_at + 1 WHERE {first}"),
            format!("UPDATE observation SET superseded_at = NULL WHERE {first}"),
            "the last revision of a key in observation is the current one",
        ),
        (
            "UPDATE import_batch SET created_count = created_count + 1".to_owned(),
            "UPDATE import_batch SET created_count = created_count - 1".to_owned(),
            "a batch has as many figures as it says",
        ),
        (
            "UPDATE change_feed SET batch_id = 999 WHERE batch_id IS NOT NULL".to_owned(),
            "UPDATE change_feed SET batch_id = 1 WHERE batch_id IS NOT NULL".to_owned(),
            "change_feed.batch_id is a key of import_batch",
        ),
    ] {
        run(&db, &fault).await;
        let said = call(&["check"], &db);
        assert_eq!(said.code(), Some(1), "{fault}: {said:#?}");
        assert!(said.err.contains(named), "{fault}: {said:#?}");
        assert!(said.out.contains("BROKEN"), "{fault}: {said:#?}");
        run(&db, &undo).await;
    }
    assert_eq!(call(&["check"], &db).code(), Some(0));
}

async fn run(db: &TestDb, text: &str) {
    let raw = db.raw().await;
    raw.execute_unprepared(text).await.unwrap();
    raw.close().await.unwrap();
}
