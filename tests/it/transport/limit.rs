//! What one client may ask: a flood is told to wait, and nobody else notices.

use std::time::Duration;

use serde_json::json;
use tests::app::TestApp;
use tests::client::Answer;
use tests::db::{Holding, TestDb};
use tests::socket::Socket;

const SMALL: &str = r#"{"query":"{ __typename }"}"#;

/// Sixty points, and one more each second; callers are told apart by what the proxy of this machine says.
async fn strict(db: &TestDb) -> TestApp {
    TestApp::start_with(db, |config| {
        config.limit.points_per_second = 1;
        config.limit.burst_points = 60;
        config.limit.spare_loopback = false;
        config.limit.refusal_pause = Duration::ZERO;
        config.limit.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await
}

async fn ask(app: &TestApp, from: &str) -> Answer {
    let headers = [("content-type", "application/json"), ("x-forwarded-for", from)];
    app.raw_post(&headers, SMALL).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_told_to_wait_and_nobody_else_notices() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = strict(&db).await;
    let mut refused = 0;
    for _ in 0..200 {
        let answer = ask(&app, "10.0.0.1").await;
        if answer.status == 429 {
            refused += 1;
            assert_eq!(answer.json()["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
            let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=2).contains(&seconds), "{seconds}");
        } else {
            assert_eq!(answer.status, 200);
        }
    }
    // Some points come back while the test runs.
    assert!((100..=140).contains(&refused), "{refused} of 200");
    // The one refused may as well say that somebody else stands before it: the last address is the one the proxy saw.
    assert_eq!(ask(&app, "10.0.0.2, 10.0.0.1").await.status, 429);
    for other in ["10.0.0.2", "10.0.0.3", "2001:db8::1"] {
        assert_eq!(ask(&app, other).await.status, 200, "{other}");
    }
    for probe in ["/health/live", "/health/ready"] {
        let answer = app.client().get_with(probe, &[("x-forwarded-for", "10.0.0.1")]).await;
        assert_eq!(answer.status, 200, "{probe}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_dear_queries_cost_more() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = strict(&db).await;
    let export = "/export/observations.csv?indicator=petition_received_count";
    let mut taken = 0;
    for _ in 0..10 {
        let answer = app.client().get_with(export, &[("x-forwarded-for", "10.0.0.1")]).await;
        taken += usize::from(answer.status == 200);
    }
    assert!((5..=7).contains(&taken), "{taken} exports of 10");
    let dear = "{ observations(first: 500) { nodes { id value printed note locator status } } observations2: observations(first: 500) { nodes { id value \
                printed note locator status indicator { code name } orgUnit { code name } } } }";
    let body = json!({ "query": dear }).to_string();
    let headers = [("content-type", "application/json"), ("x-forwarded-for", "10.0.0.2")];
    let mut taken = 0;
    for _ in 0..30 {
        let answer = app.raw_post(&headers, body.clone()).await;
        assert!(matches!(answer.status, 200 | 429), "{}", answer.text());
        taken += usize::from(answer.status == 200);
    }
    assert!((3..=15).contains(&taken), "{taken} dear queries of 30");
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_of_a_socket_cost_as_well() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start_with(&db, |config| {
        config.limit.points_per_second = 1;
        config.limit.burst_points = 6;
        config.limit.spare_loopback = false;
    })
    .await;
    let mut socket = Socket::ready(app.url()).await;
    let mut told = Vec::new();
    for number in 0..10 {
        let id = number.to_string();
        socket.subscribe(&id, "{ __typename }").await;
        let message = socket.next().await.unwrap();
        if message["type"] == "next" {
            assert_eq!(socket.next().await.unwrap()["type"], "complete");
            told.push("next");
        } else {
            let error = &message["payload"][0]["extensions"];
            assert_eq!(
                (&error["code"], &error["retryAfter"]),
                (&json!("LIMIT_EXCEEDED"), &json!(1)),
                "{message:#}"
            );
            told.push("wait");
        }
    }
    assert!(told[..5].iter().all(|word| *word == "next"), "{told:?}");
    assert!(told.contains(&"wait"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sockets_of_one_client_are_counted() {
    let db = TestDb::sqlite(Holding::Tables);
    let app = TestApp::start_with(&db, |config| {
        config.limit.connections_per_client = 2;
        config.limit.refusal_pause = Duration::ZERO;
        config.limit.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let open = async |from: &'static str| {
        let headers = [
            ("sec-websocket-protocol", "graphql-transport-ws"),
            ("x-forwarded-for", from),
        ];
        Socket::open(app.url(), &headers).await
    };
    let first = open("10.0.0.1").await;
    let second = open("10.0.0.1").await;
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(open("10.0.0.1").await.err(), Some(429));
    assert!(open("10.0.0.2").await.is_ok());
}
