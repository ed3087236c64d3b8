//! `plumbline export`

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use analytics::period::Period;
use clap::{Args, Subcommand};

use super::fault::{CommandError, counted};
use super::selection::{Selection, period, time, told, write};
use super::session::{connect, operator};
use crate::config::Config;
use crate::export::observation::{About, CsvWriter, MOST_SHEET_ROWS, workbook};
use crate::service::export::ExportQuery;
use crate::service::provisional::Include;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Figures as flat rows; the file can be corrected and imported again.
    Observations(Arguments),
}

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The file: .csv or .xlsx.
    file: PathBuf,
    #[command(flatten)]
    selection: Selection,
    /// Only this period.
    #[arg(long, value_parser = period)]
    period: Option<Period>,
    /// Beginning with this period or later.
    #[arg(long, value_parser = period)]
    from: Option<Period>,
    /// Ending with this period or earlier.
    #[arg(long, value_parser = period)]
    to: Option<Period>,
    /// As the figures were known at this time.
    #[arg(long, value_parser = time)]
    as_of: Option<i64>,
    /// With the figures of submissions that were handed in and are not published yet, flagged UNPUBLISHED.
    #[arg(long, conflicts_with = "as_of")]
    provisional: bool,
    /// Begin a CSV with a byte order mark, so that Excel reads it as UTF-8.
    #[arg(long)]
    bom: bool,
}

pub(super) async fn run(config: Config, command: Command) -> Result<(), CommandError> {
    let Command::Observations(arguments) = command;
    let query = ExportQuery {
        indicators: arguments.selection.indicators(),
        orgs: arguments.selection.orgs(),
        period: arguments.period,
        from: arguments.from.map(Period::start_month),
        to: arguments.to.map(Period::end_month),
        as_of: arguments.as_of,
        include: if arguments.provisional {
            Include::Provisional
        } else {
            Include::Published
        },
    };
    let app = connect(config).await?;
    let mut pages = app.service().export(&operator(), &query).await?;
    let as_of = told(pages.as_of);
    let extension = arguments
        .file
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
        .to_lowercase();
    let failed = || CommandError::io(format!("cannot write {}", arguments.file.display()));
    let mut count = 0;
    match extension.as_str() {
        "csv" => {
            let file = File::create(&arguments.file).map_err(failed())?;
            let mut writer = CsvWriter::new(BufWriter::new(file), arguments.bom).map_err(failed())?;
            while let Some(rows) = pages.next().await? {
                count += rows.len();
                rows.iter().try_for_each(|row| writer.row(row)).map_err(failed())?;
            }
            writer.end().map_err(failed())?;
        }
        "xlsx" => {
            let mut all = Vec::new();
            while let Some(rows) = pages.next().await? {
                all.extend(rows);
                if all.len() > MOST_SHEET_ROWS {
                    let message = format!("a sheet holds {MOST_SHEET_ROWS} rows: choose fewer figures, or write .csv");
                    return Err(CommandError::Refused(message));
                }
            }
            count = all.len();
            let about = About::figures(&as_of, all.len());
            let bytes = workbook(&all, &about).map_err(|error| CommandError::Refused(error.to_string()))?;
            write(&arguments.file, &bytes)?;
        }
        _ => return Err(CommandError::Refused("name the file .csv or .xlsx".to_owned())),
    }
    println!(
        "{} written to {}, as of {as_of}.",
        counted(count, "figure"),
        arguments.file.display()
    );
    Ok(())
}
