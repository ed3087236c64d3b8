//! `/metrics`: what was done is counted, nothing that a caller makes up becomes a label, and only who may reads it.

use api::config::MetricsReader;
use serde_json::json;
use tests::app::TestApp;
use tests::db::{Backend, TestDb};
use tests::suite;

use super::change_feed::commit;

suite!(Figures: what_is_done_is_counted, only_who_may_reads_the_metrics);

/// The number at a metric, written with its labels; 0 where it is not told.
async fn value(app: &TestApp, metric: &str) -> f64 {
    let answer = app.get("/metrics").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let line = answer.text().lines().find_map(|line| line.strip_prefix(metric));
    line.map_or(0.0, |number| number.trim().parse().unwrap())
}

async fn what_is_done_is_counted(db: TestDb) {
    let app = TestApp::start(&db).await;
    let figures = app.get("/health/ready").await.json()["figures"].as_f64().unwrap();
    assert_eq!(value(&app, "plumbline_store_figures ").await, figures);
    assert!(value(&app, "plumbline_store_bytes ").await > 1000.0);
    assert!(value(&app, "plumbline_newest_recorded_seconds ").await > 1.7e9);
    assert_eq!(value(&app, "plumbline_database_up ").await, 1.0);
    assert!(value(&app, "plumbline_database_connections{state=\"open\"} ").await >= 1.0);
    assert!(value(&app, "process_resident_memory_bytes ").await > 1e6);

    for text in [
        "{ indicator(code: \"petition_received_count\") { code } }",
        "{ made_up_7 }",
        "{ made_up_8 }",
        "{",
    ] {
        app.query(text, json!({})).await;
    }
    for path in ["/made/up/9", "/graphql/made/up", "/export/made-up"] {
        app.get(path).await;
    }
    assert_eq!(
        value(
            &app,
            "plumbline_graphql_operations_total{code=\"OK\",field=\"indicator\"} "
        )
        .await,
        1.0
    );
    let invalid = "plumbline_graphql_operations_total{code=\"GRAPHQL_VALIDATION_FAILED\",field=\"invalid\"} ";
    assert_eq!(value(&app, invalid).await, 2.0);
    assert_eq!(
        value(
            &app,
            "plumbline_http_requests_total{method=\"POST\",route=\"/graphql\",status=\"200\"} "
        )
        .await,
        4.0
    );
    assert_eq!(
        value(
            &app,
            "plumbline_http_requests_total{method=\"GET\",route=\"other\",status=\"404\"} "
        )
        .await,
        1.0
    );
    let text = app.get("/metrics").await;
    assert!(!text.text().contains("made"), "{}", text.text());

    let lag = value(&app, "plumbline_feed_lag ").await;
    commit(app.service(), 2031, 1).await;
    assert_eq!(value(&app, "plumbline_imports_total{outcome=\"written\"} ").await, 1.0);
    assert!(value(&app, "plumbline_import_rows_total{outcome=\"created\"} ").await >= 1.0);
    assert!(value(&app, "plumbline_feed_lag ").await > lag, "nobody has asked since");
    app.get("/health/ready").await;
    assert_eq!(value(&app, "plumbline_feed_lag ").await, 0.0);
    assert!(value(&app, "plumbline_calculation_seconds_count ").await >= 1.0);
}

async fn only_who_may_reads_the_metrics(db: TestDb) {
    if db.backend() == Backend::Postgres {
        // It has nothing to do with the database.
        return;
    }
    let status = async |reader: MetricsReader, headers: &[(&str, &str)]| {
        let app = TestApp::start_with(&db, |config| config.metrics = reader).await;
        let answer = app.client().get_with("/metrics", headers).await;
        if answer.status != 200 {
            assert_eq!(answer.json()["errors"][0]["extensions"]["code"], "FORBIDDEN");
        }
        answer.status
    };
    let through_a_proxy = [("x-forwarded-for", "10.0.0.1")];
    assert_eq!(status(MetricsReader::Loopback, &[]).await, 200);
    assert_eq!(status(MetricsReader::Loopback, &through_a_proxy).await, 403);
    assert_eq!(status(MetricsReader::Always, &through_a_proxy).await, 200);
    assert_eq!(status(MetricsReader::Never, &[]).await, 403);
}
