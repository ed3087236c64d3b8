//! A framework of evaluation as it stands in a file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::text::Text;

/// A version of a framework. Numbers are decimal texts, so that nothing is lost on the way.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// Its code.
    pub code: Spanned<String>,
    /// Its version, such as the year it is for.
    pub version: Spanned<String>,
    /// Full marks without bonus; the weights add up to it.
    pub total: Spanned<String>,
    /// Digits after the point of a published score.
    #[serde(default = "two")]
    pub decimals: u32,
    /// Whether it is published: from then on it is never changed.
    #[serde(default)]
    pub published: bool,
    /// Its name.
    pub name: Text,
    /// What is to be known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// The groups of organisations that are scored and ranked apart.
    #[serde(default)]
    pub track: Vec<Track>,
    /// Dimensions, criteria and adjustments.
    #[serde(default)]
    pub node: Vec<Node>,
    /// The grades, the best first.
    #[serde(default)]
    pub grade: Vec<Grade>,
}

fn two() -> u32 {
    2
}

/// A track: every organisation that meets all that is said belongs to it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// Its code.
    pub code: Spanned<String>,
    /// Its name.
    pub name: Text,
    /// Those of this level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Spanned<String>>,
    /// Those below this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Spanned<String>>,
    /// Those of these codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orgs: Option<Vec<Spanned<String>>>,
}

/// A dimension, a criterion or an adjustment.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its code.
    pub code: Spanned<String>,
    /// Code of the dimension it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Spanned<String>>,
    /// Full marks in every track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Spanned<String>>,
    /// Full marks by track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<BTreeMap<String, Spanned<String>>>,
    /// Its name; the indicator's when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// Code of the indicator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indicator: Option<Spanned<String>>,
    /// The rule; a dimension has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Spanned<String>>,
    /// What a value that is not there does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Spanned<String>>,
    /// TARGET: a number, or STORED for the target set for each organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Spanned<String>>,
    /// TARGET: the value without points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zero: Option<Spanned<String>>,
    /// LINEAR: the value without points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Spanned<String>>,
    /// LINEAR: the value with full marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Spanned<String>>,
    /// BANDS: the steps, the best first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bands: Option<Vec<Band>>,
    /// DEDUCT, BONUS, PENALTY: points for each occurrence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<Spanned<String>>,
    /// DEDUCT: occurrences that cost nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<Spanned<String>>,
    /// THRESHOLD, VETO: the value is at least so much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Spanned<String>>,
    /// THRESHOLD, VETO: the value is at most so much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Spanned<String>>,
    /// YES_NO: the answer that is worth the points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted: Option<bool>,
    /// MIN_MAX, PERCENTILE: code of the track that is the peer group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peers: Option<Spanned<String>>,
    /// MIN_MAX, PERCENTILE: whether small values are good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower_better: Option<bool>,
    /// BONUS, PENALTY: points at most; VETO: points that are left at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<Spanned<String>>,
    /// Which evidence is wanted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Text>,
}

/// A step.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The value is at least so much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Spanned<String>>,
    /// The value is at most so much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Spanned<String>>,
    /// Points lost.
    pub lost: Spanned<String>,
}

/// A grade.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Its code.
    pub code: Spanned<String>,
    /// Its name.
    pub name: Text,
    /// The least published score with it.
    pub at_least: Spanned<String>,
}
