//! Long imports are watched and stopped.

use std::time::Duration;

use api::service::access::Caller;
use api::service::import::{ImportError, Options, Phase};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::many_figures;
use tests::suite;

use super::attempt::commit;

suite!(Catalog: a_cancelled_import_writes_nothing, progress_is_told_until_the_end, an_import_ends_in_the_phase_of_its_end);

async fn a_cancelled_import_writes_nothing(db: TestDb) {
    let service = db.service().await;
    let before = db.contents().await;
    let options = commit();
    options.progress.cancel();
    let refused = service.import("many.csv", many_figures(100).as_bytes(), &options).await;
    assert!(matches!(refused, Err(ImportError::Cancelled)), "{refused:?}");
    // While it writes: the rows that were sent are taken back.
    let options = commit();
    let progress = options.progress.clone();
    let watch = tokio::spawn(async move {
        while progress.told().0 != Phase::Writing && progress.told().0 != Phase::Ended {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        progress.cancel();
    });
    let outcome = service
        .import("many.csv", many_figures(30_000).as_bytes(), &options)
        .await;
    watch.await.unwrap();
    assert!(
        matches!(outcome, Err(ImportError::Cancelled)),
        "{:?}",
        outcome.map(|report| report.batch)
    );
    assert_eq!(db.contents().await, before);
}

async fn progress_is_told_until_the_end(db: TestDb) {
    let app = TestApp::start(&db).await;
    let query = |job: &str| format!(r#"subscription {{ importProgress(job: "{job}") {{ phase done total }} }}"#);
    let headers = [("content-type", "application/json"), ("accept", "text/event-stream")];
    let job = app.service().jobs().begin(&Caller::operator("tester"), "mine").unwrap();
    let body = json!({ "query": query("mine") }).to_string();
    let (answer, ()) = tokio::join!(app.raw_post(&headers, body), async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        drop(job);
    });
    let text = answer.text();
    let (waiting, ended) = (text.find("WAITING"), text.find("ENDED"));
    assert!(waiting.is_some() && waiting < ended, "{text}");
    assert!(text.contains("event: complete"), "{text}");
    let body = json!({ "query": query("nobody's") }).to_string();
    let refused = app.raw_post(&headers, body).await;
    assert!(refused.text().contains("NOT_FOUND"), "{}", refused.text());
    let none = app.data(r#"mutation { cancelImport(job: "mine") }"#, Value::Null).await;
    assert_eq!(none["cancelImport"], false);
}

async fn an_import_ends_in_the_phase_of_its_end(db: TestDb) {
    let service = db.service().await;
    let options = Options { ..commit() };
    service
        .import("many.csv", many_figures(200).as_bytes(), &options)
        .await
        .unwrap();
    assert_eq!(options.progress.told(), (Phase::Ended, 200, 200));
}
