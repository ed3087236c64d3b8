//! An indicator over many periods: a dense series with a state on each hole, and whether it rises or falls.

use strum::{Display, EnumIter};

use super::cut::{Breaks, explain, moved};
use super::data::Data;
use super::recipe::Recipe;
use super::window::Window;
use crate::change::Change;
use crate::decimal::clean;
use crate::error::Error;
use crate::indicator::Indicator;
use crate::measure::Measure;
use crate::period::Period;
use crate::reason::Reason;
use crate::trend::{FEWEST_POINTS, Trend, moving_average, trend as trend_of};

/// Which series.
#[derive(Clone, Debug)]
pub struct TrendRequest {
    /// Keys of the indicators.
    pub indicators: Vec<i64>,
    /// Ordinals of the organisations.
    pub orgs: Vec<u32>,
    /// The periods, each a step after the one before.
    pub periods: Vec<Period>,
    /// Periods of a moving average, if one is wanted.
    pub moving_average: Option<usize>,
}

/// One place of a series.
#[derive(Clone, Debug)]
pub struct Point {
    /// The period.
    pub period: Period,
    /// The value, or why there is none.
    pub measure: Measure,
    /// The mean of this place and those before it, where all are there and comparable; in the base unit.
    pub moving_average: Option<f64>,
    /// Why this place is not comparable with the one before it.
    pub series_break: Option<Reason>,
}

/// Why a series has no trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Guard {
    /// It has fewer than four values.
    TooFewPoints,
    /// What is counted changed within it.
    DefinitionChanged,
    /// The organisation's boundary changed within it.
    BoundaryChanged,
}

/// One indicator of one organisation over all periods.
#[derive(Clone, Debug)]
pub struct TrendSeries {
    /// Key of the indicator.
    pub indicator: i64,
    /// Ordinal of the organisation.
    pub org: u32,
    /// One place a period, in order.
    pub points: Vec<Point>,
    /// Rising or falling; `None` where `guard` says why not.
    pub trend: Option<Trend>,
    /// Why there is no trend.
    pub guard: Option<Guard>,
    /// From the last place but one to the last.
    pub last_change: Option<Change>,
}

/// One series for every indicator and organisation, indicators first.
///
/// # Errors
/// [`Error::Plan`] when a chunk is not what it was built as.
pub fn trend(data: Data<'_>, request: &TrendRequest) -> Result<Vec<TrendSeries>, Error> {
    let mut all = Vec::with_capacity(request.indicators.len() * request.orgs.len());
    for indicator in request.indicators.iter().filter_map(|id| data.indicators.get(*id)) {
        let recipe = Recipe::of(&data, indicator)?;
        let breaks = Breaks::of(&recipe);
        for org in &request.orgs {
            let points = points(&data, &recipe, &breaks, request, *org);
            let mut series = series(indicator, *org, points, request.moving_average);
            if let ([.., before, _], Some(change)) = (series.points.as_slice(), &mut series.last_change) {
                *change = explain(change.clone(), data.tree, *org, before.period);
            }
            all.push(series);
        }
    }
    Ok(all)
}

fn points(data: &Data<'_>, recipe: &Recipe<'_>, breaks: &Breaks<'_>, request: &TrendRequest, org: u32) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(request.periods.len());
    for period in &request.periods {
        let measure = Window::current(data, *period).measure(recipe, org);
        let series_break = points.last().and_then(|before| {
            let moved = || moved(data.tree, org, [before.period, *period], [&before.measure, &measure]);
            breaks.between(data.tree, org, before.period, *period, moved)
        });
        points.push(Point {
            period: *period,
            measure,
            moving_average: None,
            series_break,
        });
    }
    points
}

fn series(indicator: &Indicator, org: u32, mut points: Vec<Point>, width: Option<usize>) -> TrendSeries {
    // What reads the same is the same: sums of equal parts in another order are no rise.
    let values: Vec<Option<f64>> = points.iter().map(|point| point.measure.value.map(clean)).collect();
    if let Some(width) = width {
        let means = moving_average(&values, width);
        let cuts: Vec<bool> = points.iter().map(|point| point.series_break.is_some()).collect();
        for (place, (point, mean)) in points.iter_mut().zip(means).enumerate() {
            // A cut at the first place of a window lies before it.
            let first = (place + 1).saturating_sub(width);
            let is_cut = cuts.get(first + 1..=place).is_some_and(|cuts| cuts.contains(&true));
            point.moving_average = mean.filter(|_| !is_cut);
        }
    }
    let guard = guard(&points, &values);
    let last_change = match points.as_slice() {
        [.., before, last] => {
            let cut = last.series_break;
            Some(Change::between(indicator, &last.measure, &before.measure, cut))
        }
        _ => None,
    };
    TrendSeries {
        indicator: indicator.id,
        org,
        trend: trend_of(&values).filter(|_| guard.is_none()),
        guard,
        last_change,
        points,
    }
}

/// A break counts where there are values on both sides of it.
fn guard(points: &[Point], values: &[Option<f64>]) -> Option<Guard> {
    if values.iter().flatten().count() < FEWEST_POINTS {
        return Some(Guard::TooFewPoints);
    }
    let is_inside =
        |place: usize| values[..place].iter().any(Option::is_some) && values[place..].iter().any(Option::is_some);
    let mut inside = points
        .iter()
        .enumerate()
        .filter(|(place, _)| is_inside(*place))
        .filter_map(|(_, point)| point.series_break);
    inside.next().map(|reason| match reason {
        Reason::BoundaryChanged => Guard::BoundaryChanged,
        _ => Guard::DefinitionChanged,
    })
}
