//! A million rows of CSV into both databases, held against a bare load of the same rows in the same run: `cargo bench --bench import`.
//!
//! The bare load is what a program without rules would do: the same rows, resolved beforehand, into a table of the same columns and indexes, by COPY on PostgreSQL
//! and by multi-row inserts in one transaction on SQLite.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark speaks on standard output and ends when something is wrong"
)]

use std::time::{Duration, Instant};

use api::service::access::Caller;
use api::service::import::{Options, Report};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tests::db::{Backend, Holding, TestDb};
use tests::fixture::many_figures;

const ROWS: usize = 1_000_000;
/// Rows of one statement of the bare load of SQLite.
const CHUNK: usize = 1000;
const COLUMNS: &str = "indicator_id, org_id, start_month, end_month, breakdown_item_id, revision, value, status, decimals, printed, unit_id, flags, \
    note, source_id, locator, batch_id, reason, recorded_at, superseded_at, withdrawn";

#[tokio::main]
async fn main() {
    let text = many_figures(ROWS);
    println!("{ROWS} rows, {} MiB of CSV", text.len() / 1_048_576);
    println!("| | import | bare load | ratio | the same file again | more memory, most |");
    println!("|---|---|---|---|---|---|");
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let db = TestDb::fresh(backend, Holding::Catalog);
        let service = db.service().await;
        let options = Options {
            commit: true,
            caller: Caller::operator("bench"),
            ..Options::default()
        };
        let import = async || -> (Duration, Report) {
            let bytes = text.clone().into_bytes();
            let start = Instant::now();
            let report = service.import("many.csv", bytes, &options).await.unwrap();
            (start.elapsed(), report)
        };
        // What was held before this import is not counted as its peak.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        let before = resident("VmRSS:");
        let (first, report) = import().await;
        assert_eq!(report.created, ROWS);
        let more = resident("VmHWM:").saturating_sub(before);
        let (again, report) = import().await;
        assert!(report.known.is_some());
        let bare = bare_load(&db, backend).await;
        println!(
            "| {backend:?} | {:.1} s | {:.1} s | {:.2} | {:.2} s | {more} MiB |",
            first.as_secs_f64(),
            bare.as_secs_f64(),
            first.as_secs_f64() / bare.as_secs_f64(),
            again.as_secs_f64(),
        );
    }
}

/// The rows once more into an empty table of the same shape.
async fn bare_load(db: &TestDb, backend: Backend) -> Duration {
    let raw = db.raw().await;
    match backend {
        Backend::Postgres => {
            run(&raw, "CREATE TABLE bare (LIKE observation INCLUDING ALL)").await;
            // The server writes and reads the file itself: what is measured is the load alone.
            let file = "plumbline-bare.copy";
            run(
                &raw,
                &format!(
                    "COPY (SELECT * FROM observation ORDER BY id) TO '{}'",
                    server_file(&raw, file).await
                ),
            )
            .await;
            let copy = format!("COPY bare FROM '{}'", server_file(&raw, file).await);
            let start = Instant::now();
            run(&raw, &copy).await;
            start.elapsed()
        }
        Backend::Sqlite => sqlite(&raw).await,
    }
}

/// A place that the database server may write.
async fn server_file(raw: &DatabaseConnection, name: &str) -> String {
    let row = raw
        .query_one_raw(statement(raw, "SHOW data_directory"))
        .await
        .unwrap()
        .unwrap();
    let folder: String = row.try_get_by_index(0).unwrap();
    format!("{folder}/{name}")
}

async fn sqlite(raw: &DatabaseConnection) -> Duration {
    let shape = raw
        .query_one_raw(statement(
            raw,
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'observation'",
        ))
        .await
        .unwrap()
        .unwrap();
    let shape: String = shape.try_get_by_index(0).unwrap();
    run(
        raw,
        &shape
            .replacen("\"observation\"", "\"bare\"", 1)
            .replace("observation_", "bare_"),
    )
    .await;
    let indexes = raw
        .query_all_raw(statement(
            raw,
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'observation' AND sql IS NOT NULL",
        ))
        .await
        .unwrap();
    for index in indexes {
        let sql: String = index.try_get_by_index(0).unwrap();
        run(raw, &sql.replace("\"observation", "\"bare")).await;
    }
    // The values are read before the clock starts, and written as text of statements: no row is made twice.
    let rows = raw
        .query_all_raw(statement(
            raw,
            &format!("SELECT {} FROM observation ORDER BY id", quoted()),
        ))
        .await
        .unwrap();
    let values: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index::<String>(0).unwrap())
        .collect();
    let statements: Vec<String> = values
        .chunks(CHUNK)
        .map(|chunk| format!("INSERT INTO bare ({COLUMNS}) VALUES {}", chunk.join(",")))
        .collect();
    drop(values);
    let start = Instant::now();
    run(raw, "BEGIN IMMEDIATE").await;
    for insert in &statements {
        run(raw, insert).await;
    }
    run(raw, "COMMIT").await;
    start.elapsed()
}

/// A row as the text of its values.
fn quoted() -> String {
    let parts: Vec<String> = COLUMNS
        .split(',')
        .map(|column| format!("quote({})", column.trim()))
        .collect();
    format!("'(' || {} || ')'", parts.join(" || ',' || "))
}

async fn run(raw: &DatabaseConnection, sql: &str) {
    raw.execute_unprepared(sql).await.unwrap();
}

fn statement(raw: &DatabaseConnection, sql: &str) -> Statement {
    let backend = match raw.get_database_backend() {
        DbBackend::Sqlite => DbBackend::Sqlite,
        other => other,
    };
    Statement::from_string(backend, sql)
}

/// A line of this process's status, in MiB.
fn resident(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kibibytes.unwrap_or(0) / 1024
}
