//! What the files of an evaluation tell beside the sealed result: everything here is derived from it, or stands in the catalogue beside it.

use rust_decimal::Decimal;
use serde::Serialize;

use super::report::{Evaluation, Text};

/// An evaluation with what is read from it.
#[derive(Clone, Debug, Serialize)]
pub struct Dossier {
    /// The result.
    pub evaluation: Evaluation,
    /// The sealed run it is; none for one that is not sealed.
    pub run: Option<Seal>,
    /// One a unit, in their order.
    pub readings: Vec<Reading>,
    /// Problems and tasks of the organisations in it, the open ones first.
    pub rectifications: Vec<RectificationRow>,
}

/// The seal of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Seal {
    /// Number of the run.
    pub id: i64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub hash: String,
    /// Who published it.
    pub author: String,
    /// When, RFC 3339.
    pub at: String,
}

/// What is read from the result of one organisation.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Reading {
    /// One a node: the points in a sentence; empty for a dimension.
    pub sentences: Vec<Text>,
    /// From a year earlier.
    pub since: Option<Waterfall>,
    /// From an organisation with the track's median in every criterion.
    pub against_median: Option<Waterfall>,
    /// The cheapest next points.
    pub advice: Vec<Advice>,
}

/// Where a difference comes from; the steps sum to it exactly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waterfall {
    /// The reference.
    pub from: Decimal,
    /// One a criterion that differs.
    pub steps: Vec<Step>,
    /// The score.
    pub to: Decimal,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Place of the criterion; none for what bounds and vetoes took off.
    pub node: Option<usize>,
    /// Points of the reference.
    pub from: Decimal,
    /// Points of the score.
    pub to: Decimal,
}

/// A step that gains points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// Place of the criterion.
    pub node: usize,
    /// Points gained.
    pub gain: Decimal,
    /// The value now.
    pub from: Option<Decimal>,
    /// The value to reach.
    pub to: Option<Decimal>,
    /// How far that is for each point, as a share of the way from no points to full marks.
    pub effort: Decimal,
    /// How many more cases of a ratio's numerator that is, at the same denominator; negative for fewer.
    pub cases: Option<Decimal>,
    /// The advice in a sentence.
    pub text: Text,
}

/// A problem that is to be rectified, or a task of the next year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RectificationRow {
    /// Its number.
    pub number: i64,
    /// PROBLEM or TASK.
    pub kind: String,
    /// Code of the organisation.
    pub org: String,
    /// Its name, Chinese.
    pub org_name: String,
    /// The year it was found or planned in.
    pub year: i32,
    /// Code of its theme.
    pub theme: Option<String>,
    /// What it is.
    pub title: String,
    /// What is done about it.
    pub measure: Option<String>,
    /// The office that is responsible.
    pub owner: String,
    /// OPEN, DONE or CARRIED_OVER.
    pub status: String,
    /// The month it is due, as YYYY-MM.
    pub due: Option<String>,
    /// The year it carries over to.
    pub carried_to: Option<i32>,
}

/// The statistical part of an annual report of one organisation.
#[derive(Clone, Debug, Serialize)]
pub struct AnnualReport {
    /// Code of the organisation.
    pub org: String,
    /// Its name, Chinese.
    pub org_name: String,
    /// Code of the period.
    pub period: String,
    /// The period as people say it: 2025年.
    pub period_name: String,
    /// The themes with figures, in the order of the catalogue.
    pub themes: Vec<ThemeSection>,
}

/// The figures of one theme.
#[derive(Clone, Debug, Serialize)]
pub struct ThemeSection {
    /// Its code.
    pub code: String,
    /// Its name, Chinese.
    pub name: String,
    /// The paragraphs, Chinese, in the wording of the rules of words.
    pub paragraphs: Vec<String>,
    /// The table.
    pub rows: Vec<FigureRow>,
}

/// One figure of the report. Numbers stand in the unit that people read.
#[derive(Clone, Debug, Serialize)]
pub struct FigureRow {
    /// Name of the indicator, Chinese.
    pub indicator: String,
    /// The unit, Chinese.
    pub unit: String,
    /// Digits after the point.
    pub decimals: u32,
    /// This period.
    pub current: Option<f64>,
    /// A year earlier.
    pub base: Option<f64>,
    /// The change in words: 同比增长 20.98%.
    pub change: String,
    /// What stands instead of a number that is not there: 未报, 不适用.
    pub absent: Option<String>,
    /// Remarks on the value, Chinese: 暂定数, 不少于, 缺 2 个单位.
    pub remarks: Vec<String>,
    /// Whether the number is at least so much.
    pub is_bound: bool,
    /// Whether 1 is yes and 0 no.
    pub is_yes_no: bool,
}

/// The word of a value that is yes or no.
#[must_use]
pub fn yes_no(value: f64) -> &'static str {
    if value == 0.0 { "否" } else { "是" }
}
