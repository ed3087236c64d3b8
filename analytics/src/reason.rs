//! Why a number is there or not: the closed list that stands beside every comparison.

use strum::{Display, EnumIter};

/// The reason of a change, or of a measure that has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
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
    /// Figures exist, but for other months.
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
