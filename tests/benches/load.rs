//! Readers on 16 connections, quiet and while a writer commits 50 batches a second: `cargo bench --bench load`. Every answer is checked for half a batch, and the
//! waits are told as ratios of one run. A second server on the same database is asked as well: what was committed must be seen there within a second.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark speaks on standard output, keeps a rate, and ends when something is wrong"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use analytics::synthetic::{City, Size};
use api::service::access::Caller;
use api::service::import::Options;
use entity::choice::RevisionReason;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::{Backend, Holding, TestDb};

const READERS: usize = 16;
const BATCHES_A_SECOND: u64 = 50;
const PHASE: Duration = Duration::from_secs(10);
const COMMUNITIES: usize = 10;
/// All communities of one street by one indicator in one month, which every batch sets to one number.
const ASK: &str = r#"{ compare(input: { indicators: { codes: ["synthetic_accepted_01"] }, orgs: { within: "synthetic-d01-s02" }, period: "2025-06" }) { rows { current { value } change { percent reason } } } }"#;

#[tokio::main]
async fn main() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        measure(backend).await;
    }
}

async fn measure(backend: Backend) {
    let db = TestDb::fresh(backend, Holding::Tables);
    let service = db.service().await;
    let city = City {
        size: Size::Medium,
        seed: 1,
    };
    let figures = service.generate(city).await.unwrap();
    let (app, other) = (TestApp::start(&db).await, TestApp::start(&db).await);
    println!("{backend:?}: {figures} observations");
    write(&app, 1).await;
    assert_eq!(
        seen(&ask(&other).await),
        Some(1.0),
        "the second server sees the first batch"
    );

    let quiet = read(app.url()).await;
    let stop = Arc::new(AtomicBool::new(false));
    let lag = Arc::new(AtomicU64::new(0));
    let writer = {
        let (service, stop) = (app.service().clone(), Arc::clone(&stop));
        tokio::spawn(async move {
            let start = Instant::now();
            let mut batches = 1u64;
            while !stop.load(Ordering::Relaxed) {
                batches += 1;
                import(&service, batches).await;
                let due = Duration::from_micros((batches - 1) * 1_000_000 / BATCHES_A_SECOND);
                tokio::time::sleep(due.saturating_sub(start.elapsed())).await;
            }
            (batches - 1, start.elapsed())
        })
    };
    let busy = read(app.url()).await;
    stop.store(true, Ordering::Relaxed);
    let (batches, elapsed) = writer.await.unwrap();
    let committed = Instant::now();
    #[allow(clippy::cast_precision_loss, reason = "few batches")]
    let last = (batches + 1) as f64;
    while seen(&ask(&other).await) != Some(last) {
        assert!(committed.elapsed() < Duration::from_secs(1), "the second server lags");
    }
    lag.store(
        u64::try_from(committed.elapsed().as_micros()).unwrap(),
        Ordering::Relaxed,
    );
    #[allow(clippy::cast_precision_loss, reason = "few batches")]
    let rate = batches as f64 / elapsed.as_secs_f64();
    println!("  quiet   {}", quiet.told());
    println!(
        "  busy    {}   while {rate:.0} batches a second were committed",
        busy.told()
    );
    println!(
        "  p99 busy ÷ quiet {:.2}; no answer held half a batch; the second server saw the last batch after {:.1} ms",
        busy.at(0.99) / quiet.at(0.99),
        lag.load(Ordering::Relaxed) as f64 / 1000.0
    );
}

/// The waits of all readers, sorted.
struct Waits(Vec<f64>);

impl Waits {
    fn at(&self, part: f64) -> f64 {
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let place = ((self.0.len() - 1) as f64 * part) as usize;
        self.0[place]
    }

    fn told(&self) -> String {
        let ms = |part| self.at(part) * 1e3;
        format!(
            "{:7.0} answers a second   p50 {:6.2} ms   p99 {:6.2} ms   longest {:6.2} ms",
            self.0.len() as f64 / PHASE.as_secs_f64(),
            ms(0.5),
            ms(0.99),
            ms(1.0)
        )
    }
}

/// Asks on all connections for the length of a phase.
async fn read(base: &str) -> Waits {
    let address = format!("{base}/graphql");
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let address = address.clone();
            std::thread::spawn(move || {
                let agent = ureq::Agent::new_with_defaults();
                let body = json!({ "query": ASK }).to_string();
                let (start, mut waits) = (Instant::now(), Vec::new());
                while start.elapsed() < PHASE {
                    let sent = Instant::now();
                    let request = agent.post(&address).header("content-type", "application/json");
                    let text = request
                        .send(body.as_bytes())
                        .unwrap()
                        .body_mut()
                        .read_to_string()
                        .unwrap();
                    waits.push(sent.elapsed().as_secs_f64());
                    let answer: Value = serde_json::from_str(&text).unwrap();
                    assert!(seen(&answer).is_some(), "half a batch: {answer}");
                }
                waits
            })
        })
        .collect();
    tokio::task::spawn_blocking(move || {
        let mut waits: Vec<f64> = readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect();
        waits.sort_by(f64::total_cmp);
        Waits(waits)
    })
    .await
    .unwrap()
}

async fn ask(app: &TestApp) -> Value {
    app.query(ASK, json!({})).await
}

/// The number that all communities have; none when two of them differ.
fn seen(answer: &Value) -> Option<f64> {
    let rows = answer["data"]["compare"]["rows"].as_array()?;
    let values: Vec<f64> = rows.iter().filter_map(|row| row["current"]["value"].as_f64()).collect();
    let first = *values.first()?;
    (values.len() >= COMMUNITIES && values.iter().all(|value| *value == first)).then_some(first)
}

async fn write(app: &TestApp, number: u64) {
    import(app.service(), number).await;
}

/// Sets all communities of the street to one number.
async fn import(service: &api::service::Service, number: u64) {
    let mut file = "indicator,org,period,value,unit\n".to_owned();
    for community in 1..=COMMUNITIES {
        let org = format!("synthetic-d01-s02-c{community:02}");
        file.push_str(&format!("synthetic_accepted_01,{org},2025-06,{number},件\n"));
    }
    let options = Options {
        commit: true,
        caller: Caller::operator("load"),
        reason: Some(RevisionReason::Error),
        ..Options::default()
    };
    service.import("load.csv", file.as_bytes(), &options).await.unwrap();
}
