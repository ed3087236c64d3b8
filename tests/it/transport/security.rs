//! The headers that protect browsers stand on every answer, and secrets on none.

use tests::app::TestApp;
use tests::db::{Holding, TestDb};

use crate::program::plumbline;

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_protects_browsers() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    let refused = app.raw_post(&[("content-type", "text/plain")], "x").await;
    assert_eq!(refused.status, 415);
    let export = "/export/observations.csv?indicator=petition_received_count";
    let mut answers = vec![refused];
    for path in [
        "/health/live",
        "/nothing",
        "/graphql?query=%7B__typename%7D",
        export,
        "/metrics",
    ] {
        answers.push(app.get(path).await);
    }
    for answer in answers {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{answer:?}");
        }
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(answer.header("x-request-id").is_some());
        assert_eq!(answer.header("strict-transport-security"), None, "it is not encrypted");
        assert_eq!(answer.header("server"), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine_is_not_asked_under_a_name_that_anybody_made() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start_with(&db, |config| {
        config.http.allowed_origins = vec!["http://board.example:8000".to_owned()]
    })
    .await;
    let ask = "/graphql?query=%7B__typename%7D";
    for (headers, status) in [
        (
            vec![("host", "evil.example:8000"), ("origin", "http://evil.example:8000")],
            421,
        ),
        (vec![("host", "evil.example"), ("sec-fetch-site", "same-origin")], 421),
        (vec![("host", "localhost.evil.example")], 421),
        (
            vec![("host", "board.example:8000"), ("origin", "http://board.example:8000")],
            200,
        ),
        (
            vec![("host", "localhost:8000"), ("origin", "http://localhost:8000")],
            200,
        ),
        (vec![("host", "[::1]:8000")], 200),
        (vec![("host", "127.0.0.1")], 200),
        // A proxy on this machine, which says for whom it asks.
        (
            vec![("host", "plumbline.example"), ("x-forwarded-for", "192.0.2.7")],
            200,
        ),
    ] {
        for path in [ask, "/export/observations.csv?period=2021&org=shenzhen"] {
            let answer = app.client().get_with(path, &headers).await;
            assert_eq!(answer.status, status, "{headers:?} {path}: {}", answer.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_in_a_wrong_way_says_the_right_one() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    for (method, path, allowed) in [
        ("PUT", "/graphql", "GET, HEAD, POST, OPTIONS"),
        ("POST", "/export/observations.csv", "GET, HEAD"),
        ("DELETE", "/q/board.csv", "GET, HEAD"),
        ("GET", "/import", "POST"),
        ("POST", "/metrics", "GET, HEAD"),
        ("POST", "/health/live", "GET, HEAD"),
        ("POST", "/graphiql", "GET, HEAD"),
    ] {
        let answer = app.client().call(method, path).await;
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some(allowed)),
            "{method} {path}"
        );
        let hint = answer.json()["errors"][0]["extensions"]["hint"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(hint.contains(allowed), "{hint}");
    }
}

#[test]
fn the_database_may_be_named_in_a_file_and_its_password_is_shown_nowhere() {
    let call = plumbline(["check-config"]).env("PLUMBLINE_DATABASE_URL_FILE", "url");
    std::fs::write(
        call.desk().join("url"),
        "postgres://ada:hunter2@localhost:1/plumb?sslpassword=hunter2\n",
    )
    .unwrap();
    let said = call.env("PLUMBLINE_LOG__FILTER", "trace").run();
    assert_eq!(said.code(), Some(1), "{said:#?}");
    assert!(
        said.out
            .contains("\ndatabase_url = postgres://ada:***@localhost:1/plumb?sslpassword=***\n"),
        "{said:#?}"
    );
    assert!(!format!("{said:?}").contains("hunter2"), "{said:#?}");
    let call =
        plumbline(["check-config", "--database-url", "sqlite:here.db"]).env("PLUMBLINE_DATABASE_URL_FILE", "url");
    std::fs::write(call.desk().join("url"), "postgres://ada:hunter2@localhost:1/plumb").unwrap();
    let said = call.run();
    assert_eq!(said.code(), Some(0), "the command line counts more: {said:#?}");
}
