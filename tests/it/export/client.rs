//! The programs that analysts use, as they come from their registry: pandas, polars, pyarrow, DuckDB, openpyxl, pyjstat, and the SQL dialect over GraphQL.
//! `scripts/test` installs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use tests::app::TestApp;
use tests::db::{Holding, TestDb};

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/tables")
}

/// The interpreter that has them, beside what cargo builds.
fn installed() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("table-clients");
    let wanted = std::fs::read(scripts().join("requirements.txt")).unwrap();
    match std::fs::read(folder.join("requirements.txt")) {
        Ok(there) if there == wanted => Ok(folder.join("bin/python")),
        _ => Err(format!(
            "the readers of tables are not installed in {}",
            folder.display()
        )),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_of_tables_agree() {
    let python = match installed() {
        Ok(python) => python,
        Err(lack) if std::env::var("CI").is_ok_and(|ci| ci == "true") => panic!("{lack}: run scripts/test"),
        Err(lack) => {
            eprintln!("NOT TESTED with real readers: {lack}; scripts/test installs them (Python 3.11 or newer)");
            return;
        }
    };
    let db = TestDb::sqlite(Holding::Figures);
    let app = TestApp::start(&db).await;
    let url = app.url().to_owned();
    let tried = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(python);
        command.arg(scripts().join("read.py")).arg(url);
        command.output().expect("python runs")
    });
    let output = tried.await.unwrap();
    let (told, faults) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{told}{faults}");
    assert!(
        told.contains("all readers agree") && told.matches("ok ").count() > 20,
        "{told}{faults}"
    );
}
