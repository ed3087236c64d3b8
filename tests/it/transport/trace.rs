//! Traces: what a request was spent on reaches a collector, with nothing in it that a caller wrote; and without a collector there are none.

use std::sync::mpsc::channel;

use api::config::Trace;
use serde_json::Value;
use tests::app::TestApp;
use tests::db::{Holding, TestDb};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Takes one piece of spans as a collector does, and gives its text.
async fn collect(listener: TcpListener) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let (mut heard, mut piece) = (Vec::new(), [0u8; 8192]);
    loop {
        let text = String::from_utf8_lossy(&heard).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .to_lowercase()
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ").map(str::to_owned));
            if body.len() >= length.unwrap().parse::<usize>().unwrap() {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                    .await
                    .unwrap();
                assert!(head.starts_with("POST /v1/traces "), "{head}");
                return body.to_owned();
            }
        }
        let count = stream.read(&mut piece).await.unwrap();
        assert!(count > 0, "the piece was broken off");
        heard.extend_from_slice(&piece[..count]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_told_to_the_collector_without_what_was_asked() {
    let db = TestDb::sqlite(Holding::Figures);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (told, heard) = channel();
    tokio::spawn(async move { told.send(collect(listener).await) });
    let app = TestApp::start_with(&db, |config| config.trace = Some(Trace { endpoint, ratio: 1.0 })).await;
    let question = r#"{"query":"{ compare(input: { indicators: { codes: [\"petition_received_count\"] }, orgs: { level: STREET }, period: \"2021\" }) { rows { current { value } } } }"}"#;
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let headers = [("content-type", "application/json"), ("traceparent", parent)];
    assert_eq!(app.raw_post(&headers, question).await.status, 200);
    // What is not sent yet is sent before the server has stopped.
    app.stop().await.unwrap();
    let text = tokio::task::spawn_blocking(move || heard.recv().unwrap())
        .await
        .unwrap();
    let body: Value = serde_json::from_str(&text).unwrap();
    let spans = body["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap();
    let named = |name: &str| {
        spans
            .iter()
            .find(|span| span["name"] == name)
            .unwrap_or_else(|| panic!("{name}: {body:#}"))
    };
    let (request, operation, calculation) = (named("POST /graphql"), named("graphql compare"), named("calculation"));
    assert_eq!(request["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(request["parentSpanId"], "00f067aa0ba902b7");
    assert_eq!(operation["parentSpanId"], request["spanId"]);
    assert_eq!(calculation["parentSpanId"], operation["spanId"]);
    // Numbers of spans and times may hold any digits.
    let said: Vec<_> = spans
        .iter()
        .map(|span| (&span["name"], &span["attributes"], &span["events"], &span["status"]))
        .collect();
    let said = serde_json::to_string(&(said, &body["resourceSpans"][0]["resource"])).unwrap();
    for asked in ["petition", "STREET", "2021", "127.0.0.1"] {
        assert!(!said.contains(asked), "{asked}: {said}");
    }
}
