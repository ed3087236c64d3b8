//! An evaluation as it leaves: one typed result that GraphQL, JSON, CSV, XLSX and DOCX all tell, and that a sealed run keeps byte by byte.
//!
//! Numbers are decimals and written as text in JSON; values stand in the unit of their indicator, points in points. Nothing is rounded here but `published`.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// An evaluation: everything that its scores rest on, and the scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Version of the scoring rules.
    pub engine: u32,
    /// The framework.
    pub framework: FrameworkRef,
    /// Code of the period.
    pub period: String,
    /// Code of the period a year earlier, where there is one.
    pub previous_period: Option<String>,
    /// Recording time up to which everything was taken in, RFC 3339 with microseconds.
    pub as_of: String,
    /// Draws of the rank intervals.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Parents before children; adjustments last.
    pub nodes: Vec<NodeLabel>,
    /// By track and code of the organisation's place in the tree.
    pub units: Vec<UnitResult>,
    /// What a reader must know beside the scores.
    pub warnings: Vec<Warning>,
}

/// Which framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameworkRef {
    /// Its code.
    pub code: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its text, in hexadecimal.
    pub hash: String,
    /// Its name.
    pub name: Text,
    /// What is to be known of it.
    pub note: Option<Text>,
    /// Full marks without bonus.
    pub total: Decimal,
    /// Digits after the point of a published score.
    pub decimals: u32,
    /// The tracks: code and name.
    pub tracks: Vec<Label>,
    /// The grades, the best first: code, name and the least published score.
    pub grades: Vec<GradeLabel>,
}

/// A code and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The code.
    pub code: String,
    /// The name.
    pub name: Text,
}

/// A grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeLabel {
    /// The code.
    pub code: String,
    /// The name.
    pub name: Text,
    /// The least published score with it.
    pub least: Decimal,
}

/// A dimension, a criterion or an adjustment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeLabel {
    /// Its code.
    pub code: String,
    /// Code of its parent.
    pub parent: Option<String>,
    /// Its name.
    pub name: Text,
    /// Full marks by track, in the order of the tracks.
    pub weights: Vec<Option<Decimal>>,
    /// Name of the rule; none for a dimension.
    pub rule: Option<String>,
    /// The rule in words.
    pub rule_text: Option<Text>,
    /// What a value that is not there does.
    pub missing: Option<String>,
    /// Code of the indicator.
    pub indicator: Option<String>,
    /// The unit of its values.
    pub unit: Option<Text>,
    /// Digits after the point that people read.
    pub decimals: u32,
    /// Which evidence is wanted.
    pub evidence: Option<Text>,
}

impl NodeLabel {
    /// Whether its values say yes or no.
    #[must_use]
    pub fn is_yes_no(&self) -> bool {
        self.rule.as_deref() == Some("YES_NO")
    }
}

/// The result of one organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitResult {
    /// Code of the organisation.
    pub org: String,
    /// Its name.
    pub name: Text,
    /// Code of its track.
    pub track: String,
    /// This period.
    pub now: Standing,
    /// The same framework a year earlier; none where the calendar has no such period.
    pub previous: Option<Standing>,
    /// Places in nine of ten draws with every weight up to ten per cent off.
    pub interval: Option<Interval>,
    /// One a node, in their order.
    pub nodes: Vec<NodeResult>,
}

/// Where an organisation stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Points of the weighted criteria.
    pub base: Option<Decimal>,
    /// Points on top.
    pub bonus: Decimal,
    /// Points off, as a positive number.
    pub penalty: Decimal,
    /// Codes of the vetoes that happened.
    pub vetoes: Vec<String>,
    /// The total, unrounded; none where something blocks or nothing is there.
    pub total: Option<Decimal>,
    /// The total as published.
    pub published: Option<Decimal>,
    /// Code of the grade.
    pub grade: Option<String>,
    /// Place in the track by the published total.
    pub rank: Option<u32>,
    /// Whether another has the same.
    pub tied: bool,
    /// Share of the weights whose own value is there, 0 to 1.
    pub coverage: Decimal,
    /// The total if everything missing had no points.
    pub lowest: Option<Decimal>,
    /// The total if everything missing had full marks.
    pub highest: Option<Decimal>,
}

/// Places in nine draws of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// The better end.
    pub best: u32,
    /// The worse end.
    pub worst: u32,
}

/// The points of one node and what they rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeResult {
    /// How the points came to be; none for a dimension.
    pub outcome: Option<String>,
    /// Full marks as the framework says; the cap of a bonus or penalty.
    pub full: Option<Decimal>,
    /// Full marks after the weight of what is left out went to its neighbours.
    pub weight: Option<Decimal>,
    /// Points; none where the node is left out.
    pub points: Option<Decimal>,
    /// The value that the rule looked at.
    pub used: Option<Decimal>,
    /// What was known of it.
    pub known: Known,
    /// The same a year earlier.
    pub previous: Option<PreviousNode>,
    /// What people said of it: self-score, review, final.
    pub marks: Vec<Mark>,
}

/// A year earlier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousNode {
    /// How the points came to be.
    pub outcome: Option<String>,
    /// Full marks after spreading.
    pub weight: Option<Decimal>,
    /// Points.
    pub points: Option<Decimal>,
    /// The value that the rule looked at.
    pub used: Option<Decimal>,
    /// What was known of it.
    pub known: Known,
}

/// What is known of a criterion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The value.
    pub value: Option<Decimal>,
    /// Whether there can be none.
    pub not_applicable: bool,
    /// The value of a year earlier, where the criterion falls back on it.
    pub prior: Option<Decimal>,
    /// The target set for the organisation.
    pub target: Option<Decimal>,
    /// Points decided by a person.
    pub awarded: Option<Decimal>,
    /// Status of the value.
    pub status: Option<String>,
    /// Its flags.
    pub flags: Vec<String>,
    /// Why there is no value.
    pub reason: Option<String>,
    /// A ratio's numerator, in its own unit.
    pub numerator: Option<Decimal>,
    /// A ratio's denominator, in its own unit.
    pub denominator: Option<Decimal>,
    /// Organisations or periods that are in the value, and that belong.
    pub coverage: Option<(u32, u32)>,
    /// The stored figures under the value.
    pub sources: Vec<Citation>,
}

/// A stored figure under a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// Key of the revision.
    pub observation: i64,
    /// Code of its indicator.
    pub indicator: String,
    /// Code of the organisation that reports it.
    pub org: String,
    /// Code of its period.
    pub period: String,
    /// The figure as printed, or else as stored, in its unit.
    pub printed: String,
    /// Title of the document.
    pub document: Option<String>,
    /// Place in the document.
    pub locator: Option<String>,
}

/// What somebody said of a criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// SELF_SCORE, REVIEW or FINAL.
    pub stage: String,
    /// The points.
    pub points: Decimal,
    /// Who.
    pub author: String,
    /// When, RFC 3339 with microseconds.
    pub at: String,
    /// The evidence or reason given.
    pub evidence: Option<String>,
}

/// What a reader must know beside the scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What it is.
    pub kind: String,
    /// Code of the criterion.
    pub node: String,
    /// Code of the track.
    pub track: String,
    /// How many organisations it touches.
    pub units: u32,
}
