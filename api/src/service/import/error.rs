//! Why nothing was imported.

use super::plan::Revision;
use super::progress::Progress;
use crate::error::Error;
use crate::intake::problem::Problem;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Faults in the file.
    #[error("{} faults in the file", .0.len())]
    Problems(Vec<Problem>),
    /// There is no indicator yet.
    #[error("the database has no catalogue; run `plumbline catalog apply` first")]
    NoCatalog,
    /// Stored figures would change, and nobody said why.
    #[error("stored figures would be revised ({0}), and no reason is given")]
    NoReason(usize),
    /// The token is none, or belongs to another file, mapping or kind of content.
    #[error("the token is not that of a dry run of this file with these settings")]
    Token,
    /// Somebody changed figures of the file, or the catalogue, since it was looked at.
    #[error("{count} figures of the file were changed since it was looked at")]
    Conflict {
        /// How many.
        count: usize,
        /// The first ones: before is what they are now, after what the file says.
        cells: Vec<Revision>,
    },
    /// The catalogue changed since the file was looked at.
    #[error("the catalogue was changed since the file was looked at")]
    CatalogChanged,
    /// The batch was undone already, by this one.
    #[error("the batch was undone already, by batch {0}")]
    Undone(i64),
    /// Later batches changed figures of the batch that is to be undone.
    #[error("{0} figures of the batch were changed by later ones: undo these first")]
    Superseded(usize),
    /// Somebody stopped it.
    #[error("the import was cancelled; nothing was changed")]
    Cancelled,
    /// The database.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl ImportError {
    /// Whether the caller can mend it.
    #[must_use]
    pub fn is_callers(&self) -> bool {
        !matches!(self, Self::Failed(error) if !error.is_callers())
    }
}

impl From<entity::error::Error> for ImportError {
    fn from(error: entity::error::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Stops where somebody asked for it.
pub(super) fn go_on(progress: &Progress) -> Result<(), ImportError> {
    if progress.is_cancelled() {
        Err(ImportError::Cancelled)
    } else {
        Ok(())
    }
}

/// Conflicting figures that an error names.
const MOST_NAMED: usize = 10;
/// Faults that an error names.
const MOST_FAULTS: usize = 3;

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Self {
        let told = format!("{error}; nothing was changed");
        let again = Some("look at it again without `commit`".to_owned());
        match error {
            ImportError::Failed(error) => error,
            ImportError::Problems(problems) => {
                let first: Vec<String> = problems.iter().take(MOST_FAULTS).map(ToString::to_string).collect();
                Self::input(
                    format!("{told}: {}", first.join("; ")),
                    "without `commit` all faults are listed in `problems`",
                )
            }
            ImportError::Conflict { cells, .. } => {
                let named = cells.iter().take(MOST_NAMED);
                let named: Vec<String> = named
                    .map(|cell| {
                        format!(
                            "{} {} {}: now {}, in the file {}",
                            cell.indicator, cell.org, cell.period, cell.before, cell.after
                        )
                    })
                    .collect();
                Self::Conflict {
                    message: format!("{told}: {}", named.join("; ")),
                    hint: again,
                }
            }
            ImportError::CatalogChanged | ImportError::Undone(_) | ImportError::Superseded(_) => Self::Conflict {
                message: told,
                hint: again,
            },
            ImportError::NoReason(_) => Self::input(told, "say why: ERROR, LATE, METHOD, BOUNDARY or APPEAL"),
            ImportError::Token => Self::input(told, "give the token of a dry run of this file with the same settings"),
            ImportError::NoCatalog => Self::input(told, "run `plumbline catalog apply`"),
            ImportError::Cancelled => Self::input(told, "start it again"),
        }
    }
}
