//! Why there is no backup, or none that can be restored.

use std::io;

use entity::dump::DumpError;

/// Why there is no backup, or none that can be restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The file cannot be written or read.
    #[error("the file cannot be {0}")]
    File(&'static str, #[source] io::Error),
    /// A file of this name is there already.
    #[error("the file is there already: give another name")]
    Exists,
    /// It is no backup, or was cut or altered.
    #[error("the file is no whole backup: {0}")]
    Damaged(String),
    /// It was made by a newer program.
    #[error("the backup was made by a newer program ({0}): restore it with that one")]
    Newer(String),
    /// What was written is not what was read: a fault of this program or of the database.
    #[error("the table {0} is not the one of the backup after it was written")]
    Differs(String),
    /// Figures or other data are there already.
    #[error("the database is not empty: {0}")]
    NotEmpty(String),
    /// A column that has no form in a backup.
    #[error(transparent)]
    Dump(#[from] DumpError),
}

impl BackupError {
    /// Whether another file or another database would help.
    #[must_use]
    pub fn is_callers(&self) -> bool {
        matches!(
            self,
            Self::Exists | Self::Damaged(_) | Self::Newer(_) | Self::NotEmpty(_)
        )
    }

    pub(super) fn writing(error: io::Error) -> Self {
        Self::File("written", error)
    }

    pub(super) fn reading(error: io::Error) -> Self {
        Self::File("read", error)
    }
}

impl From<entity::error::Error> for BackupError {
    fn from(error: entity::error::Error) -> Self {
        Self::Dump(error.into())
    }
}
