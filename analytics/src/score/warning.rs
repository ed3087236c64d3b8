//! What a reader of the scores must know beside them.

use rust_decimal::Decimal;
use strum::{Display, EnumIter, EnumString};

use super::framework::Framework;
use super::sheet::{Outcome, UnitScore};

/// What is wrong or weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum WarningKind {
    /// All organisations of the track have the same points: the criterion tells nobody apart.
    NoDiscrimination,
    /// A rule that compares with peers has fewer than three of them.
    FewPeers,
    /// Nobody of the track has a value.
    NoValues,
    /// Half or more of the organisations have no value of their own.
    MostlyMissing,
    /// Organisations have no total because of it.
    Blocked,
}

/// A warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What it is.
    pub kind: WarningKind,
    /// The criterion.
    pub node: usize,
    /// The track.
    pub track: usize,
    /// How many organisations it touches.
    pub units: usize,
}

/// The warnings of all criteria and tracks, in their order.
#[must_use]
pub fn warnings(framework: &Framework, scores: &[UnitScore]) -> Vec<Warning> {
    let mut found = Vec::new();
    for track in 0..framework.tracks.len() {
        let inside: Vec<&UnitScore> = scores.iter().filter(|score| score.track == track).collect();
        for (node, definition) in framework.nodes.iter().enumerate() {
            let weighs = definition.weights.get(track).copied().flatten().is_some();
            let Some(criterion) = definition.criterion.as_ref().filter(|_| weighs) else {
                continue;
            };
            let outcomes: Vec<Outcome> = inside
                .iter()
                .filter_map(|score| score.nodes.get(node)?.outcome)
                .collect();
            let own = |outcome: &&Outcome| matches!(outcome, Outcome::Scored | Outcome::Awarded);
            let blocked = |outcome: &&Outcome| **outcome == Outcome::MissingBlocked;
            let owed = outcomes
                .iter()
                .filter(|outcome| **outcome != Outcome::NotApplicable)
                .count();
            let (there, blocking) = (
                outcomes.iter().filter(own).count(),
                outcomes.iter().filter(blocked).count(),
            );
            let mut warn = |kind, units| {
                found.push(Warning {
                    kind,
                    node,
                    track,
                    units,
                })
            };
            if owed > 0 && there == 0 {
                warn(WarningKind::NoValues, owed);
            } else if there * 2 <= owed && owed > 0 {
                warn(WarningKind::MostlyMissing, owed - there);
            }
            if criterion.rule.is_relative() && (1..3).contains(&there) {
                warn(WarningKind::FewPeers, there);
            }
            if blocking > 0 {
                warn(WarningKind::Blocked, blocking);
            }
            let shares = || inside.iter().filter_map(|score| share(score, node));
            let first = shares().next();
            if shares().count() > 1 && shares().all(|share| Some(share) == first) {
                warn(WarningKind::NoDiscrimination, shares().count());
            }
        }
    }
    found
}

/// Digits of a share: a third of one weight is a third of another one.
const DIGITS: u32 = 12;

/// The points of a value of its own, as a share of the full marks.
fn share(score: &UnitScore, node: usize) -> Option<Decimal> {
    let node = score.nodes.get(node)?;
    match node.outcome {
        Some(Outcome::Scored | Outcome::Awarded) => Some(node.points?.checked_div(node.weight?)?.round_dp(DIGITS)),
        _ => None,
    }
}
