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
