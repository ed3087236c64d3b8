//! Differences and rates of change, exact where the numbers are whole and in decimals where they are not.

use rust_decimal::Decimal;

use crate::decimal::{clean, exact, is_exact, to_f64};
use crate::indicator::Indicator;
use crate::measure::Measure;
use crate::reason::Reason;

/// The geometric growth of an average year out of `years`, in percent.
pub(crate) fn yearly(now: f64, before: f64, years: u8) -> f64 {
    clean(((now / before).powf(1.0 / f64::from(years.max(1))) - 1.0) * 100.0)
}

/// Two rates of whole parts over one denominator: all three numbers are exact.
#[derive(Clone, Copy)]
pub(crate) struct Crosswise {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) below: f64,
}

impl Crosswise {
    /// Current − base in percentage points, rounded once.
    pub(crate) fn points(self) -> f64 {
        (self.left - self.right) * 100.0 / self.below + 0.0
    }
}

fn parts(measure: &Measure) -> Option<(f64, f64)> {
    measure
        .numerator
        .zip(measure.denominator)
        .filter(|(_, bottom)| *bottom != 0.0)
}

/// The two rates crosswise, where their parts are whole and positive below.
pub(crate) fn whole_parts(indicator: &Indicator, current: &Measure, base: &Measure) -> Option<Crosswise> {
    let ((a, b), (c, d)) = (parts(current).filter(|_| indicator.is_rate)?, parts(base)?);
    let crosswise = Crosswise {
        left: a * d,
        right: c * b,
        below: b * d,
    };
    let numbers = [a, b, c, d, crosswise.left, crosswise.right, crosswise.below];
    (b > 0.0 && d > 0.0 && numbers.into_iter().all(is_exact)).then_some(crosswise)
}

/// Current − base of two rates in percentage points; rates with parts are subtracted as fractions.
pub(crate) fn points(current: &Measure, base: &Measure, now: f64, before: f64) -> f64 {
    let fraction = |measure: &Measure, value: f64| match parts(measure) {
        Some((top, bottom)) => exact(top)?.checked_div(exact(bottom)?),
        None => exact(value),
    };
    let difference = fraction(current, now)
        .zip(fraction(base, before))
        .and_then(|(now, before)| now.checked_sub(before)?.checked_mul(Decimal::ONE_HUNDRED));
    match difference {
        Some(points) => clean(to_f64(points)),
        None => (now - before) * 100.0,
    }
}

/// The percentage and its reason, by the table of cases.
pub(crate) fn rate_of_change(now: f64, before: f64) -> (Option<f64>, Reason) {
    if before == 0.0 {
        return if now == 0.0 {
            (Some(0.0), Reason::Ok)
        } else {
            (None, Reason::BaseZero)
        };
    }
    if before < 0.0 || now < 0.0 {
        return (None, Reason::BaseNegative);
    }
    (percent(now, before), Reason::Ok)
}

/// (now − before) ÷ before × 100 in decimals; `None` for a base that has no rate.
pub(crate) fn percent(now: f64, before: f64) -> Option<f64> {
    if before <= 0.0 {
        return None;
    }
    if is_exact(now) && is_exact(before) {
        // The product is exact, so that the one division is rounded once, and a half in the second place stays a half.
        return Some((now - before) * 100.0 / before);
    }
    let decimal = exact(now).zip(exact(before)).and_then(|(now, before)| {
        now.checked_sub(before)?
            .checked_mul(Decimal::ONE_HUNDRED)?
            .checked_div(before)
    });
    Some(decimal.map_or((now - before) / before * 100.0, |value| clean(to_f64(value))))
}
