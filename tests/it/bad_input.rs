//! Whatever a caller sends, the answer is a coded error with a hint, never a fault of ours, and the server stays well.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Answer;
use tests::db::{Holding, TestDb};
use tests::suite;

suite!(Figures: bad_arguments_are_refused_with_code_and_hint, queries_over_the_limits_are_refused, malformed_requests_are_refused);

const JSON: (&str, &str) = ("content-type", "application/json");

/// The code of the first error.
fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"]
        .as_str()
        .unwrap_or_else(|| panic!("{answer:#}"))
}

async fn is_well(app: &TestApp) {
    let answer = app
        .query("{ indicator(code: \"petition_received_count\") { code } }", json!({}))
        .await;
    assert_eq!(
        answer["data"],
        json!({ "indicator": { "code": "petition_received_count" } })
    );
}

fn compare(input: &str) -> String {
    format!("{{ compare(input: {{ {input} }}) {{ rows {{ change {{ reason }} }} }} }}")
}

/// A query, the code of its refusal, and a word of its message.
type Bad = (String, &'static str, &'static str);

fn bad_comparisons() -> Vec<Bad> {
    let one = "indicators: { codes: [\"admin_litigation_count\"] }, orgs: { codes: [\"shenzhen-longhua-guanhu\"] }";
    vec![
        (
            compare(&format!("{one}, period: \"2025-13\"")),
            "BAD_USER_INPUT",
            "there is no such month",
        ),
        (
            compare(&format!("{one}, period: \"20204月\"")),
            "BAD_USER_INPUT",
            "is not a period",
        ),
        (
            compare(&format!("{one}, period: \"2021-09/2021-01\"")),
            "BAD_USER_INPUT",
            "ends before it begins",
        ),
        (
            compare(&format!("{one}, period: 2025")),
            "BAD_USER_INPUT",
            "xpected input type",
        ),
        (
            compare(&format!("{one}, period: \"2025\", baseline: PERIOD")),
            "BAD_USER_INPUT",
            "needs basePeriod",
        ),
        (
            compare(&format!(
                "{one}, period: \"2025\", baseline: PERIOD, basePeriod: \"2024-01/2024-11\""
            )),
            "BAD_USER_INPUT",
            "unlike periods",
        ),
        (
            compare(&format!("{one}, period: \"2025\", basePeriod: \"2024\"")),
            "BAD_USER_INPUT",
            "baseline PERIOD only",
        ),
        (
            compare("indicators: { codes: [\"admin_litigation_cuont\"] }, orgs: {}, period: \"2025\""),
            "NOT_FOUND",
            "admin_litigation_cuont",
        ),
        (
            compare("indicators: { theme: \"sports\" }, orgs: {}, period: \"2025\""),
            "NOT_FOUND",
            "sports",
        ),
        (
            compare("indicators: {}, orgs: { within: \"atlantis\" }, period: \"2025\""),
            "NOT_FOUND",
            "atlantis",
        ),
        (
            compare(&format!("{one}, period: \"2025\", asOf: \"yesterday\"")),
            "BAD_USER_INPUT",
            "not a moment",
        ),
    ]
}

fn bad_pages() -> Vec<Bad> {
    vec![
        (
            "{ indicators(first: 1000000) { totalCount } }".to_owned(),
            "BAD_USER_INPUT",
            "first is 1000000",
        ),
        (
            "{ observations(first: -1) { totalCount } }".to_owned(),
            "BAD_USER_INPUT",
            "first is -1",
        ),
        (
            "{ observations(last: 2147483647) { totalCount } }".to_owned(),
            "BAD_USER_INPUT",
            "last is 2147483647",
        ),
        (
            "{ orgUnits(first: 1, last: 1) { totalCount } }".to_owned(),
            "BAD_USER_INPUT",
            "both given",
        ),
        (
            "{ orgUnits(after: \"***\") { totalCount } }".to_owned(),
            "BAD_USER_INPUT",
            "not a cursor",
        ),
        (
            "{ node(id: \"petition\") { id } }".to_owned(),
            "BAD_USER_INPUT",
            "not an id",
        ),
        (
            "{ indicators(first: 1000000000000000000000000000000) { totalCount } }".to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
            "",
        ),
        (
            "{ indicators(kind: BANANA) { totalCount } }".to_owned(),
            "GRAPHQL_VALIDATION_FAILED",
            "",
        ),
        ("{ nothing }".to_owned(), "GRAPHQL_VALIDATION_FAILED", "nothing"),
        ("{ indicators { ".to_owned(), "GRAPHQL_PARSE_FAILED", ""),
        (String::new(), "GRAPHQL_PARSE_FAILED", ""),
    ]
}

async fn bad_arguments_are_refused_with_code_and_hint(db: TestDb) {
    let app = TestApp::start(&db).await;
    for (query, expected, told) in bad_comparisons().into_iter().chain(bad_pages()) {
        let answer = app.query(&query, json!({})).await;
        assert_eq!(code(&answer), expected, "{query}: {answer:#}");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(told), "{query}: {message}");
        assert!(
            !message.contains("sea_orm") && !message.contains("SELECT") && !message.contains(".rs"),
            "{message}"
        );
    }
    let near = app
        .query(
            &compare("indicators: { codes: [\"admin_litigation_cuont\"] }, orgs: {}, period: \"2025\""),
            json!({}),
        )
        .await;
    assert!(
        near["errors"][0]["extensions"]["hint"]
            .as_str()
            .unwrap()
            .contains("did you mean `admin_litigation_count`")
    );
    is_well(&app).await;
}

async fn queries_over_the_limits_are_refused(db: TestDb) {
    let app = TestApp::start_with(&db, |config| config.graphql.max_cells = 100).await;
    let deep = format!(
        "{{ orgUnit(code: \"shenzhen\") {}{{ code }} {} }}",
        "{ parent ".repeat(50),
        "}".repeat(50)
    );
    let wide = format!(
        "{{ indicators(first: 500) {{ nodes {{ {} }} }} }}",
        (0..200)
            .map(|n| format!("name{} ", if n == 0 { "" } else { " code" }))
            .collect::<String>()
    );
    let aliases = format!(
        "{{ {} }}",
        (0..101)
            .map(|n| format!("a{n}: indicator(code: \"x\") {{ code }} "))
            .collect::<String>()
    );
    let mut doubling = "{ ...f0 }".to_owned();
    for level in 0..25 {
        doubling.push_str(&format!(
            " fragment f{level} on Query {{ ...f{next} ...f{next} }}",
            next = level + 1
        ));
    }
    doubling.push_str(" fragment f25 on Query { __typename }");
    for (what, query) in [
        ("depth", deep),
        ("cost", wide),
        ("aliases", aliases),
        ("doubling", doubling),
        ("nesting", "{a".repeat(50_000)),
        ("cells", compare("indicators: {}, orgs: {}, period: \"2025\"")),
    ] {
        let answer = app.query(&query, json!({})).await;
        assert_eq!(code(&answer), "LIMIT_EXCEEDED", "{what}: {answer:#}");
        assert!(answer["errors"][0]["extensions"]["hint"].is_string(), "{what}");
    }
    let circle = app
        .query(
            "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
            json!({}),
        )
        .await;
    assert_eq!(code(&circle), "BAD_USER_INPUT");
    is_well(&app).await;
}

fn is(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    assert_eq!(answer.json()["errors"][0]["extensions"]["code"], code);
    assert!(answer.header("content-type").unwrap().contains("json"));
    assert!(answer.header("x-request-id").is_some());
}

async fn malformed_requests_are_refused(db: TestDb) {
    let app = TestApp::start(&db).await;
    let client = app.client();
    for (body, told) in [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        ("[{\"query\": \"{ __typename }\"}]", "not a JSON object"),
        ("{}", "`query`"),
        ("{\"query\": 7}", "`query`"),
        ("{\"query\": \"{ __typename }\", \"variables\": []}", "`variables`"),
        (
            "{\"query\": \"{ __typename }\", \"operationName\": {}}",
            "`operationName`",
        ),
        ("{\"query\": \"{ __typename }\", \"extensions\": 1}", "`extensions`"),
    ] {
        let answer = client.raw_post(&[JSON], body).await;
        is(&answer, 400, "BAD_USER_INPUT");
        assert!(
            answer.json()["errors"][0]["message"].as_str().unwrap().contains(told),
            "{body}: {}",
            answer.text()
        );
    }
    is(
        &client.raw_post(&[JSON], b"{\"query\": \"\xff\"}".as_slice()).await,
        400,
        "BAD_USER_INPUT",
    );
    is(
        &client
            .raw_post(&[("content-type", "text/plain")], "{ __typename }")
            .await,
        415,
        "BAD_USER_INPUT",
    );
    let large = format!("{{\"query\": \"{}\"}}", " ".repeat(50_000_000));
    is(&client.raw_post(&[JSON], large).await, 413, "LIMIT_EXCEEDED");
    is(&client.get("/nowhere").await, 404, "NOT_FOUND");
    is(&client.get("/graphql").await, 400, "BAD_USER_INPUT");
    is(
        &client.get("/graphql?query={__typename}&variables=[").await,
        400,
        "BAD_USER_INPUT",
    );
    let good = client.get("/graphql?query=%7B__typename%7D").await;
    assert_eq!(
        (good.status, good.text()),
        (
            200,
            "{\"data\":{\"__typename\":\"Query\"},\"extensions\":{\"cost\":{\"fields\":1,\"limit\":50000,\"depth\":1}}}"
        )
    );
    let specified = client
        .raw_post(
            &[JSON, ("accept", "application/graphql-response+json")],
            "{\"query\": \"{ nothing }\"}",
        )
        .await;
    assert_eq!(specified.status, 400);
    assert!(specified.json().get("data").is_none());
    is_well(&app).await;
}

/// A server whose database is gone says so, is not ready, and lives.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_database_is_unavailable_and_not_a_crash() {
    let db = TestDb::postgres(Holding::Figures);
    let app = TestApp::start_with(&db, |config| {
        config.database.acquire_timeout = std::time::Duration::from_secs(2)
    })
    .await;
    is_well(&app).await;
    assert_eq!(app.client().get("/health/ready").await.status, 200);
    app.service().db().close().await.unwrap();
    let answer = app
        .client()
        .raw_post(&[JSON], "{\"query\": \"{ indicators { totalCount } }\"}")
        .await;
    assert_eq!(answer.status, 503);
    let error = &answer.json()["errors"][0];
    assert_eq!(error["extensions"]["code"], "UNAVAILABLE");
    assert_eq!(error["extensions"]["requestId"].as_str(), answer.header("x-request-id"));
    assert_eq!(app.client().get("/health/ready").await.status, 503);
    assert_eq!(app.client().get("/health/live").await.status, 200);
}
