//! The explorer: served by the program itself, with nothing from elsewhere.

use std::collections::BTreeSet;

use serde_json::json;
use tests::app::TestApp;
use tests::client::Answer;
use tests::db::{Holding, TestDb};

/// What may follow each directive of the policy.
const OWN: [&str; 4] = ["'none'", "'self'", "data:", "'unsafe-inline'"];

/// Every text between double quotes that follows `start`.
fn quoted(text: &str, start: &str) -> BTreeSet<String> {
    let rest = text.split(start).skip(1);
    rest.filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect()
}

fn hold_policy(answer: &Answer, what: &str) {
    let policy = answer
        .header("content-security-policy")
        .unwrap_or_else(|| panic!("{what} has no policy"));
    assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
    for directive in policy.split(';') {
        let mut words = directive.split_whitespace();
        let name = words.next().unwrap();
        for word in words {
            let is_script = name == "script-src" && word != "'self'";
            assert!(OWN.contains(&word) && !is_script, "{what}: {directive}");
        }
    }
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_explorer_is_served_with_nothing_from_elsewhere() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    let page = app.get("/graphiql").await;
    hold_policy(&page, "the page");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    if page.status == 404 {
        assert!(page.text().contains("scripts/explorer"), "it says how to get it");
        let is_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!is_ci, "run scripts/explorer and build again");
        eprintln!(
            "NOT TESTED: the program was built without the explorer; scripts/explorer bundles it (Node.js 20 or newer)"
        );
        return;
    }
    assert_eq!(page.status, 200);
    let mut waiting: Vec<String> = [" src=\"", " href=\""]
        .iter()
        .flat_map(|start| quoted(page.text(), start))
        .collect();
    waiting.retain(|name| name != "data:,");
    assert!(waiting.len() >= 3, "{waiting:?}");
    waiting.extend(["editor", "json", "graphql"].map(|worker| format!("/graphiql/{worker}.worker.js")));
    let mut seen = BTreeSet::new();
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let name = path
            .strip_prefix("/graphiql/")
            .unwrap_or_else(|| panic!("{path} is not the page's own"));
        let answer = app.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        hold_policy(&answer, &path);
        let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("ttf") => "font/ttf",
            other => panic!("{path}: {other:?}"),
        };
        assert_eq!(answer.header("content-type"), Some(kind), "{path}");
        // Chunks name each other, and styles their fonts, by `./name`.
        if kind.starts_with("text/") {
            waiting.extend(
                quoted(answer.text(), "\"./")
                    .iter()
                    .filter(|name| is_asset(name))
                    .map(|name| format!("/graphiql/{name}")),
            );
            assert!(!answer.text().contains("url(http"), "{path}");
        }
        let tag = answer.header("etag").unwrap();
        assert_eq!(
            app.client().get_with(&path, &[("if-none-match", tag)]).await.status,
            304,
            "{path}"
        );
    }
    assert!(seen.len() > 10, "{seen:?}");
    assert_eq!(app.get("/graphiql/nothing.js").await.status, 404);
    assert_eq!(app.get("/graphiql/..%2Findex.html").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_query_it_begins_with_runs() {
    let text = include_str!("../../../explorer/start.graphql");
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    let ask = async |name: &str| {
        let body = json!({ "query": text, "operationName": name }).to_string();
        app.raw_post(&[("content-type", "application/json")], body).await.json()
    };
    let compared = ask("Compare").await;
    let rows = compared["data"]["compare"]["rows"]
        .as_array()
        .unwrap_or_else(|| panic!("{compared}"));
    assert!(
        rows.iter()
            .any(|row| row["change"]["text"].as_str().is_some_and(|text| text.contains("同比"))),
        "{compared}"
    );
    let listed = ask("Indicators").await;
    assert_eq!(
        listed["data"]["indicators"]["nodes"].as_array().map(Vec::len),
        Some(20),
        "{listed}"
    );
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    let body = json!({ "query": text, "operationName": "Changes" }).to_string();
    let refused = app.raw_post(&headers, body).await.json();
    assert_eq!(
        refused["errors"][0]["message"], "a subscription has many answers",
        "it is valid, and asked the wrong way"
    );
}

fn is_asset(name: &str) -> bool {
    (name.starts_with("chunk-") || name.starts_with("asset-")) && !name.contains('/')
}
