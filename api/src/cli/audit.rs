//! `plumbline audit`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::fault::{CommandError, counted};
use super::session::{connect, operator};
use crate::app::App;
use crate::config::Config;
use crate::service::audit::to_json;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Look at the whole chain of events: none altered, none missing. The exit code is 1 when something is wrong.
    Verify {
        /// A file kept elsewhere: the chain must still be the one whose last event it names, and it is written anew when the chain is whole.
        #[arg(long)]
        anchor: Option<PathBuf>,
    },
    /// Write all events to a file, one JSON object a line.
    Export {
        /// The file: .jsonl
        file: PathBuf,
    },
}

pub(super) async fn run(config: Config, command: Command) -> Result<(), CommandError> {
    let app = connect(config).await?;
    match command {
        Command::Verify { anchor } => verify(&app, anchor.as_deref()).await,
        Command::Export { file } => export(&app, &file).await,
    }
}

async fn verify(app: &App, anchor: Option<&Path>) -> Result<(), CommandError> {
    let known = anchor.map(read).transpose()?.flatten();
    let known = known.as_ref().map(|(number, hash)| (*number, hash.as_str()));
    let found = app.service().verify_audit(known).await?;
    if !found.faults.is_empty() {
        return Err(CommandError::BrokenTrail(found.faults));
    }
    if let Some(path) = anchor {
        std::fs::write(path, format!("{} {}\n", found.events, found.head))
            .map_err(CommandError::io(format!("cannot write {}", path.display())))?;
    }
    let events = usize::try_from(found.events).unwrap_or(usize::MAX);
    println!(
        "The audit trail is whole: {}, the last one {}.",
        counted(events, "event"),
        found.head
    );
    Ok(())
}

/// The number and the hash in an anchor; none where there is no such file yet.
fn read(path: &Path) -> Result<Option<(i64, String)>, CommandError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(CommandError::Refused(format!(
                "cannot read {}: {error}",
                path.display()
            )));
        }
    };
    let parts = text.trim().split_once(' ');
    let parts = parts.and_then(|(number, hash)| Some((number.parse().ok()?, hash.to_owned())));
    let anchor = parts.ok_or_else(|| CommandError::Refused(format!("{} is no anchor", path.display())))?;
    Ok(Some(anchor))
}

async fn export(app: &App, path: &Path) -> Result<(), CommandError> {
    let failed = || CommandError::io(format!("cannot write {}", path.display()));
    let mut file = BufWriter::new(File::create(path).map_err(failed())?);
    let (me, mut last, mut count) = (operator(), 0, 0);
    loop {
        let events = app.service().audit_since(&me, last).await?;
        let Some(newest) = events.last() else {
            break;
        };
        last = newest.id;
        count += events.len();
        for event in &events {
            writeln!(file, "{}", to_json(event)).map_err(failed())?;
        }
    }
    file.flush().map_err(failed())?;
    println!("{} written to {}.", counted(count, "event"), path.display());
    Ok(())
}
