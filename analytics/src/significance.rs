//! How much of a change is noise: Wilson intervals, a test of two proportions, a test of two counts.

use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, Normal};

use crate::flag::Flag;
use crate::indicator::{Indicator, IndicatorKind, OverOrgs, OverTime};
use crate::measure::{Interval, Measure};

/// Two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The Wilson 95 % interval of `numerator` out of `denominator`; `None` unless 0 ≤ numerator ≤ denominator and denominator > 0.
#[must_use]
pub fn wilson(numerator: f64, denominator: f64) -> Option<Interval> {
    if !(denominator > 0.0 && (0.0..=denominator).contains(&numerator)) {
        return None;
    }
    let share = numerator / denominator;
    let weight = Z * Z / denominator;
    let centre = (share + weight / 2.0) / (1.0 + weight);
    let half = Z * (share * (1.0 - share) / denominator + weight / (4.0 * denominator)).sqrt() / (1.0 + weight);
    Some(Interval {
        low: (centre - half).max(0.0),
        high: (centre + half).min(1.0),
    })
}

/// Two-sided p-value that two proportions are equal (pooled z-test); `None` where a proportion does not exist.
#[must_use]
pub fn two_proportions(now: (f64, f64), before: (f64, f64)) -> Option<f64> {
    wilson(now.0, now.1)?;
    wilson(before.0, before.1)?;
    let pooled = (now.0 + before.0) / (now.1 + before.1);
    let deviation = (pooled * (1.0 - pooled) * (1.0 / now.1 + 1.0 / before.1)).sqrt();
    let distance = (now.0 / now.1 - before.0 / before.1).abs();
    if deviation == 0.0 {
        return Some(1.0);
    }
    Some(told(2.0 * Normal::standard().sf(distance / deviation)))
}

/// Two-sided p-value that two counts of equal exposure come from one Poisson rate (exact conditional test); `None` unless both are whole and not negative.
#[must_use]
pub fn two_counts(now: f64, before: f64) -> Option<f64> {
    let whole = |value: f64| value >= 0.0 && value.fract() == 0.0 && value < 9e15;
    if !(whole(now) && whole(before)) {
        return None;
    }
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative and below 2^53"
    )]
    let (total, smaller) = ((now + before) as u64, now.min(before) as u64);
    if total == 0 {
        return Some(1.0);
    }
    let tail = Binomial::new(0.5, total).ok()?.cdf(smaller);
    Some(told(2.0 * tail))
}

/// A p-value to the ten digits that its approximations are good for, at most 1.
fn told(p: f64) -> f64 {
    format!("{p:.9e}").parse().unwrap_or(p).min(1.0)
}

/// The test that fits a change, with what it needs; it is made when somebody asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Test {
    /// Two shares: numerator and denominator of each.
    Proportions {
        /// Of the current value.
        now: (f64, f64),
        /// Of the base.
        before: (f64, f64),
    },
    /// Two counts of equal exposure.
    Counts {
        /// The current count.
        now: f64,
        /// The base.
        before: f64,
    },
}

impl Test {
    /// The test that fits the indicator, if any: shares with parts, and counts.
    #[must_use]
    pub fn of(indicator: &Indicator, current: &Measure, base: &Measure) -> Option<Self> {
        if indicator.is_rate {
            let parts = |measure: &Measure| measure.numerator.zip(measure.denominator);
            return Some(Self::Proportions {
                now: parts(current)?,
                before: parts(base)?,
            });
        }
        // A mean or a largest count is no count of anything that happened.
        let is_counted = |measure: &Measure| {
            (indicator.over_orgs == OverOrgs::Sum || !measure.flags.contains(Flag::RolledUp))
                && (indicator.over_time != OverTime::Mean || !measure.flags.contains(Flag::SummedOverTime))
        };
        match indicator.kind {
            IndicatorKind::Count if is_counted(current) && is_counted(base) => Some(Self::Counts {
                now: current.value?,
                before: base.value?,
            }),
            _ => None,
        }
    }

    /// Two-sided p-value of "nothing changed"; `None` where the figures are no counts and no shares.
    #[must_use]
    pub fn p_value(self) -> Option<f64> {
        match self {
            Self::Proportions { now, before } => two_proportions(now, before),
            Self::Counts { now, before } => two_counts(now, before),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: Option<f64>, expected: f64) -> bool {
        (value.unwrap() - expected).abs() < 1e-9
    }

    #[test]
    fn wilson_agrees_with_the_closed_form_of_its_ends() {
        // The ends p of the interval solve (share - p)^2 = Z^2 p (1 - p) / n.
        for (numerator, denominator) in [(702.0, 720.0), (0.0, 10.0), (10.0, 10.0), (1.0, 3.0)] {
            let interval = wilson(numerator, denominator).unwrap();
            for end in [interval.low, interval.high] {
                let left = (numerator / denominator - end).powi(2);
                let right = Z * Z * end * (1.0 - end) / denominator;
                assert!((left - right).abs() < 1e-12, "{numerator}/{denominator}");
            }
        }
        assert!(wilson(3.0, 0.0).is_none());
        assert!(wilson(7.0, 6.0).is_none());
        assert!(wilson(f64::NAN, 6.0).is_none());
    }

    #[test]
    fn small_counts_are_within_noise() {
        // Exact conditional test by hand: 2 * (C(8,0) + C(8,1) + C(8,2)) / 2^8 = 74 / 256.
        assert!(near(two_counts(6.0, 2.0), 74.0 / 256.0));
        assert!(near(two_counts(2.0, 6.0), 74.0 / 256.0));
        assert!(two_counts(7976.0, 6593.0).unwrap() < 1e-9);
        assert!(near(two_counts(0.0, 0.0), 1.0));
        assert!(near(two_counts(5.0, 5.0), 1.0));
        assert_eq!(two_counts(1.5, 2.0), None);
        assert_eq!(two_counts(-1.0, 2.0), None);
    }

    #[test]
    fn equal_proportions_do_not_differ() {
        assert!(near(two_proportions((5.0, 10.0), (50.0, 100.0)), 1.0));
        assert!(near(two_proportions((10.0, 10.0), (20.0, 20.0)), 1.0));
        // z = 2 exactly: shares 0.6 and 0.4 of 50 each, pooled 0.5, deviation 0.1.
        assert!((two_proportions((30.0, 50.0), (20.0, 50.0)).unwrap() - 0.045_500_263_896_358_4).abs() < 1e-9);
    }
}
