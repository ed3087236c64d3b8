//! Persisted queries by their hash: told when it is not known, kept once, asked by POST and by GET.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::app::TestApp;
use tests::db::{Holding, TestDb};

const QUERY: &str = "{ __typename }";
/// The SHA-256 of the query, from `sha256sum`.
const HASH: &str = "7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b";

fn hashed() -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": HASH } })
}

async fn post(app: &TestApp, body: Value) -> (u16, Value) {
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/graphql-response+json"),
    ];
    let answer = app.raw_post(&headers, body.to_string()).await;
    (answer.status, answer.json())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_asked_by_its_hash_once_it_was_sent() {
    let db = TestDb::sqlite(Holding::Catalog);
    let app = TestApp::start(&db).await;
    let (status, unknown) = post(&app, json!({ "extensions": hashed() })).await;
    assert_eq!(
        (status, &unknown["errors"][0]["extensions"]["code"]),
        (200, &json!("PERSISTED_QUERY_NOT_FOUND"))
    );
    assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound");
    // What is refused is not kept.
    let bad = json!({ "persistedQuery": { "version": 1, "sha256Hash": "0".repeat(64) } });
    let (status, refused) = post(&app, json!({ "query": QUERY, "extensions": bad })).await;
    assert_eq!(
        (status, &refused["errors"][0]["extensions"]["code"]),
        (400, &json!("BAD_USER_INPUT"))
    );
    let (_, still) = post(&app, json!({ "extensions": hashed() })).await;
    assert_eq!(still["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
    for body in [
        json!({ "query": QUERY, "extensions": hashed() }),
        json!({ "query": null, "extensions": hashed() }),
        json!({ "extensions": hashed() }),
    ] {
        let (status, answer) = post(&app, body).await;
        assert_eq!((status, &answer["data"]), (200, &json!({ "__typename": "Query" })));
    }
    let by_get = app
        .get(&format!(
            "/graphql?extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22{HASH}%22%7D%7D"
        ))
        .await;
    assert_eq!(
        (by_get.status, &by_get.json()["data"]),
        (200, &json!({ "__typename": "Query" }))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_keeps_none_says_so() {
    let db = TestDb::sqlite(Holding::Catalog);
    let app = TestApp::start_with(&db, |config| config.graphql.persisted_bytes = 0).await;
    let (status, answer) = post(&app, json!({ "query": QUERY, "extensions": hashed() })).await;
    assert_eq!(
        (status, &answer["errors"][0]["extensions"]["code"]),
        (200, &json!("PERSISTED_QUERY_NOT_SUPPORTED"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_schema_proposes_no_names() {
    let db = TestDb::sqlite(Holding::Catalog);
    let app = TestApp::start_with(&db, |config| config.graphql.introspection = false).await;
    let near = app.query("{ indicatr(code: \"x\") { code } }", json!({})).await;
    let message = near["errors"][0]["message"]
        .as_str()
        .unwrap_or_else(|| panic!("{near:#}"));
    assert!(!message.to_lowercase().contains("did you mean"), "{message}");
    let closed = app.query("{ __schema { types { name } } }", json!({})).await;
    assert_eq!(closed["data"], json!({ "__schema": null }));
}

/// Also where its answer is kept: whoever sends a text again wants it to be known again.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_went_is_known_again_once_it_was_sent_again() {
    let db = TestDb::sqlite(Holding::Figures);
    // Room for one text.
    let app = TestApp::start_with(&db, |config| config.graphql.persisted_bytes = 500).await;
    let text = |period: &str| {
        format!(
            r#"{{ compare(input: {{ indicators: {{ codes: ["admin_litigation_count"] }}, orgs: {{ codes: ["shenzhen-longhua-guanhu"] }}, period: "{period}" }}) {{ rows {{ current {{ value }} }} }} }}"#
        )
    };
    let by_hash = |text: &str| {
        let hash: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } })
    };
    let value = |(_, answer): (u16, Value)| answer["data"]["compare"]["rows"][0]["current"]["value"].clone();
    for (period, told) in [("2024", 5.0), ("2025", 11.0), ("2024", 5.0)] {
        let text = text(period);
        let mut both = by_hash(&text);
        both["query"] = json!(text);
        assert_eq!(value(post(&app, both).await), told);
    }
    assert_eq!(value(post(&app, by_hash(&text("2024"))).await), 5.0, "it was just sent");
    assert_eq!(
        value(post(&app, by_hash(&text("2025"))).await),
        Value::Null,
        "there is room for one"
    );
    // Its answer is kept, which needs the text no more.
    let mut other = by_hash(&text("2025"));
    other["query"] = json!(text("2025"));
    assert_eq!(value(post(&app, other).await), 11.0);
    assert_eq!(
        value(post(&app, by_hash(&text("2024"))).await),
        5.0,
        "it is given again"
    );
}
