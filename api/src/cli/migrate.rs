//! `plumbline migrate`

use clap::Args;

use super::fault::{CommandError, counted};
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only tell what would be applied; the exit code is 2 when something would.
    #[arg(long)]
    check: bool,
}

pub(super) async fn run(config: &Config, arguments: Arguments) -> Result<(), CommandError> {
    let url = &config.database.url;
    if arguments.check {
        let pending = migration::pending(url).await?;
        for name in &pending {
            println!("pending {name}");
        }
        if !pending.is_empty() {
            return Err(CommandError::Refused(format!(
                "{} pending: back up, then run `plumbline migrate`",
                counted(pending.len(), "migration")
            )));
        }
    }
    let applied = if arguments.check {
        Vec::new()
    } else {
        migration::up(url).await?
    };
    if applied.is_empty() {
        println!("The database is up to date.");
    }
    for name in applied {
        println!("applied {name}");
    }
    Ok(())
}
