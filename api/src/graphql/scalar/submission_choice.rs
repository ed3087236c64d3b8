//! The enums of submissions.

use async_graphql::Enum;
use entity::choice;

use crate::service::provisional;

/// Which figures are taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "provisional::Include")]
pub(crate) enum Include {
    /// Those that are published.
    Published,
    /// And in their place those of submissions that were handed in or approved since: flagged `UNPUBLISHED`, in state `PROVISIONAL` unless they are less
    /// certain.
    Provisional,
}

/// How far a submission is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::SubmissionState")]
pub(crate) enum SubmissionState {
    /// Being filled.
    Draft,
    /// Handed in, to be reviewed.
    Submitted,
    /// Handed back to be mended.
    Returned,
    /// Reviewed, to be published.
    Approved,
    /// Its figures stand among the observations.
    Published,
    /// Closed.
    Locked,
}

/// What was done to a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::SubmissionAct")]
pub(crate) enum SubmissionAct {
    /// Opened.
    Open,
    /// Figures were entered or taken out.
    Fill,
    /// Handed in.
    Submit,
    /// Taken back by those who handed it in.
    Withdraw,
    /// Handed back to be mended.
    Return,
    /// Approved.
    Approve,
    /// Published.
    Publish,
    /// Closed.
    Lock,
    /// Opened again for a correction.
    Unlock,
    /// The time of the correction was over.
    Expire,
    /// Something was said.
    Comment,
}
