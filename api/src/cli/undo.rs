//! `plumbline undo`

use clap::Args;

use super::fault::{CommandError, counted};
use super::import::{Reason, refused};
use super::session::connect;
use crate::config::Config;
use crate::service::access::Caller;
use crate::service::import::UndoOptions;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The number of the batch, as the import printed it.
    batch: i64,
    /// Write. Without it is told what would be undone, and nothing is written.
    #[arg(long)]
    commit: bool,
    /// Why.
    #[arg(long, value_enum)]
    reason: Reason,
    /// Who undoes it, for the record.
    #[arg(long, env = "USER", default_value = "unknown")]
    author: String,
}

pub(super) async fn run(config: Config, arguments: Arguments) -> Result<(), CommandError> {
    let app = connect(config).await?;
    let options = UndoOptions {
        batch: arguments.batch,
        commit: arguments.commit,
        caller: Caller::operator(arguments.author),
        reason: arguments.reason.into(),
    };
    let report = app.service().undo(&options).await.map_err(refused)?;
    println!(
        "Batch {}: {} restored, {} withdrawn.",
        options.batch,
        counted(report.restored, "figure"),
        report.withdrawn
    );
    match report.batch {
        Some(batch) => println!("Written as batch {batch}."),
        None => println!("Dry run: nothing was written. Repeat with --commit to write."),
    }
    Ok(())
}
