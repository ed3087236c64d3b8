//! The enums of imports.

use async_graphql::Enum;
use entity::choice;

use crate::service::import;

/// Why a stored figure was revised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::RevisionReason")]
pub(crate) enum RevisionReason {
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

/// What becomes of a figure of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "import::Outcome")]
pub(crate) enum RowOutcome {
    /// There was no figure.
    Created,
    /// The stored figure is another.
    Revised,
    /// It is stored as it stands in the file.
    Unchanged,
    /// It has a fault.
    Rejected,
}

/// What an import is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "import::Phase")]
pub(crate) enum ImportPhase {
    /// Waiting for its turn.
    Waiting,
    /// Reading and checking the file.
    Checking,
    /// Comparing with what is stored.
    Comparing,
    /// Writing.
    Writing,
    /// Ended, one way or another.
    Ended,
}
