//! `plumbline demo`

use entity::choice::Role;

use super::catalog::apply;
use super::fault::CommandError;
use super::import::refused;
use super::session::{StopSignal, connect};
use crate::app::App;
use crate::config::Config;
use crate::intake::catalog::embedded;
use crate::intake::figures::PUBLISHED;
use crate::service::access::{Caller, NewGrant, NewToken, Scopes};
use crate::service::import::Options;

pub(super) async fn run(mut config: Config) -> Result<(), CommandError> {
    let mut stop = StopSignal::listen()?;
    let folder = tempfile::Builder::new()
        .prefix("plumbline-demo-")
        .tempdir()
        .map_err(CommandError::io("cannot make a temporary folder for the demo"))?;
    config.database.url = format!("sqlite:{}", folder.path().join("plumbline.db").display());
    // A signal while it loads ends it like any other, and the folder goes with it.
    let (app, figures, token) = tokio::select! {
        loaded = load(config) => loaded?,
        () = stop.received() => return Ok(()),
    };
    app.serve(
        |address| {
            println!("{figures} published figures are loaded into a temporary database.");
            println!("Its administrator signs in with authorization: Bearer {token}");
            println!("Plumbline listens on http://{address}/graphql — Ctrl-C stops it and removes the database.");
        },
        async move { stop.received().await },
    )
    .await?;
    println!("Plumbline has stopped.");
    Ok(())
}

/// The administrator of the demo.
const ADMIN: &str = "demo-admin";

/// A database with the catalogue and the published figures in it.
async fn load(config: Config) -> Result<(App, usize, String), CommandError> {
    migration::up(&config.database.url).await?;
    let app = connect(config).await?;
    let (service, demo) = (app.service(), Caller::operator("demo"));
    apply(service, &demo, &embedded()).await?;
    let options = Options {
        commit: true,
        caller: demo.clone(),
        reason: None,
        again: false,
        ..Options::default()
    };
    let report = app
        .service()
        .import("published.csv", PUBLISHED.as_bytes(), &options)
        .await
        .map_err(refused)?;
    service
        .create_principal(&demo, ADMIN, Some("演示管理员".to_owned()), None)
        .await?;
    let grant = NewGrant {
        principal: ADMIN.to_owned(),
        role: Role::Admin,
        org: None,
        theme: None,
        valid_from: None,
        valid_to: None,
    };
    service.grant_role(&demo, &grant).await?;
    let token = NewToken {
        principal: ADMIN.to_owned(),
        label: Some("demo".to_owned()),
        scopes: Scopes::ALL,
        expires_at: None,
    };
    let token = service.create_token(&demo, &token).await?.secret;
    Ok((app, report.created, token))
}
