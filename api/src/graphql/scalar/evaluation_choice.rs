//! The enums of evaluations.

use async_graphql::Enum;
use entity::choice;

use analytics::score::framework;
use analytics::score::{sheet, warning};

use crate::error::Error;
use crate::service::evaluation;

/// A rule of scoring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "framework::RuleKind")]
pub(crate) enum RuleKind {
    /// Distance to a target: none at one end, full marks at the target and beyond.
    Target,
    /// Between two fixed goalposts, in proportion.
    Linear,
    /// Steps: full marks less what the first band that fits takes.
    Bands,
    /// Points less for each occurrence, not below 0 (扣完为止).
    Deduct,
    /// All or nothing at a bound.
    Threshold,
    /// All or nothing by a yes or no.
    YesNo,
    /// A reviewer's points.
    Manual,
    /// Between the worst and the best of the peer group.
    MinMax,
    /// Share of the peer group that is worse.
    Percentile,
    /// Adjustment: points on top, up to a cap.
    Bonus,
    /// Adjustment: points off the total, up to a cap.
    Penalty,
    /// Adjustment: an event that caps the total (一票否决).
    Veto,
}

/// What a value that is not there does to a score. A value that cannot exist leaves the full marks under every policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "framework::Missing")]
pub(crate) enum MissingPolicy {
    /// It gives no points.
    Zero,
    /// Its weight goes to its neighbours in proportion.
    Reweight,
    /// The value of a year earlier is used, and said; without one there is no total.
    PriorYear,
    /// No total until it is there.
    Block,
}

/// How the points of a criterion came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "sheet::Outcome")]
pub(crate) enum EvaluationOutcome {
    /// By the rule, from the value.
    Scored,
    /// By the rule, from the value of a year earlier.
    PriorYear,
    /// Decided by a person.
    Awarded,
    /// Missing: no points.
    MissingZero,
    /// Missing: its weight went to its neighbours.
    MissingReweighted,
    /// Missing: no total until it is there.
    MissingBlocked,
    /// It cannot exist here: its weight went to its neighbours.
    NotApplicable,
    /// Nothing was reported for an adjustment: there was none.
    NoEvent,
    /// It has no part in this track.
    OutsideTrack,
}

/// What a reader must know beside the scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "warning::WarningKind")]
pub(crate) enum EvaluationWarningKind {
    /// All of the track have the same points: the criterion tells nobody apart.
    NoDiscrimination,
    /// A rule that compares with peers has fewer than three of them.
    FewPeers,
    /// Nobody of the track has a value.
    NoValues,
    /// Half or more of the track have no value of their own.
    MostlyMissing,
    /// Organisations have no total because of it.
    Blocked,
}

/// Who speaks in a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::MarkStage")]
pub(crate) enum MarkStage {
    /// The organisation itself (自评).
    SelfScore,
    /// The reviewer (复核). For what a reviewer gives these are the points.
    Review,
    /// Whoever decides (终评): in place of what the rule gives.
    Final,
}

/// How far an objection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::ObjectionState")]
pub(crate) enum ObjectionState {
    /// Not decided.
    Open,
    /// Granted.
    Upheld,
    /// Turned down.
    Dismissed,
}

/// What kind of item a rectification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::RectificationKind")]
pub(crate) enum RectificationKind {
    /// A problem that is to be rectified.
    Problem,
    /// A task of the next year.
    Task,
}

/// How far a rectification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::RectificationStatus")]
pub(crate) enum RectificationStatus {
    /// Under way.
    Open,
    /// Done.
    Done,
    /// Goes on in a later year.
    CarriedOver,
}

/// What a verification of a sealed run found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "evaluation::Verdict")]
pub(crate) enum Verdict {
    /// The bytes are those that were sealed, and the database gives them again.
    Reproduced,
    /// The stored bytes are not those that were sealed.
    Altered,
    /// The bytes are intact, and the database gives others.
    Different,
    /// It was sealed under other rules of scoring; the bytes are intact.
    OtherEngine,
}

/// A name out of a closed list that stands in a result.
pub(crate) fn named<T: std::str::FromStr>(name: &str) -> Result<T, Error> {
    name.parse()
        .map_err(|_| Error::internal(format!("a result with the unknown name {name}")))
}
