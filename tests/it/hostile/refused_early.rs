//! Requests that are refused before their body has come: the answer arrives whole, and the connection serves on.

use std::time::Duration;

use tests::app::TestApp;
use tests::db::{Holding, TestDb};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::wire::{Wire, connect, read};

const BAD_TOKEN: (&str, &str) = ("authorization", "Bearer plb_0");

/// Refusals that look at no body.
fn refused(body: &[u8]) -> Vec<(u16, Wire)> {
    let json = |method, path| Wire::new(method, path).with("content-type", "application/json");
    let known = |wire: Wire| wire.with(BAD_TOKEN.0, BAD_TOKEN.1);
    let all = [
        (401, known(json("POST", "/graphql"))),
        (401, known(json("POST", "/import?commit=1"))),
        (401, known(json("POST", "/export/observations.csv"))),
        (404, json("POST", "/nothing")),
        (405, json("DELETE", "/graphql")),
        (406, json("POST", "/graphql").with("accept", "image/png")),
        (
            415,
            Wire::new("POST", "/graphql").with("content-type", "application/yaml"),
        ),
        (
            400,
            Wire::new("POST", "/import?comit=1").with("content-type", "text/csv"),
        ),
        (400, Wire::new("POST", "/import").with("content-type", "text/plain")),
    ];
    all.into_iter()
        .map(|(status, wire)| (status, wire.body(body)))
        .collect()
}

/// The request line and the headers, of a client that asks again on the same connection.
fn head(wire: &Wire) -> String {
    wire.head().replace("connection: close\r\n", "")
}

/// One answer of a connection that stays open.
async fn answer(stream: &mut TcpStream) -> (u16, String) {
    let mut bytes = Vec::new();
    let reading = async {
        loop {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let head = head.to_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                    return (text[9..12].parse().unwrap(), head);
                }
            }
            assert!(
                stream.read_buf(&mut bytes).await.unwrap() > 0,
                "no end of the answer: {text}"
            );
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reading)
        .await
        .expect("an answer in time")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_serves_on_when_the_body_comes_after_the_answer() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    for (status, wire) in refused(b"{\"query\":\"{ __typename }\"}") {
        let (named, mut stream) = (format!("{} {}", wire.method, wire.path), connect(app.url()).await);
        stream.write_all(head(&wire).as_bytes()).await.unwrap();
        let (first, told) = answer(&mut stream).await;
        assert_eq!(first, status, "{named}");
        assert!(!told.contains("connection: close"), "{named}: {told}");
        stream.write_all(&wire.body).await.unwrap();
        stream
            .write_all(head(&Wire::new("GET", "/health/live")).as_bytes())
            .await
            .unwrap();
        assert_eq!(answer(&mut stream).await.0, 200, "{named}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_all_before_reading_anything_hears_why() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    let large = vec![b' '; 6_000_000];
    let over = Wire::json(large.clone());
    for (status, wire) in refused(&large).into_iter().chain([(413, over)]) {
        let (named, mut stream) = (format!("{} {}", wire.method, wire.path), connect(app.url()).await);
        stream.write_all(wire.head().as_bytes()).await.unwrap();
        // By now the answer is on its way.
        tokio::time::sleep(Duration::from_millis(30)).await;
        let sent = stream.write_all(&wire.body).await;
        assert!(sent.is_ok(), "{named}: {sent:?}");
        assert_eq!(read(&mut stream).await.status, status, "{named}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_before_sending_is_told_to_send_nothing() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    for (status, wire) in refused(b"{}") {
        let wire = wire.with("expect", "100-continue");
        let mut stream = connect(app.url()).await;
        stream.write_all(head(&wire).as_bytes()).await.unwrap();
        // To its end: the server closes, as it said.
        let told = read(&mut stream).await;
        assert_eq!(told.status, status, "{}", wire.path);
        assert!(told.head.to_lowercase().contains("connection: close"), "{}", told.head);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_nobody_waits_for_holds_no_connection() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start_with(&db, |config| config.http.body_timeout = Duration::from_millis(300)).await;
    for (status, wire) in refused(b"{\"query\":\"{ __typename }\"}") {
        let mut stream = connect(app.url()).await;
        stream.write_all(head(&wire).as_bytes()).await.unwrap();
        assert_eq!(read(&mut stream).await.status, status, "{}", wire.path);
    }
}
