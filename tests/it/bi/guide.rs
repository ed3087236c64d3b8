//! The guides' own lines, run as they stand against a server with the published figures.

use std::path::{Path, PathBuf};
use std::process::Command;

use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tests::app::TestApp;
use tests::db::{Holding, TestDb};
use tests::suite;

use crate::transport::script;

suite!(Figures: metrics_of_the_superset_guide_are_expressions_that_both_databases_take);

/// The text of a guide.
fn guide(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/bi").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Its code blocks of a language, joined.
fn code(text: &str, language: &str) -> String {
    let fence = format!("```{language}\n");
    let blocks: Vec<&str> = text
        .split(&fence)
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .collect();
    assert!(!blocks.is_empty(), "no block of {language}");
    blocks.join("\n")
}

/// Runs a guide's blocks with a server in place of the one that they name.
async fn run(name: &str, language: &str, program: PathBuf, file: &str) {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    let database = db.file().unwrap();
    let lines = code(&guide(name), language)
        .replace("http://127.0.0.1:8000", app.url())
        .replace("file:plumbline.db", &format!("file:{}", database.display()));
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join(file);
    std::fs::write(&script, lines).unwrap();
    let output =
        tokio::task::spawn_blocking(move || Command::new(program).arg(script).current_dir(folder.path()).output())
            .await
            .unwrap();
    let output = output.expect("the program runs");
    let (told, faults) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{name}: {told}{faults}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_python_guide_runs_as_it_stands() {
    let Some(folder) = script::installed("guides", "requirements.txt", "pandas, polars and DuckDB") else {
        return;
    };
    run("python.md", "python", folder.join("bin/python"), "guide.py").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_r_guide_runs_as_it_stands() {
    let has_json = Command::new("Rscript").args(["-e", "library(jsonlite)"]).output();
    if !has_json.is_ok_and(|output| output.status.success()) {
        eprintln!("NOT TESTED: there is no R with jsonlite (r-base-core, r-cran-jsonlite)");
        return;
    }
    run("r.md", "r", PathBuf::from("Rscript"), "guide.R").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_of_the_guides_are_answered() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    let trend = app.data(&code(&guide("grafana.md"), "graphql"), json!({})).await;
    let points = trend["trend"][0]["points"].as_array().unwrap();
    assert!(points.len() == 4 && points[3]["value"]["value"] == 109.0, "{trend}");
    // The text of Power Query writes a quotation mark twice.
    let excel = guide("excel.md");
    let query = excel
        .split("Query = \"query")
        .nth(1)
        .and_then(|rest| rest.split("\",\n").next())
        .unwrap();
    let query = format!("query{}", query.replace("\"\"", "\""));
    let rows = app.data(&query, json!({ "period": "2025" })).await;
    assert!(
        rows["compare"]["rows"].as_array().is_some_and(|rows| !rows.is_empty()),
        "{rows}"
    );
    for path in [
        "/export/observations.csv?within=shenzhen-luohu&from=2019",
        "/export/observations.xlsx?within=shenzhen-luohu&from=2019",
    ] {
        assert!(excel.contains(&path[1..]), "the guide names {path}");
        assert_eq!(app.get(path).await.status, 200, "{path}");
    }
}

async fn metrics_of_the_superset_guide_are_expressions_that_both_databases_take(db: TestDb) {
    let text = guide("superset.md");
    let connection = db.raw().await;
    let mut tried = 0;
    let (ratios, values) = text.split_once("and of `bi_value`").unwrap();
    for (view, part) in [("bi_ratio", ratios), ("bi_value", values)] {
        for line in part.lines().filter(|line| line.starts_with("| `")) {
            let metric = line.split('`').nth(3).unwrap().replace("\\|", "|");
            let query = format!("SELECT {metric} AS metric FROM {view} GROUP BY indicator");
            let statement = Statement::from_string(connection.get_database_backend(), query);
            let rows = connection.query_all_raw(statement).await;
            assert!(!rows.unwrap_or_else(|error| panic!("{error}: {metric}")).is_empty());
            tried += 1;
        }
    }
    assert_eq!(tried, 4);
}

/// The texts in quotes that stand between `from` and `until`.
fn quoted<'a>(text: &'a str, from: &str, until: &str) -> Vec<&'a str> {
    let found = text.split_once(from).and_then(|(_, rest)| rest.split_once(until));
    found.map_or_else(Vec::new, |(inside, _)| inside.split('"').skip(1).step_by(2).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_addresses_and_columns_of_power_query_are_there() {
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    let mut typed = 0;
    for name in ["excel.md", "power-bi.md"] {
        let text = guide(name);
        let blocks = text
            .split("Web.Contents(")
            .skip(1)
            .filter_map(|rest| rest.split("```").next());
        for block in blocks.filter(|block| block.contains("RelativePath = \"export")) {
            let path = quoted(block, "RelativePath = ", ",")[0];
            let query = block.split_once("Query = [").and_then(|(_, rest)| rest.split_once(']'));
            let pairs: Vec<String> = query.map_or_else(Vec::new, |(inside, _)| {
                inside.split(',').map(|pair| pair.replace([' ', '"'], "")).collect()
            });
            let answer = app.get(&format!("/{path}?{}", pairs.join("&"))).await;
            assert_eq!(answer.status, 200, "{name}: {path} {pairs:?}: {}", answer.text());
            let header = answer.text().lines().next().unwrap_or_default().to_owned();
            let columns: Vec<&str> = header.trim_start_matches('\u{feff}').split(',').collect();
            for column in quoted(block, "TransformColumnTypes(Named, {", "}}") {
                assert!(columns.contains(&column), "{name}: {column} is none of {columns:?}");
                typed += 1;
            }
        }
    }
    assert!(typed > 0, "no guide types a column");
}
