//! Files in a request: what is refused before anything runs, with which status.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::app::TestApp;
use tests::client::Answer;
use tests::db::{Holding, TestDb};

const PREFLIGHT: (&str, &str) = ("graphql-require-preflight", "1");

struct Form(String);

impl Form {
    fn new() -> Self {
        Self(String::new())
    }

    fn part(mut self, name: &str, text: &str) -> Self {
        self.0.push_str(&format!(
            "--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
        ));
        self
    }

    fn file(mut self, name: &str, bytes: usize) -> Self {
        self.0.push_str(&format!(
            "--x\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a.csv\"\r\ncontent-type: text/csv\r\n\r\n{}\r\n",
            "7".repeat(bytes)
        ));
        self
    }

    fn end(self) -> String {
        self.0 + "--x--\r\n"
    }

    /// A form of files that no operation takes.
    fn of(files: &[usize]) -> String {
        let operations = json!({ "query": "{ __typename }", "variables": { "files": vec![(); files.len()] } });
        let map: serde_json::Map<_, _> = (0..files.len())
            .map(|at| (at.to_string(), json!([format!("variables.files.{at}")])))
            .collect();
        let form = Self::new()
            .part("operations", &operations.to_string())
            .part("map", &json!(map).to_string());
        let with_files = files
            .iter()
            .enumerate()
            .fold(form, |form, (at, bytes)| form.file(&at.to_string(), *bytes));
        with_files.end()
    }
}

async fn send(app: &TestApp, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
    let headers = [headers, &[("content-type", "multipart/form-data; boundary=x")]].concat();
    app.raw_post(&headers, body).await
}

fn is(answer: &Answer, status: u16, code: &str, told: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let error = &answer.json()["errors"][0];
    assert_eq!(error["extensions"]["code"], code, "{error:#}");
    assert!(error["message"].as_str().unwrap().contains(told), "{told}: {error:#}");
    assert!(error["extensions"]["hint"].is_string(), "{error:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_are_read_within_limits() {
    let db = TestDb::sqlite(Holding::Tables);
    let app = TestApp::start_with(&db, |config| {
        config.http.max_upload_files = 3;
        config.http.max_upload_bytes = 1_000_000;
        config.http.max_upload_total_bytes = 1_500_000;
        config.http.max_body_bytes = 10_000;
    })
    .await;
    let good = send(&app, &[PREFLIGHT], Form::of(&[1_000_000, 400_000, 0])).await;
    assert_eq!(
        (good.status, &good.json()["data"]),
        (200, &json!({ "__typename": "Query" }))
    );
    let limit = "LIMIT_EXCEEDED";
    is(
        &send(&app, &[PREFLIGHT], Form::of(&[1_000_001])).await,
        413,
        limit,
        "a file is larger",
    );
    is(
        &send(&app, &[PREFLIGHT], Form::of(&[20_000_000])).await,
        413,
        limit,
        "a file is larger",
    );
    is(
        &send(&app, &[PREFLIGHT], Form::of(&[900_000, 900_000])).await,
        413,
        limit,
        "all files together",
    );
    is(
        &send(&app, &[PREFLIGHT], Form::of(&[1, 1, 1, 1])).await,
        413,
        limit,
        "4 files",
    );
    let long = Form::new().part("operations", &" ".repeat(20_000)).end();
    is(
        &send(&app, &[PREFLIGHT], long).await,
        413,
        limit,
        "`operations` is larger",
    );
    let headers = format!("--x\r\n{}", "a: b\r\n".repeat(1_000_000));
    is(
        &send(&app, &[PREFLIGHT], headers).await,
        413,
        limit,
        "headers of a part",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_that_are_none_are_refused() {
    let db = TestDb::sqlite(Holding::Tables);
    let app = TestApp::start(&db).await;
    let input = "BAD_USER_INPUT";
    is(&send(&app, &[], Form::of(&[1])).await, 400, input, "foreign page");
    let operations = "{\"query\":\"{ __typename }\",\"variables\":{\"a\":null,\"b\":7}}";
    let form = || Form::new().part("operations", operations);
    for (body, told) in [
        (String::new(), "cannot be read"),
        ("--x".to_owned(), "cannot be read"),
        (Form::new().end(), "`operations`"),
        (Form::new().part("map", "{}").end(), "`operations`"),
        (form().end(), "`map`"),
        (form().part("map", "[]").end(), "`map` is not"),
        (form().part("map", "{\"0\": \"variables.a\"}").end(), "`map` is not"),
        (
            form().part("map", "{\"0\": [\"variables.a\"]}").end(),
            "`0` of `map` is missing",
        ),
        (form().part("map", "{}").file("0", 1).end(), "`map` does not name"),
        (
            form().part("map", "{\"0\": [\"variables.b\"]}").file("0", 1).end(),
            "no null",
        ),
        (
            form().part("map", "{\"0\": [\"variables.c\"]}").file("0", 1).end(),
            "no null",
        ),
        (form().part("map", "{\"0\": [\"query\"]}").file("0", 1).end(), "no null"),
        (
            Form::new().part("operations", "[]").part("map", "{}").end(),
            "not a JSON object",
        ),
        (
            form().part("map", "{\"0\": [\"variables.a\"]}").file("0", 9).0,
            "cannot be read",
        ),
    ] {
        is(&send(&app, &[PREFLIGHT], body.clone()).await, 400, input, told);
    }
    let started = Instant::now();
    let forged = json!({ "query": "query ($f: Upload) { __typename }", "variables": { "f": "#__graphql_file__:0" } });
    let answer = app
        .query(forged["query"].as_str().unwrap(), forged["variables"].clone())
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert!(started.elapsed() < Duration::from_secs(2));
}
