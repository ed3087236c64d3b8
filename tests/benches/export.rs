//! A million rows as CSV and as Parquet from a running server, held against DuckDB's COPY of the same rows in the same run; and rows by GraphQL against the
//! same rows as JSON: `cargo bench --bench export`. DuckDB is that of `scripts/test`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark speaks on standard output and ends when something is wrong"
)]

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use analytics::synthetic::{City, Size};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::{Backend, Holding, TestDb};

/// Times that the short answers are asked for.
const RUNS: usize = 15;
/// The fields of the table.
const FIELDS: &str = "indicator indicatorName theme themeName org orgName orgLevel period periodType periodStart periodEnd breakdown value unit numerator \
    denominator status flags decimals isTotal partsPresent partsExpected reason";

#[tokio::main]
async fn main() {
    let db = TestDb::fresh(Backend::Sqlite, Holding::Tables);
    let city = City {
        size: Size::Medium,
        seed: 1,
    };
    let figures = db.service().await.generate(city).await.unwrap();
    // No file is kept, so that each is made anew.
    let app = TestApp::start_with(&db, |config| config.export.spool_bytes = 0).await;
    app.get("/export/observations.csv?indicator=synthetic_accepted_01")
        .await;
    println!("{figures} observations");
    let folder = tempfile::tempdir().unwrap();
    let mut ours = Vec::new();
    for form in ["csv", "parquet"] {
        let path = folder.path().join(format!("ours.{form}"));
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        let before = resident("VmRSS:");
        let (took, bytes) = download(format!("{}/export/observations.{form}", app.url()), path).await;
        ours.push((form, took, bytes, resident("VmHWM:").saturating_sub(before)));
    }
    let theirs = copied(folder.path());
    println!("| | ours | DuckDB's COPY | ratio | size | more memory, most |");
    println!("|---|---|---|---|---|---|");
    for (form, took, bytes, memory) in ours {
        let copy = theirs.as_ref().and_then(|all| all[form].as_f64());
        let ratio = copy.map_or("not run".to_owned(), |copy| format!("{:.2}", took.as_secs_f64() / copy));
        let copy = copy.map_or("not run".to_owned(), |copy| format!("{copy:.2} s"));
        let size = bytes / 1_048_576;
        println!(
            "| {form} | {:.2} s | {copy} | {ratio} | {size} MiB | {memory} MiB |",
            took.as_secs_f64()
        );
    }
    rows(&app).await;
}

/// A file from the server, piece by piece.
async fn download(url: String, path: PathBuf) -> (Duration, u64) {
    let read = move || {
        let start = Instant::now();
        let mut response = ureq::get(&url).call().unwrap();
        let mut body = response.body_mut().as_reader();
        let mut file = std::fs::File::create(path).unwrap();
        let (mut piece, mut count) = (vec![0; 65_536], 0);
        loop {
            let length = body.read(&mut piece).unwrap();
            if length == 0 {
                return (start.elapsed(), count);
            }
            file.write_all(&piece[..length]).unwrap();
            count += length as u64;
        }
    };
    tokio::task::spawn_blocking(read).await.unwrap()
}

/// The seconds of DuckDB's COPY by form; none where DuckDB is not installed.
fn copied(folder: &Path) -> Option<Value> {
    let python = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()?
        .join("table-clients/bin/python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/tables/duckdb_copy.py");
    let output = Command::new(python).arg(script).arg(folder).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).ok()
}

async fn rows(app: &TestApp) {
    let path = "/export/observations.json?indicator=synthetic_accepted_01,synthetic_accepted_02";
    let query = format!(
        "{{ observationTable(filter: {{ indicators: {{ codes: [\"synthetic_accepted_01\", \"synthetic_accepted_02\"] }} }}, limit: 100000) {{ {FIELDS} }} }}"
    );
    let body = json!({ "query": query }).to_string();
    let (mut exported, mut asked) = (Vec::new(), Vec::new());
    let mut count = 0;
    for _ in 0..RUNS {
        let start = Instant::now();
        let answer = app.get(path).await;
        exported.push(start.elapsed());
        count = answer.text().lines().count() - 2;
        let start = Instant::now();
        let answer = app
            .raw_post(&[("content-type", "application/json")], body.clone())
            .await;
        asked.push(start.elapsed());
        assert!(
            answer.text().starts_with("{\"data\":{\"observationTable\":["),
            "{:.300}",
            answer.text()
        );
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1000.0
    };
    let (exported, asked) = (median(&mut exported), median(&mut asked));
    println!(
        "{count} rows: JSON {exported:.1} ms, GraphQL {asked:.1} ms, ratio {:.2}",
        asked / exported
    );
}

/// A line of this process's status, in MiB.
fn resident(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kibibytes.unwrap_or(0) / 1024
}
