//! A schema fuzzer asks whatever the schema allows: no fault of the server. `scripts/test` installs it (schemathesis, from PyPI).

use std::path::Path;
use std::process::Command;

use serde_json::json;
use tests::app::TestApp;
use tests::db::{Holding, TestDb};

use super::script;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_schema_allows_ends_without_a_fault_of_the_server() {
    let Some(folder) = script::installed("fuzz", "requirements.txt", "schemathesis and Python 3.11 or newer") else {
        return;
    };
    let hooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/fuzz/hooks.py");
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    let url = format!("{}/graphql", app.url());
    let examples = std::env::var("PLUMBLINE_FUZZ_EXAMPLES").unwrap_or_else(|_| "40".to_owned());
    let tried = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(folder.join("bin/schemathesis"));
        command
            .env("SCHEMATHESIS_HOOKS", &hooks)
            .current_dir(std::env::temp_dir());
        command.args(["run", &url, "--phases", "fuzzing", "--checks", "no_fault_of_the_server"]);
        command.args([
            "--seed",
            "1",
            "--max-examples",
            &examples,
            "--generation-database",
            "none",
            "--continue-on-failure",
        ]);
        command.output().expect("schemathesis runs")
    });
    let output = tried.await.unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let faults = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && told.contains("Test cases:"),
        "{told}{faults}"
    );
    let answer = app
        .data("{ indicator(code: \"petition_received_count\") { code } }", json!({}))
        .await;
    assert_eq!(
        answer["indicator"]["code"], "petition_received_count",
        "the server is well"
    );
}
