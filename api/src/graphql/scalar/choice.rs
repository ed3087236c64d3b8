//! The enums of the schema.

use analytics::op::{decompose, findings, ranking, trend as trend_op};
use analytics::{change, decimal, flag, indicator, measure, reason, sentence, status, trend};
use async_graphql::Enum;
use entity::choice;

use crate::service::{compare, hierarchy};

/// The language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "sentence::Language")]
pub(crate) enum Locale {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// The kind of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "indicator::IndicatorKind")]
pub(crate) enum IndicatorKind {
    /// Things counted.
    Count,
    /// Money.
    Amount,
    /// Numerator ÷ denominator.
    Ratio,
    /// A formula over other indicators.
    Derived,
    /// Points or a place in a ranking, given from outside.
    Score,
    /// 1 for yes, 0 for no.
    YesNo,
}

/// How values of several organisations become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "indicator::OverOrgs")]
pub(crate) enum OverOrgs {
    /// Added up.
    Sum,
    /// Sum of numerators ÷ sum of denominators.
    RatioOfSums,
    /// Plain mean.
    Mean,
    /// The largest.
    Max,
    /// Not at all.
    None,
}

/// How values of several periods become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "indicator::OverTime")]
pub(crate) enum OverTime {
    /// Added up: a flow.
    Sum,
    /// The last one: a stock.
    Last,
    /// Plain mean.
    Mean,
    /// Not at all.
    None,
}

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "indicator::Polarity")]
pub(crate) enum Polarity {
    /// More is better.
    HigherBetter,
    /// Less is better.
    LowerBetter,
    /// Neither: never judged, coloured or ranked as good or bad.
    Neutral,
}

/// What a change touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::Topic")]
pub(crate) enum ChangeTopic {
    /// The catalogue: units, themes, organisations, breakdowns or indicators.
    Catalog,
    /// Observations of one indicator.
    Observations,
    /// Targets of one indicator.
    Targets,
}

/// How high an organisation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::OrgLevel")]
pub(crate) enum OrgLevel {
    /// A province (省).
    Province,
    /// A city (市).
    City,
    /// A district or county (区县).
    District,
    /// A street or township (镇街).
    Street,
    /// A village or residential community (村社区).
    Community,
    /// A department beside the territorial line (部门).
    Department,
}

/// The state of a value. A number is there exactly in the first four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "status::Status")]
pub(crate) enum ObservationStatus {
    /// Reported.
    Normal,
    /// Reported, may still change.
    Provisional,
    /// Estimated or imputed, and said so.
    Estimated,
    /// At least this much (逾, 余, 如…等).
    LowerBound,
    /// Owed and not reported (未报). Not zero.
    Missing,
    /// Cannot exist here (不适用). Not zero.
    NotApplicable,
    /// Known and withheld. Not zero.
    Suppressed,
}

/// A remark on a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "flag::Flag")]
pub(crate) enum Flag {
    /// Not comparable with this organisation's figures before it.
    Break,
    /// The organisation's boundary changed with this figure.
    BoundaryChanged,
    /// The number was taken from words.
    DerivedFromText,
    /// What is counted changed with this figure (口径调整).
    ScopeChanged,
    /// Some of what belongs in the aggregate is not there.
    Incomplete,
    /// Put together from the months, quarters or halves of the period.
    SummedOverTime,
    /// Put together from the organisations below.
    RolledUp,
    /// The printed figure is not the computed one.
    Discrepancy,
    /// Takes in a provisional figure.
    Provisional,
    /// Takes in an estimate.
    Estimated,
    /// Takes in a lower bound.
    LowerBound,
    /// Takes in a figure that was handed in and is not published yet; only with `include: PROVISIONAL`.
    Unpublished,
}

/// Why a number is there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "reason::Reason")]
pub(crate) enum ReasonCode {
    /// Compared as asked.
    Ok,
    /// The base is 0 and the current value is not: there is no rate.
    BaseZero,
    /// The base is negative or the sign changed: there is no rate (扭亏为盈, 由盈转亏).
    BaseNegative,
    /// The base is not there.
    BaseMissing,
    /// The current value is not there.
    CurrentMissing,
    /// Figures exist, but for other months: unlike periods are never compared.
    PeriodMismatch,
    /// What is counted changed between the two.
    DefinitionChanged,
    /// The organisation's boundary changed between the two.
    BoundaryChanged,
    /// The denominator is 0.
    DenominatorZero,
    /// The denominator is not there.
    DenominatorMissing,
    /// Only printed rates exist below, and rates are never added up or averaged.
    NotAggregable,
}

/// Which way a number went, told from the unrounded numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "change::Direction")]
pub(crate) enum Direction {
    /// It grew.
    Up,
    /// It shrank.
    Down,
    /// It is the same (持平).
    Flat,
}

/// What a direction means under the indicator's polarity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "change::Judgement")]
pub(crate) enum Judgement {
    /// It went the good way.
    Improved,
    /// It went the bad way.
    Worsened,
    /// It did not move.
    Unchanged,
    /// It is not judged: the indicator is neutral, or there is nothing to compare.
    Neutral,
}

/// Why a printed ratio is not the computed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "measure::DiscrepancyCause")]
pub(crate) enum DiscrepancyCause {
    /// Digits were cut off: 702 ÷ 720 = 97.5 printed 97.
    Truncated,
    /// Another rounding rule was used, or the last digit is one off.
    Rounding,
    /// It is the ratio of the period it is compared with.
    SwappedPeriod,
    /// None of these.
    Other,
}

/// How a number is rounded, once, when it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "decimal::Rounding")]
pub(crate) enum Rounding {
    /// A half goes away from zero: 90.625 is 90.63.
    HalfUp,
    /// A half goes to the even digit (GB/T 8170): 90.625 is 90.62.
    HalfEven,
    /// Digits are cut off.
    Truncate,
}

/// What the current period is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "compare::Baseline")]
pub(crate) enum Baseline {
    /// The same period one year earlier (同比).
    PreviousYear,
    /// The adjacent period (环比): the year, half, quarter or month before. A span has none.
    PreviousPeriod,
    /// The period named as `basePeriod`, of the same length.
    Period,
    /// The period `years` earlier, told as the growth of an average year (n 年平均增长): geometric for counts and amounts, in equal steps for shares.
    AverageGrowth,
    /// The target set for the same organisation and period.
    Target,
    /// The organisation directly above, in the same period.
    Parent,
    /// The median of the organisations of the same level under the same parent, in the same period.
    Peers,
}

/// Under which tree of organisations periods are put side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "hierarchy::Hierarchy")]
pub(crate) enum Hierarchy {
    /// Each period under its own tree.
    AsReported,
    /// All periods under the tree of the current one: moves are undone, and what was merged or renamed counts with its successor.
    Current,
    /// All periods under the tree of the period named as `hierarchyAt`.
    AsOf,
}

/// How one organisation followed another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "choice::SuccessionKind")]
pub(crate) enum SuccessionKind {
    /// One became several.
    Split,
    /// Several became one.
    Merge,
    /// One became one under another name.
    Rename,
}

/// Which organisations are taken into values that are put together from below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "analytics::op::Comparability")]
pub(crate) enum Comparability {
    /// All that have figures in each period.
    All,
    /// Only those that have figures in both periods (可比口径); the others are named as `dropped`.
    Matched,
}

/// Why an organisation is not ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ranking::Exclusion")]
pub(crate) enum ExclusionReason {
    /// It reported nothing.
    Missing,
    /// Its figure is withheld.
    Suppressed,
    /// It cannot have a figure.
    NotApplicable,
    /// It has figures, but for other months.
    PeriodMismatch,
    /// Its total lacks some of the organisations below it.
    Incomplete,
    /// Its denominator is 0.
    DenominatorZero,
    /// Its denominator is not there.
    DenominatorMissing,
    /// Only printed rates exist below it.
    NotAggregable,
    /// Its denominator is smaller than asked for.
    BelowMinimum,
}

/// The word for a trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "trend::TrendDirection")]
pub(crate) enum TrendDirection {
    /// It rises.
    Up,
    /// It falls.
    Down,
    /// Neither can be told from chance.
    None,
}

/// Why a series has no trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "trend_op::Guard")]
pub(crate) enum TrendGuard {
    /// It has fewer than four values.
    TooFewPoints,
    /// What is counted changed within it.
    DefinitionChanged,
    /// The organisation's boundary changed within it.
    BoundaryChanged,
}

/// In which of the two periods an organisation has a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "decompose::Presence")]
pub(crate) enum Presence {
    /// In both.
    Both,
    /// Only in the current one.
    Entered,
    /// Only in the base.
    Left,
    /// In neither.
    Absent,
}

/// What is odd about a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "findings::FindingKind")]
pub(crate) enum FindingKind {
    /// A printed ratio is not the one its parts give.
    PrintedDiffers,
    /// An organisation's own total is not the sum of those below it.
    ParentDiffers,
    /// A figure of a longer period is not the sum of its halves, quarters or months.
    PartsDiffer,
    /// The items of a breakdown exceed their total: a case may be counted twice (joint handling).
    BreakdownExceeds,
    /// A figure of other months stands where that of a year belongs.
    UnlikePeriod,
    /// A value is far from the others of its series: modified z-score over 3.5.
    Outlier,
    /// A count or amount doubled or halved in a year, or a rate moved by 10 percentage points, beyond noise.
    Jump,
    /// A ratio rose while its denominator fell by a tenth or more.
    DenominatorFell,
    /// What is owed is not there: said so, or reported a year earlier as by most others still.
    Missing,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "findings::Severity")]
pub(crate) enum Severity {
    /// Worth knowing.
    Info,
    /// Worth asking.
    Warning,
    /// One of the figures is wrong.
    Error,
}
