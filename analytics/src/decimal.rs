//! Decimal arithmetic on the shortest decimal form of a number, and the one rounding at the output.

use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use strum::{Display, EnumIter};

/// Significant digits that a binary double always keeps.
const SIGNIFICANT: usize = 15;

/// How a number is rounded, once, when it leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Rounding {
    /// A half goes away from zero: 90.625 is 90.63.
    #[default]
    HalfUp,
    /// A half goes to the even digit (GB/T 8170): 90.625 is 90.62.
    HalfEven,
    /// Digits are cut off: 97.5 is 97.
    Truncate,
}

impl From<Rounding> for RoundingStrategy {
    fn from(rule: Rounding) -> Self {
        match rule {
            Rounding::HalfUp => Self::MidpointAwayFromZero,
            Rounding::HalfEven => Self::MidpointNearestEven,
            Rounding::Truncate => Self::ToZero,
        }
    }
}

/// The number that a person would write for `value`: 0.1 is one tenth, not the double nearest to it. `None` beyond 28 digits.
#[must_use]
pub fn exact(value: f64) -> Option<Decimal> {
    Decimal::from_str(&value.to_string()).ok()
}

/// The double nearest to `value`; −0 is 0.
#[must_use]
pub fn to_f64(value: Decimal) -> f64 {
    // Through the text: the crate's own conversion loses the last digit of long mantissas.
    let number = value.normalize().to_string().parse().unwrap_or(f64::NAN);
    if number == 0.0 { 0.0 } else { number }
}

/// `value` without the dust of binary sums: 0.1 + 0.2 is 0.3.
#[must_use]
pub fn clean(value: f64) -> f64 {
    // Whole numbers of at most fifteen digits are their own shortest form.
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return value + 0.0;
    }
    let cleaned = format!("{value:.*e}", SIGNIFICANT - 1).parse().unwrap_or(value);
    if cleaned == 0.0 { 0.0 } else { cleaned }
}

/// Whole numbers up to here, and their products with 100, are exact in binary.
const EXACT: f64 = 9e13;

pub(crate) fn is_exact(value: f64) -> bool {
    value.fract() == 0.0 && value.abs() <= EXACT
}

/// `left` − `right` without binary dust.
#[must_use]
pub fn subtract(left: f64, right: f64) -> f64 {
    if is_exact(left) && is_exact(right) {
        return left - right;
    }
    match exact(left)
        .zip(exact(right))
        .and_then(|(left, right)| left.checked_sub(right))
    {
        Some(difference) => clean(to_f64(difference)),
        None => left - right,
    }
}

/// `value` (in the quantity's base unit) told in a unit of `scale` base units; a fraction becomes a percentage here and nowhere else.
#[must_use]
pub fn in_unit(value: f64, scale: Decimal) -> f64 {
    match exact(clean(value)).and_then(|number| number.checked_div(scale)) {
        Some(number) => clean(to_f64(number)),
        None => value / to_f64(scale),
    }
}

/// `value` (in a unit of `scale` base units) in the quantity's base unit; `None` when it leaves the decimal range.
#[must_use]
pub fn in_base(value: Decimal, scale: Decimal) -> Option<f64> {
    value.checked_mul(scale).map(to_f64)
}

/// `value` with `decimals` digits after the point.
#[must_use]
pub fn round(value: f64, decimals: u32, rule: Rounding) -> f64 {
    exact(value).map_or(value, |number| {
        to_f64(number.round_dp_with_strategy(decimals, rule.into()))
    })
}

/// `value` written with exactly `decimals` digits after the point.
#[must_use]
pub fn format(value: f64, decimals: u32, rule: Rounding) -> String {
    match exact(value) {
        Some(number) => {
            let rounded = number.round_dp_with_strategy(decimals, rule.into());
            let unsigned = if rounded.is_zero() { Decimal::ZERO } else { rounded };
            format!("{unsigned:.*}", decimals as usize)
        }
        None => format!("{value:.*}", decimals as usize),
    }
}

/// `value` written with at most `decimals` digits after the point and no zeros at its end.
#[must_use]
pub fn shortest(value: f64, decimals: u32, rule: Rounding) -> String {
    let text = format(value, decimals, rule);
    match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text,
    }
}

/// Digits after the point in the shortest form of `value`.
#[must_use]
pub fn decimals(value: f64) -> u32 {
    exact(value).map_or(0, |number| number.normalize().scale())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_half_goes_away_from_zero_unless_another_rule_is_asked_for() {
        assert_eq!(format(90.625, 2, Rounding::HalfUp), "90.63");
        assert_eq!(format(-90.625, 2, Rounding::HalfUp), "-90.63");
        assert_eq!(format(90.625, 2, Rounding::HalfEven), "90.62");
        assert_eq!(format(97.5, 0, Rounding::Truncate), "97");
        assert_eq!(format(97.5, 0, Rounding::HalfUp), "98");
        assert_eq!(format(1.005, 2, Rounding::HalfUp), "1.01");
        assert_eq!(format(120.0, 2, Rounding::HalfUp), "120.00");
        assert_eq!(shortest(120.0, 2, Rounding::HalfUp), "120");
        assert_eq!(shortest(100.0, 0, Rounding::HalfUp), "100");
        assert_eq!(shortest(9.8, 2, Rounding::HalfUp), "9.8");
    }

    #[test]
    fn minus_zero_never_appears() {
        assert_eq!(format(-0.001, 2, Rounding::HalfUp), "0.00");
        assert!(round(-0.001, 2, Rounding::HalfUp).is_sign_positive());
        assert!(clean(-0.0).is_sign_positive());
    }

    #[test]
    fn a_unit_is_applied_once_and_exactly() {
        assert_eq!(in_base(decimal("9.8"), decimal("10000")), Some(98000.0));
        assert_eq!(in_unit(98000.0, decimal("10000")), 9.8);
        assert_eq!(in_unit(0.975, decimal("0.01")), 97.5);
        assert_eq!(in_base(decimal("98.06"), decimal("0.01")), Some(0.9806));
        assert_eq!(in_unit(0.9806, decimal("0.01")), 98.06);
    }

    #[test]
    fn binary_dust_is_wiped_off() {
        assert_eq!(clean(0.1 + 0.2), 0.3);
        assert_eq!(in_unit(2.0 / 3.0, decimal("0.01")), 66.6666666666667);
    }

    proptest::proptest! {
        #[test]
        fn a_unit_there_and_back_is_the_identity(mantissa in -99_999_999_999i64..99_999_999_999, places in 0u32..5) {
            let printed = Decimal::new(mantissa, places);
            for scale in ["1", "10000", "0.01", "100000000", "0.001"] {
                let base = in_base(printed, decimal(scale)).unwrap();
                proptest::prop_assert_eq!(exact(in_unit(base, decimal(scale))).unwrap(), printed.normalize());
            }
        }
    }
}
