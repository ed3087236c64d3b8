//! `plumbline import`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use entity::choice::RevisionReason;

use super::fault::{CommandError, counted};
use super::session::connect;
use crate::config::Config;
use crate::service::import::{Content, ImportError, Options, Report};

/// Revisions that are printed one by one.
const MOST_LINES: usize = 50;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// CSV in UTF-8, one row an observation; docs/import.md lists the columns.
    file: PathBuf,
    /// Write. Without it the file is checked, the changes are shown, and nothing is written.
    #[arg(long)]
    commit: bool,
    /// Why stored figures are revised; needed when any are.
    #[arg(long, value_enum)]
    reason: Option<Reason>,
    /// Who imports, for the record.
    #[arg(long, env = "USER", default_value = "unknown")]
    author: String,
    /// The rows are targets, what is to be reached, and not figures.
    #[arg(long)]
    targets: bool,
    /// Import a file again that was imported before, as new revisions where figures differ by now.
    #[arg(long)]
    again: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
enum Reason {
    /// The first figure was wrong.
    Error,
    /// The figure came late.
    Late,
    /// The method changed.
    Method,
    /// The organisation's boundary changed.
    Boundary,
    /// An appeal was granted.
    Appeal,
}

impl From<Reason> for RevisionReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Error => Self::Error,
            Reason::Late => Self::Late,
            Reason::Method => Self::Method,
            Reason::Boundary => Self::Boundary,
            Reason::Appeal => Self::Appeal,
        }
    }
}

pub(super) async fn run(config: Config, arguments: Arguments) -> Result<(), CommandError> {
    let name = arguments.file.display().to_string();
    let bytes = std::fs::read(&arguments.file)
        .map_err(|error| CommandError::Refused(format!("cannot read {name}: {error}")))?;
    let app = connect(config).await?;
    let options = Options {
        content: if arguments.targets {
            Content::Targets
        } else {
            Content::Figures
        },
        commit: arguments.commit,
        author: arguments.author,
        reason: arguments.reason.map(Into::into),
        again: arguments.again,
    };
    let report = app.service().import(&name, &bytes, &options).await.map_err(refused)?;
    print(&report, arguments.commit);
    Ok(())
}

/// An import's error as a command's.
pub(super) fn refused(error: ImportError) -> CommandError {
    match error {
        ImportError::Problems(problems) => CommandError::Problems(problems),
        ImportError::NoReason(count) => CommandError::Refused(format!(
            "{} would be revised; say why with --reason ERROR, LATE, METHOD, BOUNDARY or APPEAL. Nothing was changed",
            counted(count, "stored figure")
        )),
        ImportError::NoCatalog => CommandError::Refused(error.to_string()),
        ImportError::Failed(error) => CommandError::Service(error),
    }
}

fn print(report: &Report, commit: bool) {
    if let Some(known) = &report.known {
        println!(
            "This file was imported before, as batch {} by {}; nothing was changed. --again imports it once more.",
            known.id, known.author
        );
        return;
    }
    for revision in report.revised.iter().take(MOST_LINES) {
        println!(
            "line {}: {} {} {}: {} → {} ({})",
            revision.line,
            revision.indicator,
            revision.org,
            revision.period,
            revision.before,
            revision.after,
            revision.columns.join(", ")
        );
    }
    if report.revised.len() > MOST_LINES {
        println!("… and {} more revisions", report.revised.len() - MOST_LINES);
    }
    println!(
        "{}: {} new, {} revised, {} unchanged.",
        counted(report.rows, "row"),
        report.created,
        report.revised.len(),
        report.unchanged
    );
    match report.batch {
        Some(batch) => println!("Written as batch {batch}."),
        None if commit => println!("Nothing to write."),
        None => println!("Dry run: nothing was written. Repeat with --commit to write."),
    }
}
