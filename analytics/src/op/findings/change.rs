//! Values that stand out against the others of their series and against the year before.

use super::finding::{Evidence, Finding, FindingKind, Severity};
use super::series::Subject;
use crate::change::Change;
use crate::decimal::clean;
use crate::indicator::IndicatorKind;
use crate::measure::Measure;
use crate::op::cut::moved;
use crate::period::Period;
use crate::trend::median;

/// A modified z-score beyond which a value is called an outlier (Iglewicz and Hoaglin).
const FAR: f64 = 3.5;
/// Values without which a series has no middle to be far from.
const FEWEST: usize = 6;
/// A count or amount that is this many times the one before, or that part of it, has jumped.
const TIMES: f64 = 2.0;
/// A rate that moved by so many percentage points has jumped.
const POINTS: f64 = 10.0;
/// A denominator that lost this part has fallen.
const FALL: f64 = 0.1;

pub(super) fn check(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    outliers(subject, found);
    for (period, measure) in subject.values.iter().filter(|(period, _)| subject.is_asked(*period)) {
        let Some((earlier, before)) = period
            .previous_year()
            .and_then(|earlier| Some((earlier, subject.value(earlier)?)))
        else {
            continue;
        };
        let moved = || moved(subject.data.tree, subject.org, [earlier, *period], [before, measure]);
        let cut = subject
            .breaks
            .between(subject.data.tree, subject.org, *period, earlier, moved);
        if cut.is_some() {
            continue;
        }
        let change = Change::between(subject.recipe.indicator, measure, before, None);
        found.extend(jump(subject, [*period, earlier], &change));
        found.extend(denominator(subject, [*period, earlier], [measure, before], &change));
    }
}

/// By periods of one length: those of a year apart from those of a month.
fn outliers(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    if subject.recipe.indicator.kind == IndicatorKind::YesNo {
        return;
    }
    let mut lengths: Vec<i32> = subject.values.iter().map(|(period, _)| period.months()).collect();
    lengths.sort_unstable();
    lengths.dedup();
    for length in lengths {
        let of_length = || subject.values.iter().filter(|(period, _)| period.months() == length);
        let points: Vec<(Period, f64)> = of_length()
            .filter_map(|(period, measure)| Some((*period, clean(measure.value?))))
            .collect();
        let values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
        let Some((middle, spread)) = spread(&values) else {
            continue;
        };
        for (period, value) in points.into_iter().filter(|(period, _)| subject.is_asked(*period)) {
            let score = (value - middle) / spread;
            if score.abs() > FAR {
                let evidence = Evidence::Far {
                    value,
                    median: middle,
                    score,
                };
                found.push(subject.finding(FindingKind::Outlier, Severity::Warning, &[period], evidence));
            }
        }
    }
}

/// Median and the length of one modified z; `None` for too few values or equal ones. Where more than half are equal, the mean deviation takes the place of the median one.
fn spread(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < FEWEST {
        return None;
    }
    let middle = median(&mut values.to_vec())?;
    let deviations = || values.iter().map(|value| (value - middle).abs());
    let mut sorted: Vec<f64> = deviations().collect();
    let of_median = median(&mut sorted)? / 0.674_489_750_196_081_7;
    #[allow(clippy::cast_precision_loss, reason = "a series has fewer than 2^52 values")]
    let of_mean = deviations().sum::<f64>() / values.len() as f64 * 1.253_314_137_315_5;
    let spread = if of_median > 0.0 { of_median } else { of_mean };
    (spread > 0.0).then_some((middle, spread))
}

fn jump(subject: &Subject<'_>, periods: [Period; 2], change: &Change) -> Option<Finding> {
    let (value, before) = change.values?;
    let is_far = match change.percentage_points {
        Some(points) => points.abs() >= POINTS,
        None => before > 0.0 && (value >= before * TIMES || value * TIMES <= before),
    };
    // Within noise is no jump; where no test applies the size alone counts.
    if !is_far || change.distinguishable() == Some(false) || subject.recipe.indicator.kind == IndicatorKind::YesNo {
        return None;
    }
    let evidence = Evidence::Changed { value, before };
    Some(subject.finding(FindingKind::Jump, Severity::Info, &periods, evidence))
}

fn denominator(
    subject: &Subject<'_>,
    periods: [Period; 2],
    measures: [&Measure; 2],
    change: &Change,
) -> Option<Finding> {
    let points = change.percentage_points.filter(|points| *points > 0.0)?;
    let (now, before) = (measures[0].denominator?, measures[1].denominator?);
    let evidence = Evidence::Denominators { now, before, points };
    (now <= before * (1.0 - FALL))
        .then(|| subject.finding(FindingKind::DenominatorFell, Severity::Warning, &periods, evidence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_that_of_the_handbook() {
        // Median 3, deviations 2 1 0 1 2 97: their median is 1.5.
        let (middle, one) = spread(&[1.0, 2.0, 3.0, 4.0, 5.0, 100.0]).unwrap();
        assert_eq!(middle, 3.5);
        assert!((one - 1.5 / 0.674_489_750_196_081_7).abs() < 1e-12);
        let (middle, one) = spread(&[5.0, 5.0, 5.0, 5.0, 5.0, 11.0]).unwrap();
        assert_eq!(middle, 5.0);
        assert!((one - 1.253_314_137_315_5).abs() < 1e-12);
        assert_eq!(spread(&[5.0; 8]), None);
        assert_eq!(spread(&[1.0, 2.0, 90.0]), None);
    }
}
