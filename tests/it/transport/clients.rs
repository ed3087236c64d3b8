//! The clients that people use, as they come from their registry: the audit suite of GraphQL over HTTP, graphql-ws, graphql-sse, Apollo's persisted queries,
//! relay-compiler and graphql-codegen. `scripts/test` installs them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tests::db::{Holding, TestDb};

use super::change_feed::{commit, quick};
use super::script;

/// Where they are described.
fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/clients")
}

#[tokio::test(flavor = "multi_thread")]
async fn real_clients_take_the_server_as_it_is() {
    let Some(folder) = script::installed("clients", "package.json", "Node.js 20 or newer") else {
        return;
    };
    for entry in std::fs::read_dir(scripts()).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    let db = TestDb::sqlite(Holding::Figures);
    let app = quick(&db).await;
    let url = format!("{}/graphql", app.url());
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/schema.graphql");
    let tried = tokio::task::spawn_blocking(move || {
        let mut command = Command::new("node");
        command.arg(folder.join("run.mjs")).arg(url).arg(schema);
        command.output().expect("node runs")
    });
    let service = app.service().clone();
    let writer = tokio::spawn(async move {
        for year in 1000.. {
            commit(&service, year, year).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    let output = tried.await.unwrap();
    writer.abort();
    let (told, faults) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{told}{faults}");
    assert!(
        told.contains("every rule is kept") && told.matches("ok ").count() > 40,
        "{told}{faults}"
    );
}
