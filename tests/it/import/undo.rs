//! Taking an import back: everything answers as before it, and the record of both stays.

use api::service::access::Caller;
use api::service::import::{ImportError, UndoOptions};
use entity::choice::RevisionReason;
use entity::import_batch;
use entity::observation::{self, Key};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::attempt::{STREET, commit, import, revise, stored};

suite!(
    Catalog: an_undone_batch_leaves_everything_as_it_was,
    an_undone_file_can_come_again,
    a_batch_with_later_corrections_is_not_undone,
    a_running_server_follows_an_undo,
);

fn received(year: &str, value: &str) -> Row {
    Row::new("petition_received_count", STREET, year, value)
}

fn undo(batch: Option<i64>) -> UndoOptions {
    UndoOptions {
        batch: batch.unwrap(),
        commit: true,
        caller: Caller::operator("tester"),
        reason: RevisionReason::Error,
    }
}

async fn an_undone_batch_leaves_everything_as_it_was(db: TestDb) {
    let service = db.service().await;
    let noted = csv(&[received("2020", "600").with("note", "快报")]);
    import(&service, &noted, &commit()).await;
    let before = stored(&service).await;
    let second = csv(&[received("2020", "601"), received("2021", "720")]);
    let report = import(&service, &second, &revise(RevisionReason::Late)).await;
    let told = service
        .undo(&UndoOptions {
            commit: false,
            ..undo(report.batch)
        })
        .await
        .unwrap();
    assert_eq!((told.restored, told.withdrawn, told.batch), (1, 1, None));
    assert_eq!(stored(&service).await.len(), 2, "a dry run changes nothing");

    let done = service.undo(&undo(report.batch)).await.unwrap();
    assert_eq!((done.restored, done.withdrawn), (1, 1));
    let after = stored(&service).await;
    let figure = |rows: &[observation::Model]| -> Vec<_> {
        rows.iter()
            .map(|row| {
                (
                    Key::from(row),
                    row.value,
                    row.status,
                    row.printed.clone(),
                    row.note.clone(),
                    row.source_id,
                )
            })
            .collect()
    };
    assert_eq!(figure(&after), figure(&before));
    assert_eq!(after[0].revision, 3);
    // Both the batch and its undoing are on record, and so is what was known between them.
    let batch = import_batch::by_ids(service.db(), &[done.batch.unwrap()])
        .await
        .unwrap()
        .remove(0);
    assert_eq!((batch.undoes, batch.revised_count), (report.batch, 2));
    let between = observation::count(
        service.db(),
        &observation::Filter::default(),
        Some(batch.recorded_at - 1),
    )
    .await
    .unwrap();
    assert_eq!(between, 2);
    // Undoing the undoing brings the figures again.
    service.undo(&undo(done.batch)).await.unwrap();
    let values: Vec<_> = stored(&service).await.iter().map(|row| row.value).collect();
    assert_eq!(values, [Some(601.0), Some(720.0)]);
}

async fn an_undone_file_can_come_again(db: TestDb) {
    let service = db.service().await;
    let file = csv(&[received("2021", "720")]);
    let first = import(&service, &file, &commit()).await;
    assert!(import(&service, &file, &commit()).await.known.is_some());
    service.undo(&undo(first.batch)).await.unwrap();
    assert!(stored(&service).await.is_empty());
    let again = import(&service, &file, &commit()).await;
    assert_eq!(
        (again.created, again.revised),
        (1, 0),
        "what was withdrawn is no figure to revise"
    );
    assert_eq!(stored(&service).await[0].revision, 3);
}

async fn a_batch_with_later_corrections_is_not_undone(db: TestDb) {
    let service = db.service().await;
    let first = import(
        &service,
        &csv(&[received("2020", "600"), received("2021", "720")]),
        &commit(),
    )
    .await;
    let second = import(
        &service,
        &csv(&[received("2021", "721")]),
        &revise(RevisionReason::Error),
    )
    .await;
    let before = db.contents().await;
    let refused = service.undo(&undo(first.batch)).await;
    assert!(matches!(refused, Err(ImportError::Superseded(1))), "{refused:?}");
    assert_eq!(db.contents().await, before);
    let undone = service.undo(&undo(second.batch)).await.unwrap();
    let refused = service.undo(&undo(second.batch)).await;
    assert!(
        matches!(refused, Err(ImportError::Undone(by)) if Some(by) == undone.batch),
        "{refused:?}"
    );
    assert!(service.undo(&undo(Some(999))).await.is_err());
}

async fn a_running_server_follows_an_undo(db: TestDb) {
    let app = TestApp::start(&db).await;
    let service = app.service();
    let ask = format!(
        r#"{{ compare(input: {{ indicators: {{ codes: ["petition_received_count"] }}, orgs: {{ codes: ["{STREET}"] }}, period: "2021" }}) {{ rows {{ current {{ value status }} base {{ value }} }} }} }}"#
    );
    let told = async || app.data(&ask, serde_json::Value::Null).await["compare"]["rows"][0].clone();
    let nothing = told().await;
    let batch = import(
        service,
        &csv(&[received("2020", "600"), received("2021", "720")]),
        &commit(),
    )
    .await
    .batch;
    assert_eq!(told().await["current"]["value"], 720.0);
    service.undo(&undo(batch)).await.unwrap();
    assert_eq!(told().await, nothing, "as if it had never come");
}
