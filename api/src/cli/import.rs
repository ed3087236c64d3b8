//! `plumbline import`

mod bar;
mod print;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use entity::choice::RevisionReason;

use super::fault::{CommandError, counted};
use super::session::connect;
use crate::config::Config;
use crate::export::annotated;
use crate::intake::book::Limits;
use crate::intake::figures::{Field, Mapping};
use crate::service::access::Caller;
use crate::service::import::{Content, ImportError, Options, Report};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// CSV, XLSX or ODS, long or wide; docs/import.md tells what is understood.
    file: PathBuf,
    /// Write. Without it the file is checked, the changes are shown, and nothing is written.
    #[arg(long)]
    commit: bool,
    /// What the dry run printed: refuse to write when a figure of the file has changed since.
    #[arg(long, requires = "commit")]
    token: Option<String>,
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
    /// A TOML file that says what columns and words mean; the dry run prints the one it detected.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The organisation of all figures that do not name one.
    #[arg(long)]
    org: Option<String>,
    /// The period of all figures that do not name one.
    #[arg(long)]
    period: Option<String>,
    /// The indicator of all figures that do not name one.
    #[arg(long)]
    indicator: Option<String>,
    /// Write the file again as a workbook, each bad cell marked and explained, to be mended and sent again.
    #[arg(long, value_name = "FILE.xlsx")]
    annotate: Option<PathBuf>,
}

/// Why a stored figure is revised.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Reason {
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
    let bytes = read(&arguments.file, config.import.max_file_bytes)?;
    let mapping = mapping(&arguments)?;
    let limits = Limits::from(&config.import);
    let app = connect(config).await?;
    let options = Options {
        content: if arguments.targets {
            Content::Targets
        } else {
            Content::Figures
        },
        commit: arguments.commit,
        caller: Caller::operator(arguments.author),
        reason: arguments.reason.map(Into::into),
        again: arguments.again,
        mapping,
        token: arguments.token,
        limits,
        ..Options::default()
    };
    let bar = bar::watch(options.progress.clone());
    // Only a file that is written again is kept beside the import.
    let kept = arguments.annotate.as_ref().map(|target| (target, bytes.clone()));
    let outcome = app.service().import(&name, bytes, &options).await;
    bar.end().await;
    if let Some((target, bytes)) = kept {
        let seen = match &outcome {
            Ok(report) => report.clone(),
            // A refused commit tells the faults alone; how the file was understood is told by a dry run.
            Err(ImportError::Problems(_)) => {
                let look = Options {
                    commit: false,
                    ..options.clone()
                };
                app.service()
                    .import(&name, bytes.clone(), &look)
                    .await
                    .map_err(refused)?
            }
            Err(_) => Report::default(),
        };
        let header = seen.tables.first().map(|table| table.header);
        let workbook = annotated::write(&name, &bytes, &seen.problems, header, &options.limits)
            .map_err(|error| CommandError::Refused(error.to_string()))?;
        std::fs::write(target, workbook)
            .map_err(|error| CommandError::Refused(format!("cannot write {}: {error}", target.display())))?;
    }
    let report = outcome.map_err(refused)?;
    print::report(&report, arguments.commit);
    if report.problems.is_empty() {
        Ok(())
    } else {
        Err(CommandError::Problems(report.problems))
    }
}

/// Reads a file, but none that is larger than the limit.
pub(super) fn read(path: &Path, most: u64) -> Result<Vec<u8>, CommandError> {
    let name = path.display();
    let failed = |error: std::io::Error| CommandError::Refused(format!("cannot read {name}: {error}"));
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > most {
        return Err(CommandError::Refused(format!(
            "{name} has {size} bytes, more than import.max_file_bytes = {most}: split it"
        )));
    }
    std::fs::read(path).map_err(failed)
}

/// The mapping file with the options that say the same.
fn mapping(arguments: &Arguments) -> Result<Mapping, CommandError> {
    let mapping = match &arguments.mapping {
        None => Mapping::default(),
        Some(path) => {
            let name = path.display().to_string();
            let text = std::fs::read_to_string(path)
                .map_err(|error| CommandError::Refused(format!("cannot read {name}: {error}")))?;
            Mapping::parse(&name, &text).map_err(CommandError::Problems)?
        }
    };
    Ok(mapping
        .with_default(Field::Org, arguments.org.as_deref())
        .with_default(Field::Period, arguments.period.as_deref())
        .with_default(Field::Indicator, arguments.indicator.as_deref()))
}

/// An import's error as a command's.
pub(super) fn refused(error: ImportError) -> CommandError {
    match error {
        ImportError::Problems(problems) => CommandError::Problems(problems),
        ImportError::NoReason(count) => CommandError::Refused(format!(
            "{} would be revised; say why with --reason ERROR, LATE, METHOD, BOUNDARY or APPEAL. Nothing was changed",
            counted(count, "stored figure")
        )),
        ImportError::Conflict { count, cells } => CommandError::Refused(print::conflict(count, &cells)),
        ImportError::Token | ImportError::CatalogChanged => CommandError::Refused(format!(
            "{error}: look at it again without --commit. Nothing was changed"
        )),
        ImportError::Undone(_) | ImportError::Superseded(_) => {
            CommandError::Refused(format!("{error}. Nothing was changed"))
        }
        ImportError::NoCatalog | ImportError::Cancelled => CommandError::Refused(error.to_string()),
        ImportError::Failed(error) => CommandError::Service(error),
    }
}
