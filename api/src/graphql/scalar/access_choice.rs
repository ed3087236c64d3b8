//! The enums of access.

use async_graphql::Enum;
use entity::choice;

use crate::service::access;

/// What somebody may do with a part of the organisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::Role")]
pub(crate) enum Role {
    /// Reads.
    Viewer,
    /// Reads, and reports figures.
    Reporter,
    /// Reads, and checks what others reported.
    Reviewer,
    /// Reads, sets targets, and publishes.
    Publisher,
    /// Everything.
    Admin,
}

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "access::Scope")]
pub(crate) enum TokenScope {
    /// Reading.
    Read,
    /// Importing, undoing and setting targets.
    Import,
    /// Reviewing.
    Review,
    /// Publishing.
    Publish,
    /// Administration: the catalogue, principals, grants and the audit trail.
    Admin,
    /// Making and revoking tokens of one's own.
    Token,
}

/// What became of what was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::AuditResult")]
pub(crate) enum AuditResult {
    /// It was done.
    Done,
    /// It was refused; nothing was changed.
    Refused,
}
