//! What the README and the guide print is what the server answers.

use std::path::Path;

use serde_json::json;
use tests::app::TestApp;
use tests::db::{Holding, TestDb};

/// The fenced blocks of a text: language and content.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(language) if !open => {
                open = true;
                found.push((language.to_owned(), String::new()));
            }
            Some(_) => open = false,
            None if open => {
                if let Some((_, content)) = found.last_mut() {
                    content.push_str(line);
                    content.push('\n');
                }
            }
            None => {}
        }
    }
    found
}

/// The queries of a text, each with the answer that is printed next.
fn queries(text: &str) -> Vec<(String, String)> {
    let blocks = blocks(text);
    let answered = blocks
        .windows(2)
        .filter(|pair| pair[0].1.contains("--data-urlencode 'query=") && pair[1].0 == "json");
    answered
        .map(|pair| {
            let (_, query) = pair[0].1.split_once("'query=").unwrap();
            let (query, _) = query.rsplit_once('\'').unwrap();
            // Printed on several lines, answered on one.
            (query.to_owned(), pair[1].1.replace('\n', ""))
        })
        .collect()
}

/// An answer as it is printed: what it cost, which stands at its end, is left out.
fn without_cost(answer: &str) -> String {
    let (data, cost) = answer
        .split_once(",\"extensions\":{\"cost\":{")
        .expect("an answer tells its cost");
    assert!(cost.ends_with("}}}") && !cost.contains("errors"), "{answer}");
    format!("{data}}}")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_queries_are_answered_as_printed() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    for name in ["README.md", "README.zh.md", "docs/analysts.zh.md"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)).unwrap();
        let queries = queries(&text);
        assert!(queries.len() >= 2, "{name} prints {} answers", queries.len());
        for (query, printed) in queries {
            let body = json!({ "query": query }).to_string();
            let answer = app
                .client()
                .raw_post(&[("content-type", "application/json")], body)
                .await;
            assert_eq!(without_cost(answer.text()), printed, "{name}: {query}");
        }
    }
}
