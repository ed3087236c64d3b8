//! What a finding is.

use strum::{Display, EnumIter};

use crate::measure::DiscrepancyCause;
use crate::period::Period;

/// What is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum FindingKind {
    /// A printed ratio is not the one its parts give.
    PrintedDiffers,
    /// An organisation's own total is not the sum of those below it.
    ParentDiffers,
    /// A figure of a longer period is not the sum of its parts.
    PartsDiffer,
    /// The items of a breakdown exceed their total.
    BreakdownExceeds,
    /// A figure of other months stands where that of a year belongs.
    UnlikePeriod,
    /// A value is far from the others of its series.
    Outlier,
    /// A value is far from that of a year earlier, beyond noise.
    Jump,
    /// A ratio rose while what it is a part of fell.
    DenominatorFell,
    /// What is owed is not there.
    Missing,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// Worth knowing.
    #[default]
    Info,
    /// Worth asking.
    Warning,
    /// One of the figures is wrong.
    Error,
}

/// A cell of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellRef {
    /// Ordinal of the organisation.
    pub org: u32,
    /// The period.
    pub period: Period,
}

/// What was found, in the base unit of the indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence {
    /// Two numbers that should be one.
    Differ {
        /// What is said.
        stated: f64,
        /// What the parts give.
        computed: f64,
        /// Why, where that can be told.
        cause: Option<DiscrepancyCause>,
    },
    /// The year that the figure's months are not.
    Unlike {
        /// The year.
        year: Period,
    },
    /// A value among others.
    Far {
        /// The value.
        value: f64,
        /// The median of the series.
        median: f64,
        /// The modified z-score.
        score: f64,
    },
    /// A change beyond noise.
    Changed {
        /// The value.
        value: f64,
        /// The value a year earlier.
        before: f64,
    },
    /// Two denominators.
    Denominators {
        /// The denominator, in its own base unit.
        now: f64,
        /// The denominator a year earlier.
        before: f64,
        /// By how much the ratio rose, in percentage points.
        points: f64,
    },
    /// Not there.
    Owed {
        /// The period of the last figure before it, if it is known by one; else the organisation says itself that it did not report.
        last: Option<Period>,
    },
}

/// Something odd.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What kind.
    pub kind: FindingKind,
    /// How bad.
    pub severity: Severity,
    /// Key of the indicator.
    pub indicator: i64,
    /// The cells concerned, the one in question first.
    pub cells: Vec<CellRef>,
    /// What was found.
    pub evidence: Evidence,
}
