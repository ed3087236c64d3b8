//! What goes into an evaluation and what comes out of it, an organisation at a time.

use rust_decimal::{Decimal, RoundingStrategy};
use strum::{Display, EnumIter, EnumString};

/// What is known of one criterion of an organisation. Values stand in the indicator's unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The value.
    pub value: Option<Decimal>,
    /// Whether there can be no value here (不适用).
    pub not_applicable: bool,
    /// The value of a year earlier.
    pub prior: Option<Decimal>,
    /// The target set for the organisation.
    pub target: Option<Decimal>,
    /// The points that were decided, whatever the rule gives.
    pub awarded: Option<Decimal>,
}

/// An organisation under evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its key: the order of keys is the order of answers.
    pub key: u32,
    /// Its track.
    pub track: usize,
    /// One a node of the framework; a dimension's is empty.
    pub cells: Vec<Cell>,
}

/// How the points of a leaf came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    /// By the rule from the value.
    Scored,
    /// By the rule from the value of a year earlier.
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

/// The points of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeScore {
    /// How they came to be; none for a dimension.
    pub outcome: Option<Outcome>,
    /// Full marks as the framework says; the cap of a bonus or penalty.
    pub full: Option<Decimal>,
    /// Full marks after spreading; none where it is left out.
    pub weight: Option<Decimal>,
    /// Points; of a penalty they are negative; none where it is left out.
    pub points: Option<Decimal>,
    /// The value that the rule looked at.
    pub used: Option<Decimal>,
}

/// The score of one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitScore {
    /// Its key.
    pub key: u32,
    /// Its track.
    pub track: usize,
    /// One a node of the framework.
    pub nodes: Vec<NodeScore>,
    /// Points of the weighted criteria.
    pub base: Option<Decimal>,
    /// Points on top.
    pub bonus: Decimal,
    /// Points off, as a positive number.
    pub penalty: Decimal,
    /// The vetoes that happened.
    pub vetoes: Vec<usize>,
    /// Base + bonus − penalty, not below 0 and not above what a veto leaves; none where nothing is there or something blocks.
    pub total: Option<Decimal>,
    /// The total as it is published.
    pub published: Option<Decimal>,
    /// Place of the grade.
    pub grade: Option<usize>,
    /// Share of the weights whose own value is there, of those that can be.
    pub coverage: Decimal,
    /// The total if everything missing had no points.
    pub lowest: Option<Decimal>,
    /// The total if everything missing had full marks.
    pub highest: Option<Decimal>,
}

impl UnitScore {
    /// The criteria that block the total.
    pub fn blocking(&self) -> impl Iterator<Item = usize> + '_ {
        let blocks = |node: &NodeScore| node.outcome == Some(Outcome::MissingBlocked);
        self.nodes
            .iter()
            .enumerate()
            .filter(move |(_, node)| blocks(node))
            .map(|(place, _)| place)
    }
}

/// Digits after the point that points keep: with them sums of points are exact in any order, and the dust of a division is gone before anything is rounded.
const DIGITS: u32 = 18;

/// Points or weights on their way into a sum.
pub(super) fn settled(points: Decimal) -> Decimal {
    points
        .round_dp_with_strategy(DIGITS, RoundingStrategy::MidpointAwayFromZero)
        .normalize()
}
