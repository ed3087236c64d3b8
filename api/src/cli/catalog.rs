//! `plumbline catalog apply`

use std::path::PathBuf;

use clap::Subcommand;

use super::fault::CommandError;
use super::session::{connect, operator};
use crate::config::Config;
use crate::intake::catalog::{CatalogFile, embedded, read, read_directory};
use crate::service::Service;
use crate::service::access::Caller;
use crate::service::apply::{ApplyError, Report};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Bring the database to the state of the catalogue's files: all of them or none.
    Apply {
        /// Directory with units.toml, themes.toml, organisations.toml, …; the default catalogue when left out.
        directory: Option<PathBuf>,
    },
}

pub(super) async fn run(config: Config, command: Command) -> Result<(), CommandError> {
    let Command::Apply { directory } = command;
    let files = match directory {
        Some(directory) => read_directory(&directory).map_err(CommandError::Problems)?,
        None => embedded(),
    };
    let app = connect(config).await?;
    let report = apply(app.service(), &operator(), &files).await?;
    print(&report);
    Ok(())
}

/// Reads, checks and applies `files`.
pub(super) async fn apply(service: &Service, caller: &Caller, files: &[CatalogFile]) -> Result<Report, CommandError> {
    let catalog = read(files).map_err(CommandError::Problems)?;
    service
        .apply_catalog(caller, &catalog)
        .await
        .map_err(|error| match error {
            ApplyError::Problems(problems) => CommandError::Problems(problems),
            ApplyError::Failed(error) => CommandError::Service(error),
        })
}

fn print(report: &Report) {
    for (sign, names) in [("+", &report.created), ("~", &report.updated), ("?", &report.kept)] {
        for name in names {
            println!("{sign} {name}");
        }
    }
    println!(
        "{} added, {} changed, {} as they were.",
        report.created.len(),
        report.updated.len(),
        report.unchanged
    );
    if !report.kept.is_empty() {
        println!(
            "{} stored entries are not in the files (marked ?); they are kept.",
            report.kept.len()
        );
    }
}
