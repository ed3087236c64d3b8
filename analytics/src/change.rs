//! The change between two measures: numbers, direction, judgement, and the reason that stands beside them.

use strum::{Display, EnumIter};

use crate::decimal::{clean, subtract};
use crate::difference::{Crosswise, percent, points, rate_of_change, whole_parts, yearly};
use crate::indicator::{Indicator, IndicatorKind, Polarity};
use crate::measure::Measure;
use crate::reason::Reason;
use crate::significance::Test;

/// Which way a number went, told from the unrounded numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    /// It grew.
    Up,
    /// It shrank.
    Down,
    /// It is the same (持平).
    Flat,
}

/// What the direction means under the indicator's polarity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Judgement {
    /// It went the good way.
    Improved,
    /// It went the bad way.
    Worsened,
    /// It did not move.
    Unchanged,
    /// It is not judged: the indicator is neutral, or there is nothing to compare.
    Neutral,
}

/// A change. Numbers are unrounded; `absolute` is in the base unit of the indicator's quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Current − base; `None` for rates, whose difference is in percentage points.
    pub absolute: Option<f64>,
    /// (Current − base) ÷ base × 100; for a rate only where it is asked for, see [`Self::relative`].
    pub percent: Option<f64>,
    /// (Current − base) × 100 of two rates.
    pub percentage_points: Option<f64>,
    /// Which way it went.
    pub direction: Option<Direction>,
    /// What that means.
    pub judgement: Judgement,
    /// Why the numbers are there or not.
    pub reason: Reason,
    /// Current and base, where both are there and of one series.
    pub values: Option<(f64, f64)>,
    /// The years over which it is told as that of an average year.
    pub years: Option<u8>,
    /// What tells it from noise, if anything does.
    pub test: Option<Test>,
}

impl Change {
    /// Level under which a change is told from noise.
    pub const ALPHA: f64 = 0.05;

    /// Nothing to compare.
    fn none(reason: Reason) -> Self {
        Self {
            absolute: None,
            percent: None,
            percentage_points: None,
            direction: None,
            judgement: Judgement::Neutral,
            reason,
            values: None,
            years: None,
            test: None,
        }
    }

    /// Two-sided p-value of "nothing changed"; `None` where no test applies. Computed when it is asked for.
    #[must_use]
    pub fn p_value(&self) -> Option<f64> {
        self.test.and_then(Test::p_value)
    }

    /// Whether the change is told from noise; `None` where no test applies.
    #[must_use]
    pub fn distinguishable(&self) -> Option<bool> {
        self.p_value().map(|p| p < Self::ALPHA)
    }

    /// The relative change of a rate in percent, for the caller who insists.
    #[must_use]
    pub fn relative(&self) -> Option<f64> {
        self.percentage_points?;
        let (now, before) = self.values?;
        let percent = percent(clean(now), clean(before))?;
        Some(self.years.map_or(percent, |years| yearly(now, before, years)))
    }

    /// The change of `indicator` from `base` to `current`; `series_break` when the two do not count the same thing.
    #[must_use]
    pub fn between(indicator: &Indicator, current: &Measure, base: &Measure, series_break: Option<Reason>) -> Self {
        let (now, before) = match (current.value, base.value) {
            (None, _) => return Self::none(current.reason.unwrap_or(Reason::CurrentMissing)),
            // A value that was asked for as the current one of its own period is the base here.
            (_, None) => {
                let reason = base.reason.filter(|reason| *reason != Reason::CurrentMissing);
                return Self::none(reason.unwrap_or(Reason::BaseMissing));
            }
            (Some(now), Some(before)) => (now, before),
        };
        let whole = whole_parts(indicator, current, base);
        // What reads the same is the same: 0.1 + 0.2 has not grown from 0.3.
        let (now, before) = match whole {
            Some(_) => (now, before),
            None => (clean(now), clean(before)),
        };
        if let Some(reason) = series_break {
            let absolute = (!indicator.is_rate).then(|| subtract(now, before));
            return Self {
                absolute,
                ..Self::none(reason)
            };
        }
        // Fractions of whole numbers are compared crosswise, which is exact.
        let (left, right) = whole.map_or((now, before), |whole| (whole.left, whole.right));
        let direction = if left > right {
            Direction::Up
        } else if left < right {
            Direction::Down
        } else {
            Direction::Flat
        };
        let mut change = Self {
            direction: Some(direction),
            judgement: judge(direction, indicator.polarity),
            values: Some((now, before)),
            test: Test::of(indicator, current, base),
            ..Self::none(Reason::Ok)
        };
        if indicator.is_rate {
            change.percentage_points =
                Some(whole.map_or_else(|| points(current, base, now, before), Crosswise::points));
        } else {
            change.absolute = Some(subtract(now, before));
            (change.percent, change.reason) = match indicator.kind {
                IndicatorKind::YesNo => (None, Reason::Ok),
                _ => rate_of_change(now, before),
            };
        }
        change
    }

    /// The same change told as that of an average year out of `years`: geometric for counts and amounts, in equal steps for shares.
    #[must_use]
    pub fn a_year(self, years: u8) -> Self {
        let rate = |(now, before): (f64, f64)| if before == 0.0 { 0.0 } else { yearly(now, before, years) };
        Self {
            percent: self.percent.and(self.values).map(rate),
            percentage_points: self
                .percentage_points
                .map(|points| clean(points / f64::from(years.max(1)))),
            years: Some(years),
            ..self
        }
    }

    /// The same change without a test: the two are not figures of one series.
    #[must_use]
    pub fn untested(self) -> Self {
        Self { test: None, ..self }
    }
}

fn judge(direction: Direction, polarity: Polarity) -> Judgement {
    match (direction, polarity) {
        (_, Polarity::Neutral) => Judgement::Neutral,
        (Direction::Flat, _) => Judgement::Unchanged,
        (Direction::Up, Polarity::HigherBetter) | (Direction::Down, Polarity::LowerBetter) => Judgement::Improved,
        (Direction::Up, Polarity::LowerBetter) | (Direction::Down, Polarity::HigherBetter) => Judgement::Worsened,
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::decimal::{Rounding, format};
    use crate::flag::Flags;
    use crate::indicator::{OverOrgs, OverTime};
    use crate::measure::Coverage;
    use crate::status::Status;

    fn indicator(kind: IndicatorKind, polarity: Polarity) -> Indicator {
        Indicator {
            id: 1,
            code: "x".into(),
            kind,
            over_orgs: OverOrgs::Sum,
            over_time: OverTime::Sum,
            summed: false,
            polarity,
            unit_scale: Decimal::ONE,
            is_rate: kind == IndicatorKind::Ratio,
            parts: None,
            formula: None,
            breaks: Vec::new(),
        }
    }

    fn measure(value: f64) -> Measure {
        Measure {
            value: Some(value),
            status: Status::Normal,
            flags: Flags::NONE,
            coverage: Coverage::single(true),
            reason: None,
            ..Measure::absent(None, Reason::Ok)
        }
    }

    fn count(now: f64, before: f64) -> Change {
        Change::between(
            &indicator(IndicatorKind::Count, Polarity::Neutral),
            &measure(now),
            &measure(before),
            None,
        )
    }

    #[test]
    fn published_growth_comes_out_as_printed() {
        for (before, now, printed) in [
            (6593.0, 7976.0, "20.98"),
            (1224.0, 1577.0, "28.84"),
            (320.0, 599.0, "87.19"),
            (192.0, 366.0, "90.63"),
            (6803.0, 7982.0, "17.33"),
            (1254.0, 1561.0, "24.48"),
            (2.0, 6.0, "200.00"),
            (1.0, 4.6, "360.00"),
        ] {
            assert_eq!(
                format(count(now, before).percent.unwrap(), 2, Rounding::HalfUp),
                printed,
                "{before} -> {now}"
            );
        }
    }

    #[test]
    fn every_case_of_the_table_has_its_reason() {
        let row = |now, before| {
            let change = count(now, before);
            (change.absolute, change.percent, change.reason)
        };
        assert_eq!(row(3.0, 0.0), (Some(3.0), None, Reason::BaseZero));
        assert_eq!(row(0.0, 0.0), (Some(0.0), Some(0.0), Reason::Ok));
        assert_eq!(row(0.0, 4.0), (Some(-4.0), Some(-100.0), Reason::Ok));
        assert_eq!(row(5.0, -2.0), (Some(7.0), None, Reason::BaseNegative));
        assert_eq!(row(-1.0, 2.0), (Some(-3.0), None, Reason::BaseNegative));
        let missing = Measure::absent(None, Reason::BaseMissing);
        let count = indicator(IndicatorKind::Count, Polarity::Neutral);
        assert_eq!(
            Change::between(&count, &measure(1.0), &missing, None).reason,
            Reason::BaseMissing
        );
        // What was missing as the current value of its own period is missing as the base here.
        let missing = Measure::absent(None, Reason::CurrentMissing);
        assert_eq!(
            Change::between(&count, &measure(1.0), &missing, None).reason,
            Reason::BaseMissing
        );
        let broken = Change::between(&count, &measure(2.0), &measure(7.0), Some(Reason::DefinitionChanged));
        assert_eq!(
            (broken.absolute, broken.percent, broken.direction, broken.reason),
            (Some(-5.0), None, None, Reason::DefinitionChanged)
        );
    }

    #[test]
    fn rates_change_in_percentage_points() {
        let rate = indicator(IndicatorKind::Ratio, Polarity::HigherBetter);
        let change = Change::between(&rate, &measure(0.056), &measure(0.098), None);
        assert_eq!(
            (change.absolute, change.percent, change.percentage_points),
            (None, None, Some(-4.2))
        );
        assert_eq!(change.judgement, Judgement::Worsened);
        let equal = Change::between(&rate, &measure(1.0), &measure(1.0), None);
        assert_eq!(
            (equal.percentage_points, equal.direction, equal.percent),
            (Some(0.0), Some(Direction::Flat), None)
        );
    }

    #[test]
    fn average_growth_is_geometric() {
        let over_two_years = |percent: f64| count(100.0 + percent, 100.0).a_year(2).percent.unwrap();
        assert_eq!(format(over_two_years(45.5), 1, Rounding::HalfUp), "20.6");
        assert_eq!(format(over_two_years(42.5), 1, Rounding::HalfUp), "19.4");
        assert_eq!(count(0.0, 0.0).a_year(3).percent, Some(0.0));
        assert_eq!(count(3.0, 0.0).a_year(3).percent, None);
    }

    #[test]
    fn decimal_differences_have_no_dust() {
        assert_eq!(count(0.15, 0.1).absolute, Some(0.05));
        assert_eq!(count(1.00125, 1.0).percent, Some(0.125));
    }

    proptest::proptest! {
        #[test]
        fn integer_growth_agrees_with_long_division(now in 0i64..1_000_000, before in 1i64..1_000_000) {
            // Half up at the second place, in whole numbers.
            let scaled = (now - before) * 10_000;
            let twice = scaled * 2 + before * scaled.signum();
            let expected = twice / (before * 2);
            #[allow(clippy::cast_precision_loss, reason = "the numbers are small")]
            let printed = format(count(now as f64, before as f64).percent.unwrap(), 2, Rounding::HalfUp);
            proptest::prop_assert_eq!(printed.replace('.', "").parse::<i64>().unwrap(), expected);
        }
    }
}
