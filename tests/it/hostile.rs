//! Requests that mean harm: each ends within two seconds in a coded error with the status that GraphQL over HTTP asks for, and the next query is well.

mod document;
mod refused_early;
mod request;
mod slow;
mod wire;

use std::time::{Duration, Instant};

use serde_json::json;
use tests::app::TestApp;
use tests::db::{Holding, TestDb};

use self::wire::{Wire, send};

/// Longer than this no request may hold the server.
const PATIENCE: Duration = Duration::from_secs(2);

/// A request, the status of its answer, and the code of its error.
struct Case {
    name: String,
    wire: Wire,
    status: u16,
    code: &'static str,
}

impl Case {
    fn new(name: impl Into<String>, wire: Wire, status: u16, code: &'static str) -> Self {
        Self {
            name: name.into(),
            wire,
            status,
            code,
        }
    }
}

async fn hold(app: &TestApp, case: &Case) {
    let name = &case.name;
    let started = Instant::now();
    let answer = send(app.url(), &case.wire).await;
    let took = started.elapsed();
    let body = String::from_utf8_lossy(&answer.body);
    let told = body.get(..body.len().min(500)).unwrap_or_default();
    assert_eq!(answer.status, case.status, "{name}: {told}");
    let parsed: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{name}: {told}"));
    assert!(
        parsed.get("data").is_none_or(serde_json::Value::is_null),
        "{name}: {told}"
    );
    let errors = parsed["errors"].as_array().unwrap_or_else(|| panic!("{name}: {told}"));
    assert!((1..=20).contains(&errors.len()), "{name}: {} errors", errors.len());
    assert_eq!(errors[0]["extensions"]["code"], case.code, "{name}: {told}");
    assert!(body.len() < 20_000, "{name}: an answer of {} bytes", body.len());
    for inner in ["async_graphql", "sea_orm", "SELECT ", ".rs:", "panicked", "stack"] {
        assert!(!body.contains(inner), "{name}: {told}");
    }
    assert!(took < PATIENCE, "{name}: {took:?}");
    is_well(app, name).await;
}

async fn is_well(app: &TestApp, after: &str) {
    let started = Instant::now();
    let answer = app
        .query("{ indicator(code: \"petition_received_count\") { code } }", json!({}))
        .await;
    assert_eq!(
        answer["data"]["indicator"]["code"], "petition_received_count",
        "after {after}"
    );
    assert!(started.elapsed() < PATIENCE, "after {after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_requests_end_in_coded_errors_and_the_server_stays_well() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    let mut cases = document::cases();
    cases.extend(request::cases());
    assert!(cases.len() >= 60, "{} cases", cases.len());
    for case in &cases {
        hold(&app, case).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_inside_rows_do_not_multiply_without_bound() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start_with(&db, |config| config.graphql.max_complexity = 20).await;
    let ask = async |children: u32| {
        let query = format!(
            "{{ compare(input: {{ indicators: {{ theme: \"disputes\" }}, orgs: {{ codes: [\"shenzhen\"] }}, period: \"2021\" }}) {{ \
             rows {{ orgUnit {{ children(first: {children}) {{ nodes {{ code }} }} }} }} }} }}"
        );
        app.query(&query, json!({})).await
    };
    let refused = ask(3).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED",
        "{refused}"
    );
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("rows inside rows"), "{message}");
    assert!(refused["errors"].as_array().unwrap().len() <= 20);
    let empty = ask(0).await;
    assert!(empty.get("errors").is_none(), "nothing is listed: {empty}");
}
