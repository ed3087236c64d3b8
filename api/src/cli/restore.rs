//! `plumbline restore`

use std::path::PathBuf;

use clap::Args;

use super::backup::open;
use super::check::{held, told};
use super::fault::{CommandError, counted};
use super::session::connect;
use crate::config::Config;
use crate::service::backup::{Archive, BackupError, load};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The backup.
    file: PathBuf,
    /// Only read the file and tell whether it is whole.
    #[arg(long)]
    verify: bool,
}

pub(super) async fn run(config: Config, arguments: Arguments) -> Result<(), CommandError> {
    let mut archive = Archive::open(&arguments.file)?;
    let manifest = archive.manifest().clone();
    let rows = counted(usize::try_from(manifest.rows()).unwrap_or(usize::MAX), "row");
    println!(
        "A whole backup of {}: {rows} of {} tables, up to change {}.",
        manifest.taken_at,
        manifest.tables.len(),
        manifest.feed
    );
    if arguments.verify {
        return Ok(());
    }
    let known = migration::names();
    if !known.starts_with(&manifest.migrations) {
        return Err(BackupError::Newer(manifest.program).into());
    }
    let count = manifest.migrations.len();
    let folder = tempfile::tempdir().map_err(CommandError::io("cannot make a temporary folder"))?;
    let fresh = format!("sqlite:{}", folder.path().join("fresh.db").display());
    prepare(&config, &fresh, count, known.len()).await?;
    let (db, fresh) = (open(&config, &config.database.url).await?, open(&config, &fresh).await?);
    let loaded = load(&db, &fresh, &mut archive).await;
    for pool in [db, fresh] {
        pool.close().await.map_err(crate::error::Error::from)?;
    }
    loaded?;
    println!("Written, read again, and the same.");
    for name in migration::up(&config.database.url).await? {
        println!("applied {name}");
    }
    let app = connect(config).await?;
    let rules = held(app.service()).await?;
    println!("{}", told(&rules)?);
    Ok(())
}

/// Makes the tables of the backup, or finds them made; and at `fresh` a database with the same tables and nothing in them.
async fn prepare(config: &Config, fresh: &str, count: usize, known: usize) -> Result<(), CommandError> {
    let url = &config.database.url;
    let applied = known - migration::pending(url).await?.len();
    if applied != 0 && applied != count {
        let problem = "its tables are not of the backup's version: give a database without tables";
        return Err(BackupError::NotEmpty(problem.to_owned()).into());
    }
    migration::up_to(fresh, count).await?;
    if applied == 0 {
        migration::up_to(url, count).await?;
    }
    Ok(())
}
