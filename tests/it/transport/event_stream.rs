//! Server-sent events: one operation a connection, from the first byte to the last.

use std::time::Duration;

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::change_feed::{commit, quick};

suite!(
    Catalog: changes_come_as_events,
    queries_and_refusals_are_events_and_an_end,
    a_stop_ends_a_stream,
);

/// A connection that reads what comes.
struct Events {
    stream: TcpStream,
    text: String,
}

impl Events {
    async fn open(app: &TestApp, query: &str) -> Self {
        let address = app.url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let body = json!({ "query": query }).to_string();
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: {address}\r\naccept: text/event-stream\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        Self {
            stream,
            text: String::new(),
        }
    }

    /// Reads until all that came holds `wanted`.
    async fn until(&mut self, wanted: &str) -> &str {
        let mut bytes = [0; 4096];
        while !self.text.contains(wanted) {
            let read = tokio::time::timeout(Duration::from_secs(30), self.stream.read(&mut bytes)).await;
            let read = read
                .unwrap_or_else(|_| panic!("`{wanted}` does not come: {}", self.text))
                .unwrap();
            assert!(read > 0, "the end before `{wanted}`: {}", self.text);
            self.text.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
        &self.text
    }

    fn data(&self) -> Vec<Value> {
        let lines = self.text.lines().filter_map(|line| line.strip_prefix("data: {"));
        lines
            .map(|json| serde_json::from_str(&format!("{{{json}")).unwrap())
            .collect()
    }
}

async fn changes_come_as_events(db: TestDb) {
    let app = quick(&db).await;
    let mut events = Events::open(&app, "subscription { changes { sequence topic } }").await;
    let head = events.until(":\n\n").await.to_lowercase();
    assert!(
        head.starts_with("http/1.1 200") && head.contains("content-type: text/event-stream"),
        "{head}"
    );
    assert!(head.contains("cache-control: no-cache"), "{head}");
    // The operation begins after the head.
    let mut year = 2000;
    while events.data().is_empty() {
        year += 1;
        commit(app.service(), year, 7).await;
        let _ = tokio::time::timeout(Duration::from_millis(100), events.until("event: next")).await;
    }
    assert_eq!(events.data()[0]["data"]["changes"]["topic"], "OBSERVATIONS");
}

async fn queries_and_refusals_are_events_and_an_end(db: TestDb) {
    let app = TestApp::start(&db).await;
    for (query, told) in [
        ("{ __typename }", "\"Query\""),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
    ] {
        let mut events = Events::open(&app, query).await;
        let text = events.until("event: complete").await;
        assert!(text.contains("event: next") && text.contains(told), "{query}: {text}");
    }
    let plain = app.query("subscription { changes { sequence } }", json!({})).await;
    assert_eq!(plain["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

async fn a_stop_ends_a_stream(db: TestDb) {
    let app = quick(&db).await;
    let mut events = Events::open(&app, "subscription { changes { sequence } }").await;
    events.until(":\n\n").await;
    let stopped = tokio::spawn(app.stop());
    events.until("event: complete").await;
    stopped.await.unwrap().unwrap();
}
