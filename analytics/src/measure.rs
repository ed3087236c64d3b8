//! One number with everything that must be said beside it.

use rust_decimal::Decimal;
use strum::{Display, EnumIter};

use crate::decimal::{self, Rounding};
use crate::flag::Flags;
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;

/// How much of what belongs in a value is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Parts that are there.
    pub present: u32,
    /// Parts that belong.
    pub expected: u32,
    /// The periods that are not there, of a value put together over time.
    pub missing: Vec<Period>,
    /// Ordinals of the organisations that are not there, of a value put together over organisations.
    pub missing_orgs: Vec<u32>,
    /// Ordinals of the organisations of which only one part of a ratio is there: they are not used.
    pub half_orgs: Vec<u32>,
}

impl Coverage {
    /// A value that stands for itself, or its absence.
    #[must_use]
    pub fn single(present: bool) -> Self {
        Self {
            present: u32::from(present),
            expected: 1,
            missing: Vec::new(),
            missing_orgs: Vec::new(),
            half_orgs: Vec::new(),
        }
    }

    /// Whether all that belongs is there.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.present == self.expected
    }
}

/// Why a printed ratio is not the computed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DiscrepancyCause {
    /// Digits were cut off (702/720 = 97.5 printed 97).
    Truncated,
    /// Another rounding rule was used, or the last digit is one off.
    Rounding,
    /// It is the ratio of the neighbouring period.
    SwappedPeriod,
    /// None of these.
    Other,
}

/// A printed ratio that its own parts do not give. Shares are fractions of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Discrepancy {
    /// As printed.
    pub reported: f64,
    /// From the parts.
    pub computed: f64,
    /// Printed − computed.
    pub difference: f64,
    /// The likely cause.
    pub cause: DiscrepancyCause,
}

impl Discrepancy {
    /// Compares a printed ratio with the computed one at the printed precision, told in a unit of `scale`; `None` when the print is right.
    #[must_use]
    pub fn check(
        reported: f64,
        printed_decimals: u32,
        computed: f64,
        neighbour: Option<f64>,
        scale: Decimal,
    ) -> Option<Self> {
        let told = |value: f64, rule: Rounding| decimal::round(decimal::in_unit(value, scale), printed_decimals, rule);
        let printed = decimal::in_unit(reported, scale);
        if printed == told(computed, Rounding::HalfUp) {
            return None;
        }
        let last_digit = 10f64.powi(-i32::try_from(printed_decimals).unwrap_or(0));
        let cause = if printed == told(computed, Rounding::Truncate) {
            DiscrepancyCause::Truncated
        } else if neighbour.is_some_and(|value| printed == told(value, Rounding::HalfUp)) {
            DiscrepancyCause::SwappedPeriod
        } else if (printed - told(computed, Rounding::HalfUp)).abs() <= last_digit * 1.000_001 {
            DiscrepancyCause::Rounding
        } else {
            DiscrepancyCause::Other
        };
        Some(Self {
            reported,
            computed,
            difference: decimal::clean(reported - computed),
            cause,
        })
    }
}

/// An interval of plausible values, as fractions of 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One value of one indicator for one organisation and period. Numbers are in the base unit of the indicator's quantity: 元, cases, fractions of 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// The period asked for; `None` when the calendar has no such period.
    pub period: Option<Period>,
    /// The value; a ratio is computed from its parts when both are there.
    pub value: Option<f64>,
    /// Its state.
    pub status: Status,
    /// Its remarks.
    pub flags: Flags,
    /// What it is made of.
    pub coverage: Coverage,
    /// A ratio's numerator.
    pub numerator: Option<f64>,
    /// A ratio's denominator.
    pub denominator: Option<f64>,
    /// A ratio as printed.
    pub reported: Option<f64>,
    /// What the parts of the period that are there add up to, where some are missing. It is no value of the period and is never compared.
    pub partial: Option<f64>,
    /// The value reported for this organisation itself, or computed from its own parts.
    pub reported_here: Option<f64>,
    /// The value put together from the organisations below.
    pub rolled_up: Option<f64>,
    /// Where the printed ratio and the parts disagree.
    pub discrepancy: Option<Discrepancy>,
    /// A ratio's Wilson 95 % interval.
    pub interval: Option<Interval>,
    /// Why there is no value.
    pub reason: Option<Reason>,
    /// The observation that was reported for just this cell, if any: where the printed text stands.
    pub reported_by: Option<i64>,
}

impl Measure {
    /// A cell without a value.
    #[must_use]
    pub fn absent(period: Option<Period>, reason: Reason) -> Self {
        Self {
            period,
            value: None,
            status: Status::Missing,
            flags: Flags::NONE,
            coverage: Coverage::single(false),
            numerator: None,
            denominator: None,
            reported: None,
            reported_here: None,
            rolled_up: None,
            discrepancy: None,
            interval: None,
            reason: Some(reason),
            reported_by: None,
            partial: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(reported: f64, decimals: u32, numerator: f64, denominator: f64) -> Option<DiscrepancyCause> {
        let percent: Decimal = "0.01".parse().unwrap();
        Discrepancy::check(reported / 100.0, decimals, numerator / denominator, None, percent).map(|found| found.cause)
    }

    #[test]
    fn published_ratios_are_judged_at_their_printed_precision() {
        assert_eq!(cause(97.0, 0, 702.0, 720.0), Some(DiscrepancyCause::Truncated));
        assert_eq!(cause(94.11, 2, 32.0, 34.0), Some(DiscrepancyCause::Truncated));
        assert_eq!(cause(92.71, 2, 140.0, 151.0), Some(DiscrepancyCause::Truncated));
        assert_eq!(cause(1.7, 1, 77.0, 4696.0), Some(DiscrepancyCause::Rounding));
        assert_eq!(cause(4.11, 2, 207.0, 3942.0), Some(DiscrepancyCause::Other));
        assert_eq!(cause(98.0, 0, 702.0, 720.0), None);
        assert_eq!(cause(97.5, 1, 702.0, 720.0), None);
    }

    #[test]
    fn a_trailing_zero_is_precision() {
        assert_eq!(cause(97.5, 2, 9746.0, 10000.0), Some(DiscrepancyCause::Other));
        assert_eq!(cause(97.5, 1, 9746.0, 10000.0), None);
    }
}
