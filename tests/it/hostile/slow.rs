//! Bodies that do not come, floods of requests, and what a decent client may do beside them.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::app::TestApp;
use tests::db::{Holding, TestDb};
use tokio::io::AsyncWriteExt;

use super::wire::{Wire, connect, read, send};
use super::{PATIENCE, is_well};

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_do_not_come_hold_nobody_up() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start_with(&db, |config| {
        config.http.body_timeout = Duration::from_millis(500);
        config.http.max_requests = 4;
    })
    .await;
    let whole = Wire::query("{ __typename }");
    let mut half = Vec::new();
    for _ in 0..50 {
        let mut stream = connect(app.url()).await;
        stream.write_all(whole.head().as_bytes()).await.unwrap();
        stream.write_all(&whole.body[..whole.body.len() / 2]).await.unwrap();
        half.push(stream);
    }
    is_well(&app, "50 half bodies").await;
    let started = Instant::now();
    for mut stream in half {
        let answer = read(&mut stream).await;
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(
            (answer.status, &body["errors"][0]["extensions"]["code"]),
            (408, &json!("LIMIT_EXCEEDED"))
        );
    }
    assert!(started.elapsed() < PATIENCE);
    is_well(&app, "half bodies that were given up").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_too_many_is_told_to_come_again() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start_with(&db, |config| {
        config.http.max_requests = 1;
        config.limit.waiting = 0;
    })
    .await;
    let query =
        Wire::query("{ indicators(first: 500) { nodes { code name definition versions { text: definition } } } }");
    let mut asked = Vec::new();
    for _ in 0..100 {
        let (base, query) = (app.url().to_owned(), query.clone());
        asked.push(tokio::spawn(async move { send(&base, &query).await }));
    }
    let mut turned_away = 0;
    for answer in asked {
        let answer = answer.await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        if answer.status == 503 {
            turned_away += 1;
            assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE");
            assert!(answer.head.to_lowercase().contains("retry-after: 1"), "{}", answer.head);
        } else {
            assert_eq!(answer.status, 200, "{body:#}");
        }
    }
    assert!((1..100).contains(&turned_away), "{turned_away} of 100 were turned away");
    is_well(&app, "a flood").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_strange_and_harmless_is_answered() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start_with(&db, |config| {
        config.http.allowed_origins = vec!["https://board.example".to_owned()];
    })
    .await;
    let good = "{\"query\":\"{ __typename }\"}";
    let get = Wire::new("GET", "/graphql?query=%7B__typename%7D&operationName=&variables=");
    for (name, wire) in [
        (
            "a byte order mark",
            Wire::json([b"\xef\xbb\xbf", good.as_bytes()].concat()),
        ),
        (
            "a header of 64 kB",
            Wire::json(good).with("x-long", "a".repeat(64 * 1024)),
        ),
        (
            "unknown extensions",
            Wire::json("{\"query\":\"{ __typename }\",\"extensions\":{\"a\":[1]},\"more\":1}"),
        ),
        (
            "nulls",
            Wire::json("{\"query\":\"{ __typename }\",\"variables\":null,\"operationName\":null,\"extensions\":null}"),
        ),
        ("a GET from a spreadsheet", get.clone()),
        (
            "a link that somebody follows",
            get.clone()
                .with("sec-fetch-site", "cross-site")
                .with("sec-fetch-mode", "navigate"),
        ),
        (
            "a page that is listed",
            Wire::json(good).with("origin", "https://board.example"),
        ),
        (
            "a page of the server",
            Wire::json(good).with("origin", "http://localhost"),
        ),
        (
            "a body in pieces",
            Wire::json(format!("{:x}\r\n{good}\r\n0\r\n\r\n", good.len())).with("transfer-encoding", "chunked"),
        ),
    ] {
        let answer = send(app.url(), &wire).await;
        assert_eq!(answer.status, 200, "{name}: {}", String::from_utf8_lossy(&answer.body));
        is_well(&app, name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn listed_pages_are_told_that_they_may_ask() {
    let db = TestDb::sqlite(Holding::Tables);
    let app = TestApp::start_with(&db, |config| {
        config.http.allowed_origins = vec!["https://board.example".to_owned()];
    })
    .await;
    let good = "{\"query\":\"{ __typename }\"}";
    let get = Wire::new("GET", "/graphql?query=%7B__typename%7D");
    let listed = send(
        app.url(),
        &Wire::new("OPTIONS", "/graphql").with("origin", "https://board.example"),
    )
    .await;
    let head = listed.head.to_lowercase();
    assert!(
        listed.status == 204 && head.contains("access-control-allow-origin: https://board.example"),
        "{head}"
    );
    assert!(
        head.contains("content-type") && head.contains("authorization"),
        "{head}"
    );
    let foreign = send(
        app.url(),
        &Wire::new("OPTIONS", "/graphql").with("origin", "https://evil.example"),
    )
    .await;
    assert!(
        !foreign.head.to_lowercase().contains("access-control"),
        "{}",
        foreign.head
    );
    let head = send(app.url(), &Wire { method: "HEAD", ..get }).await;
    assert!(
        head.status == 200 && head.body.is_empty() && head.head.contains("application/json"),
        "{}",
        head.head
    );
    // Two lengths: the one in pieces counts, as RFC 9112 has it, and what is left over is no second request.
    let rest = "GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let both = Wire::json(format!("{:x}\r\n{good}\r\n0\r\n\r\n{rest}", good.len()))
        .with("transfer-encoding", "chunked")
        .with("content-length", "5");
    let answer = send(app.url(), &both).await;
    let body = String::from_utf8_lossy(&answer.body);
    assert!(
        answer.status == 200 && body.contains("Query") && !body.contains("live"),
        "{body}"
    );
}
