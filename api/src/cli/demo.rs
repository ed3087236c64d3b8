//! `plumbline demo`

use super::catalog::apply;
use super::fault::CommandError;
use super::import::refused;
use super::session::{StopSignal, connect};
use crate::app::App;
use crate::config::Config;
use crate::intake::catalog::embedded;
use crate::intake::figures::PUBLISHED;
use crate::service::import::Options;

pub(super) async fn run(mut config: Config) -> Result<(), CommandError> {
    let mut stop = StopSignal::listen()?;
    let folder = tempfile::Builder::new()
        .prefix("plumbline-demo-")
        .tempdir()
        .map_err(CommandError::io("cannot make a temporary folder for the demo"))?;
    config.database.url = format!("sqlite:{}", folder.path().join("plumbline.db").display());
    // A signal while it loads ends it like any other, and the folder goes with it.
    let (app, figures) = tokio::select! {
        loaded = load(config) => loaded?,
        () = stop.received() => return Ok(()),
    };
    app.serve(
        |address| {
            println!("{figures} published figures are loaded into a temporary database.");
            println!("Plumbline listens on http://{address}/graphql — Ctrl-C stops it and removes the database.");
        },
        async move { stop.received().await },
    )
    .await?;
    println!("Plumbline has stopped.");
    Ok(())
}

/// A database with the catalogue and the published figures in it.
async fn load(config: Config) -> Result<(App, usize), CommandError> {
    migration::up(&config.database.url).await?;
    let app = connect(config).await?;
    apply(app.service(), &embedded()).await?;
    let options = Options {
        commit: true,
        author: "demo".to_owned(),
        reason: None,
        again: false,
        ..Options::default()
    };
    let report = app
        .service()
        .import("published.csv", PUBLISHED.as_bytes(), &options)
        .await
        .map_err(refused)?;
    Ok((app, report.created))
}
