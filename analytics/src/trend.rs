//! Whether a series rises or falls: Theil–Sen slope and Mann–Kendall test, with the guards that keep a few points from being called a trend.

use statrs::distribution::{ContinuousCDF, Normal};
use strum::{Display, EnumIter};

/// Comparable points without which there is no trend, only a last change.
pub const FEWEST_POINTS: usize = 4;

/// Level under which a monotone movement is called a trend.
const ALPHA: f64 = 0.05;

/// The word for a trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TrendDirection {
    /// It rises.
    Up,
    /// It falls.
    Down,
    /// Neither can be told from chance.
    None,
}

/// A trend over equally spaced periods; holes are left out, their places count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// The word, at 5 %.
    pub direction: TrendDirection,
    /// Theil–Sen slope: median of the slopes of all pairs, in value a period.
    pub slope: f64,
    /// Level at the first place of the series on the Theil–Sen line.
    pub intercept: f64,
    /// Mann–Kendall S: rising pairs − falling pairs.
    pub s: f64,
    /// Kendall's tau: S over the number of pairs.
    pub tau: f64,
    /// Two-sided p-value of "no monotone trend", corrected for ties.
    pub p_value: f64,
    /// Points it rests on.
    pub points: usize,
}

/// The trend of `series`, one place a period; `None` with fewer than [`FEWEST_POINTS`] values.
#[must_use]
pub fn trend(series: &[Option<f64>]) -> Option<Trend> {
    #[allow(clippy::cast_precision_loss, reason = "a series has fewer than 2^52 places")]
    let points: Vec<(f64, f64)> = series
        .iter()
        .enumerate()
        .filter_map(|(place, value)| Some((place as f64, (*value)?)))
        .collect();
    if points.len() < FEWEST_POINTS {
        return None;
    }
    let mut slopes = Vec::with_capacity(points.len() * (points.len() - 1) / 2);
    let mut s = 0.0;
    for (index, (earlier, before)) in points.iter().enumerate() {
        for (later, now) in points.iter().skip(index + 1) {
            slopes.push((now - before) / (later - earlier));
            s += sign(now - before);
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "a series has fewer than 2^52 pairs")]
    let pairs = slopes.len() as f64;
    let slope = median(&mut slopes)?;
    let (mut places, mut values): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    let p_value = p_value(s, &mut values);
    let intercept = median(&mut values)? - slope * median(&mut places)?;
    let direction = match p_value < ALPHA {
        true if s > 0.0 => TrendDirection::Up,
        true if s < 0.0 => TrendDirection::Down,
        _ => TrendDirection::None,
    };
    Some(Trend {
        direction,
        slope,
        intercept,
        s,
        tau: s / pairs,
        p_value,
        points: points.len(),
    })
}

/// 1, 0 or −1.
fn sign(difference: f64) -> f64 {
    if difference > 0.0 {
        1.0
    } else if difference < 0.0 {
        -1.0
    } else {
        0.0
    }
}

/// Normal approximation with continuity correction; the variance is reduced by ties.
fn p_value(s: f64, values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    #[allow(clippy::cast_precision_loss, reason = "a series has fewer than 2^52 places")]
    let term = |count: usize| {
        let n = count as f64;
        n * (n - 1.0) * (2.0 * n + 5.0)
    };
    let ties: f64 = values
        .chunk_by(|left, right| left == right)
        .map(|tied| term(tied.len()))
        .sum();
    let variance = (term(values.len()) - ties) / 18.0;
    if variance <= 0.0 {
        return 1.0;
    }
    let z = (s.abs() - 1.0).max(0.0) / variance.sqrt();
    (2.0 * Normal::standard().sf(z)).min(1.0)
}

/// The median; sorts `values`. `None` of nothing.
#[must_use]
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(*values.get(middle - 1)?, upper))
}

/// The mean of each place and the `width - 1` places before it, where all of them are there.
#[must_use]
pub fn moving_average(series: &[Option<f64>], width: usize) -> Vec<Option<f64>> {
    let width = width.max(1);
    (0..series.len())
        .map(|place| {
            let window = series.get((place + 1).checked_sub(width)?..=place)?;
            let sum = window.iter().copied().sum::<Option<f64>>()?;
            #[allow(clippy::cast_precision_loss, reason = "a window is short")]
            Some(sum / width as f64)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(left: f64, right: f64) -> bool {
        (left - right).abs() <= 1e-9 * right.abs().max(1.0)
    }

    /// Values of `tests/scripts/trend_reference.py` (pymannkendall 1.4.3, scipy): slope, intercept, S, tau, p.
    #[test]
    fn the_statistics_agree_with_an_independent_implementation() {
        for line in include_str!("trend_reference.csv").lines().skip(1) {
            let mut cells = line.split(',');
            let series: Vec<Option<f64>> = cells.next().unwrap().split(' ').map(|cell| cell.parse().ok()).collect();
            let expected: Vec<f64> = cells.map(|cell| cell.parse().unwrap()).collect();
            let found = trend(&series).unwrap();
            for (found, expected) in [found.slope, found.intercept, found.s, found.tau, found.p_value]
                .into_iter()
                .zip(expected)
            {
                assert!(near(found, expected), "{line}: {found} is not {expected}");
            }
        }
    }

    #[test]
    fn few_points_and_equal_points_are_no_trend() {
        assert_eq!(trend(&[Some(1.0), Some(2.0), None, Some(3.0)]), None);
        let flat = trend(&[Some(5.0); 6]).unwrap();
        assert_eq!(
            (flat.direction, flat.slope, flat.p_value),
            (TrendDirection::None, 0.0, 1.0)
        );
        assert_eq!(
            trend(&[Some(1.0), Some(2.0), Some(3.0), Some(4.0), Some(5.0)])
                .unwrap()
                .direction,
            TrendDirection::Up
        );
    }

    #[test]
    fn a_moving_average_has_holes_where_the_series_has() {
        let series = [Some(1.0), Some(3.0), None, Some(5.0), Some(7.0)];
        assert_eq!(moving_average(&series, 2), [None, Some(2.0), None, None, Some(6.0)]);
        assert_eq!(moving_average(&series, 1), series);
        assert_eq!(moving_average(&[], 3), []);
    }

    proptest::proptest! {
        #[test]
        fn reversing_the_series_reverses_the_trend(values in proptest::collection::vec(-50i32..50, 4..30)) {
            let series: Vec<Option<f64>> = values.iter().map(|value| Some(f64::from(*value))).collect();
            let reversed: Vec<Option<f64>> = series.iter().rev().copied().collect();
            let (there, back) = (trend(&series).unwrap(), trend(&reversed).unwrap());
            proptest::prop_assert!(near(there.slope, -back.slope) && near(there.s, -back.s) && near(there.p_value, back.p_value));
        }
    }
}
