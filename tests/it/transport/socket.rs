//! `graphql-transport-ws`: what is said, in which order, and with which code a socket is closed.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::socket::Socket;
use tests::suite;

use super::change_feed::{commit, quick};

suite!(
    Catalog: operations_run_over_a_socket,
    misuse_is_closed_with_its_code,
    a_socket_has_limits,
    a_stop_ends_what_is_open,
);

const FOLLOW: &str = "subscription { changes { sequence } }";

async fn operations_run_over_a_socket(db: TestDb) {
    let app = quick(&db).await;
    let mut socket = Socket::ready(app.url()).await;
    socket.send(&json!({ "type": "ping", "payload": { "n": 1 } })).await;
    assert_eq!(
        socket.next().await,
        Ok(json!({ "type": "pong", "payload": { "n": 1 } }))
    );
    socket.subscribe("q", "{ __typename }").await;
    let next = socket.next().await.unwrap();
    assert_eq!(next["payload"]["data"], json!({ "__typename": "Query" }));
    assert_eq!(socket.next().await, Ok(json!({ "type": "complete", "id": "q" })));
    for (query, code) in [
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "subscription { changes { sequence } __typename }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("{ ...a } fragment a on Query { ...a }", "BAD_USER_INPUT"),
    ] {
        socket.subscribe("bad", query).await;
        let message = socket.next().await.unwrap();
        assert_eq!(
            (&message["type"], &message["id"]),
            (&json!("error"), &json!("bad")),
            "{query}: {message:#}"
        );
        assert_eq!(
            message["payload"][0]["extensions"]["code"], code,
            "{query}: {message:#}"
        );
    }
    socket
        .send(&json!({ "id": "x", "type": "subscribe", "payload": { "variables": {} } }))
        .await;
    assert_eq!(
        socket.next().await.unwrap()["payload"][0]["extensions"]["code"],
        "BAD_USER_INPUT"
    );
    // A name is free again after its end, and what was completed is told no more.
    socket.subscribe("feed", FOLLOW).await;
    socket.send(&json!({ "id": "feed", "type": "complete" })).await;
    let in_parts = "subscription { ...f } fragment f on Subscription { changes { sequence } }";
    socket.subscribe("feed", in_parts).await;
    assert!(socket.is_silent(Duration::from_millis(100)).await);
    commit(app.service(), 2021, 1).await;
    assert_eq!(socket.next().await.unwrap()["type"], "next");
    socket.send(&json!({ "id": "feed", "type": "complete" })).await;
    assert!(socket.is_silent(Duration::from_millis(100)).await);
    commit(app.service(), 2022, 1).await;
    assert!(socket.is_silent(Duration::from_millis(200)).await);
}

async fn misuse_is_closed_with_its_code(db: TestDb) {
    let app = TestApp::start_with(&db, |config| {
        config.subscription.init_timeout = Duration::from_millis(300);
    })
    .await;
    let url = app.url();
    for (text, code) in [("{", 4400), ("{\"type\":\"start\"}", 4400), ("7", 4400)] {
        let mut socket = Socket::ready(url).await;
        socket.text(text.to_owned()).await;
        assert_eq!(socket.next().await, Err(code), "{text}");
    }
    let mut socket = Socket::ready(url).await;
    socket.bytes(vec![0; 4]).await;
    assert_eq!(socket.next().await, Err(4400));
    let mut socket = Socket::speaking(url).await;
    socket.subscribe("early", FOLLOW).await;
    assert_eq!(socket.next().await, Err(4401));
    let mut socket = Socket::speaking(url).await;
    let started = Instant::now();
    assert_eq!(socket.next().await, Err(4408));
    assert!(started.elapsed() < Duration::from_secs(5));
    let mut socket = Socket::ready(url).await;
    socket.subscribe("one", FOLLOW).await;
    socket.subscribe("one", FOLLOW).await;
    assert_eq!(socket.next().await, Err(4409));
    let mut socket = Socket::ready(url).await;
    socket.send(&json!({ "type": "connection_init" })).await;
    assert_eq!(socket.next().await, Err(4429));
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    assert_eq!(Socket::open(url, &[]).await.err(), Some(400));
    assert_eq!(
        Socket::open(url, &[("sec-websocket-protocol", "graphql-ws")])
            .await
            .err(),
        Some(400)
    );
    assert_eq!(
        Socket::open(url, &[protocol, ("origin", "https://evil.example")])
            .await
            .err(),
        Some(403)
    );
    assert!(Socket::open(url, &[protocol, ("origin", url)]).await.is_ok());
}

async fn a_socket_has_limits(db: TestDb) {
    let app = TestApp::start_with(&db, |config| {
        config.subscription.max_operations = 2;
        config.subscription.max_connections = 2;
        config.http.max_body_bytes = 10_000;
    })
    .await;
    let mut socket = Socket::ready(app.url()).await;
    for id in ["a", "b", "c"] {
        socket.subscribe(id, FOLLOW).await;
    }
    let message: Value = socket.next().await.unwrap();
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("c")));
    assert_eq!(message["payload"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
    let mut second = Socket::ready(app.url()).await;
    let protocol = [("sec-websocket-protocol", "graphql-transport-ws")];
    assert_eq!(Socket::open(app.url(), &protocol).await.err(), Some(503));
    second.text(" ".repeat(20_000)).await;
    assert!(matches!(second.next().await, Err(1009 | 1006)));
    // The room of the closed one is free again.
    for _ in 0..100 {
        if Socket::open(app.url(), &protocol).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("a closed socket keeps its room");
}

async fn a_stop_ends_what_is_open(db: TestDb) {
    let app = quick(&db).await;
    let mut socket = Socket::ready(app.url()).await;
    socket.subscribe("feed", FOLLOW).await;
    // Running, not only sent.
    commit(app.service(), 2021, 1).await;
    socket.subscribe("ready", "{ __typename }").await;
    while socket.next().await.unwrap()["type"] != "complete" {}
    let started = Instant::now();
    let stopped = tokio::spawn(app.stop());
    loop {
        match socket.next().await {
            Ok(message) => assert!(message["type"] == "complete" || message["type"] == "next"),
            Err(code) => break assert_eq!(code, 1001),
        }
    }
    stopped.await.unwrap().unwrap();
    assert!(started.elapsed() < Duration::from_secs(5));
}
