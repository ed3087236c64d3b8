//! Why a command failed, how it is told, and with which exit code.

use std::process::ExitCode;

use thiserror::Error;

use crate::app::AppError;
use crate::config::ConfigError;
use crate::error::Error;
use crate::intake::problem::Problem;
use crate::service::backup::BackupError;

/// Why a command failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub(super) enum CommandError {
    /// Faults in files, listed one a line.
    #[error("{}; nothing was changed", counted(.0.len(), "fault"))]
    Problems(Vec<Problem>),
    /// The audit trail is not whole.
    #[error("the audit trail is not whole")]
    BrokenTrail(Vec<String>),
    /// What was asked cannot be done.
    #[error("{0}")]
    Refused(String),
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A service.
    #[error(transparent)]
    Service(#[from] Error),
    /// The database or the server.
    #[error(transparent)]
    App(#[from] AppError),
    /// The migrations.
    #[error(transparent)]
    Migration(#[from] migration::MigrationError),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// What is stored contradicts itself.
    #[error("what is stored does not hang together: {0}")]
    Broken(String),
    /// A server that does not answer as it should.
    #[error("{0}")]
    Silent(String),
    /// Files, signals, threads.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl CommandError {
    pub(super) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Problems(_) | Self::Refused(_) | Self::Config(_) => ExitCode::from(2),
            Self::Service(error) if error.is_callers() => ExitCode::from(2),
            Self::Backup(error) if error.is_callers() => ExitCode::from(2),
            _ => ExitCode::from(1),
        }
    }

    /// Prints the error with its causes and hint.
    pub(super) fn print(&self) {
        if let Self::Problems(problems) = self {
            for problem in problems {
                eprintln!("{problem}");
            }
        }
        if let Self::BrokenTrail(faults) = self {
            for fault in faults {
                eprintln!("{fault}");
            }
        }
        let mut told = format!("error: {self}");
        let mut next = std::error::Error::source(self);
        while let Some(cause) = next {
            let text = cause.to_string();
            // Some libraries repeat their cause in their own text.
            if !told.contains(&text) {
                told.push_str(": ");
                told.push_str(&text);
            }
            next = cause.source();
        }
        eprintln!("{told}");
        if let Self::Service(error) = self
            && let Some(hint) = error.hint()
        {
            eprintln!("hint: {hint}");
        }
    }
}

/// `1 fault`, `2 faults`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
