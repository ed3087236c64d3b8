//! `plumbline backup`

use std::path::PathBuf;

use clap::Args;
use entity::db::{Db, Options};

use super::fault::{CommandError, counted};
use crate::config::Config;
use crate::service::backup::save;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The file; it must not be there yet.
    file: PathBuf,
}

pub(super) async fn run(config: &Config, arguments: Arguments) -> Result<(), CommandError> {
    let db = open(config, &config.database.url).await?;
    let saved = save(&db, &arguments.file).await;
    db.close().await.map_err(crate::error::Error::from)?;
    let saved = saved?;
    let rows = usize::try_from(saved.manifest.rows()).unwrap_or(usize::MAX);
    println!(
        "{} with {} of {} tables, {} bytes, up to change {}; read again and found whole.",
        arguments.file.display(),
        counted(rows, "row"),
        saved.manifest.tables.len(),
        saved.bytes,
        saved.manifest.feed,
    );
    Ok(())
}

/// A pool, whatever the schema: an old one is backed up before it is migrated.
pub(super) async fn open(config: &Config, url: &str) -> Result<Db, CommandError> {
    let options = Options {
        url: url.to_owned(),
        max_connections: config.database.max_connections,
        acquire_timeout: config.database.acquire_timeout,
    };
    Ok(Db::connect(&options).await.map_err(crate::app::AppError::from)?)
}
