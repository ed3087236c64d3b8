//! Answers a second on 16 connections, held against a static poem answer in the same run: `cargo bench --bench throughput`. The client is `wrk` (a package of
//! Debian), which takes a share of the same cores.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark speaks on standard output, and ends when something is wrong"
)]

use std::path::Path;
use std::process::Command;

use analytics::synthetic::{City, Size};
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Route, Server, handler, post};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::{Holding, TestDb};

const CONNECTIONS: &str = "16";
const PHASE: &str = "3s";
const ROUNDS: usize = 9;

const SMALL: &str = r#"{ compare(input: { indicators: { codes: ["synthetic_accepted_01"] }, orgs: { codes: ["synthetic-d01-s01"] }, period: "2024" }) { rows { current { value } } } }"#;
/// What a page of a report asks for.
const YEAR_OVER_YEAR: &str = r#"{ compare(input: { indicators: { codes: ["synthetic_accepted_01"] }, orgs: { within: "synthetic-d01", level: STREET }, period: "2024" }) { period basePeriod rows { orgUnit { code name } current { value status flags } base { value status } change { absolute percent direction judgement reason text } } } }"#;

/// As long as a small answer.
const STATIC: &str = r#"{"data":{"compare":{"rows":[{"current":{"value":12345.0}}]}},"extensions":{"cost":{"fields":4,"limit":50000,"depth":4}}}"#;

#[handler]
fn fixed() -> &'static str {
    STATIC
}

#[tokio::main]
async fn main() {
    api::telemetry::start("info,poem=warn,sqlx=warn", api::telemetry::LogFormat::Text);
    let db = TestDb::sqlite(Holding::Tables);
    let city = City {
        size: Size::Medium,
        seed: 1,
    };
    let figures = db.service().await.generate(city).await.unwrap();
    let app = TestApp::start(&db).await;
    // The first one to ask after each change of the data pays this.
    let anew = TestApp::start_with(&db, |config| config.graphql.kept_bytes = 0).await;
    let limit = serve_fixed().await;
    println!("{figures} observations, {CONNECTIONS} connections, {ROUNDS} rounds of {PHASE} each");
    let rows = |answer: &Value| answer["data"]["compare"]["rows"].as_array().map(Vec::len);
    assert_eq!(rows(&app.query(SMALL, json!({})).await), Some(1));
    let wide = app.query(YEAR_OVER_YEAR, json!({})).await;
    assert_eq!(rows(&wide), Some(10), "{wide}");

    let asked = [
        ("static answer", limit, SMALL),
        ("one value of one unit", app.url().to_owned(), SMALL),
        ("ten streets, year over year", app.url().to_owned(), YEAR_OVER_YEAR),
        ("one value, computed anew", anew.url().to_owned(), SMALL),
        ("ten streets, computed anew", anew.url().to_owned(), YEAR_OVER_YEAR),
    ];
    // Round by round, so that a slow minute of the machine meets all of them.
    let mut rates = vec![Vec::new(); asked.len()];
    for _ in 0..ROUNDS {
        for (place, (_, base, query)) in asked.iter().enumerate() {
            rates[place].push(wrk(base, query).await);
        }
    }
    println!("medians of all rounds; the share of a round is of the static answer of the same round");
    for (place, (name, ..)) in asked.iter().enumerate() {
        let shares = rates[place].iter().zip(&rates[0]).map(|(rate, limit)| rate / limit);
        println!(
            "{name:30} {:8.0} answers a second   {:5.1} % of the static answer",
            median(rates[place].clone()),
            median(shares.collect()) * 100.0,
        );
    }
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// The least that a server of this kind does: poem itself, one route, one text.
async fn serve_fixed() -> String {
    let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
    let address = acceptor.local_addr()[0].as_socket_addr().copied().unwrap();
    let routes = Route::new().at("/graphql", post(fixed));
    tokio::spawn(Server::new_with_acceptor(acceptor).run(routes));
    format!("http://{address}")
}

/// Answers a second; an answer with a status of its own, or none, ends the benchmark.
async fn wrk(base: &str, query: &str) -> f64 {
    let body = json!({ "query": query }).to_string();
    let script = Path::new(env!("CARGO_TARGET_TMPDIR")).join("throughput.lua");
    let quoted = serde_json::to_string(&body).unwrap();
    let text =
        format!("wrk.method = \"POST\"\nwrk.headers[\"content-type\"] = \"application/json\"\nwrk.body = {quoted}\n");
    std::fs::write(&script, text).unwrap();
    let address = format!("{base}/graphql");
    let run = move || {
        let mut command = Command::new("wrk");
        command
            .args(["-t", "1", "-c", CONNECTIONS, "-d", PHASE, "-s"])
            .arg(script)
            .arg(address);
        command.output().expect("wrk is installed (apt-get install wrk)")
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!told.contains("Non-2xx") && !told.contains("Socket errors"), "{told}");
    let rate = told.lines().find_map(|line| line.strip_prefix("Requests/sec:"));
    rate.unwrap_or_else(|| panic!("{told}")).trim().parse().unwrap()
}
