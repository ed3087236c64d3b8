//! Why a total changed: the part of each organisation directly below it. The parts and what is left over sum to the change exactly.

use std::collections::BTreeSet;

use strum::{Display, EnumIter};

use super::cut::{Breaks, explain, moved};
use super::data::Data;
use super::recipe::Recipe;
use super::window::Window;
use crate::change::Change;
use crate::decimal::{clean, subtract};
use crate::difference::points;
use crate::error::Error;
use crate::indicator::{Indicator, IndicatorKind, OverOrgs};
use crate::measure::Measure;
use crate::period::Period;
use crate::reason::Reason;

/// What is to be taken apart.
#[derive(Clone, Copy, Debug)]
pub struct DecomposeRequest {
    /// Key of the indicator.
    pub indicator: i64,
    /// Ordinal of the organisation whose change it is.
    pub org: u32,
    /// The current period.
    pub period: Period,
    /// The base.
    pub base: Period,
}

/// In which of the two periods an organisation has a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Presence {
    /// In both.
    Both,
    /// Only in the current one.
    Entered,
    /// Only in the base.
    Left,
    /// In neither.
    Absent,
}

/// The part of one organisation. Shares are fractions of 1.
#[derive(Clone, Debug)]
pub struct Contribution {
    /// Its ordinal.
    pub org: u32,
    /// Its current value.
    pub current: Measure,
    /// Its base.
    pub base: Measure,
    /// In which periods it counts.
    pub presence: Presence,
    /// Its part of the change, in the base unit of the indicator.
    pub contribution: f64,
    /// Of a ratio: what its own rate moved, at its mean weight.
    pub rate_effect: Option<f64>,
    /// Of a ratio: what its weight moved, by how far its rate is from the whole's.
    pub mix_effect: Option<f64>,
}

/// A change taken apart.
#[derive(Clone, Debug)]
pub struct Decomposition {
    /// The current value of the whole.
    pub current: Measure,
    /// Its base.
    pub base: Measure,
    /// Its change.
    pub change: Change,
    /// One part an organisation directly below in either period, in the order of the tree.
    pub contributions: Vec<Contribution>,
    /// Current − base; `None` where one of them is missing.
    pub total: Option<f64>,
    /// What the parts do not explain: the whole reports a figure of its own.
    pub residual: Option<f64>,
}

/// Whether changes of `indicator` can be taken apart at all: sums and ratios of sums can.
#[must_use]
pub fn is_decomposable(indicator: &Indicator) -> bool {
    match indicator.kind {
        IndicatorKind::Ratio => indicator.over_orgs == OverOrgs::RatioOfSums,
        IndicatorKind::Derived => false,
        _ => indicator.over_orgs == OverOrgs::Sum,
    }
}

/// Takes a change apart; `None` for an indicator that is unknown or cannot be.
///
/// # Errors
/// [`Error::Plan`] when a chunk is not what it was built as.
pub fn decompose(data: Data<'_>, request: &DecomposeRequest) -> Result<Option<Decomposition>, Error> {
    let Some(indicator) = data
        .indicators
        .get(request.indicator)
        .filter(|one| is_decomposable(one))
    else {
        return Ok(None);
    };
    let recipe = Recipe::of(&data, indicator)?;
    let now = Window {
        neighbour: Some(request.base),
        ..Window::current(&data, request.period)
    };
    let then = Window {
        neighbour: Some(request.period),
        missing: Reason::BaseMissing,
        ..now.of(request.base)
    };
    let (current, base) = (now.measure(&recipe, request.org), then.measure(&recipe, request.org));
    let sides = [now, then].map(|window| (parts_of(&window, &recipe, request.org), window));
    let children: BTreeSet<u32> = sides.iter().flat_map(|(parts, _)| parts).copied().collect();
    let side = |(parts, window): &(BTreeSet<u32>, Window<'_>), child: u32| {
        // Who stood under another one then gave nothing to this whole.
        let is_part = parts.contains(&child) || data.tree.parent(child, Some(window.period)) == Some(request.org);
        if is_part {
            window.measure(&recipe, child)
        } else {
            window.absent(window.missing)
        }
    };
    let pairs: Vec<(u32, Measure, Measure)> = children
        .into_iter()
        .map(|child| (child, side(&sides[0], child), side(&sides[1], child)))
        .collect();
    let contributions = match indicator.parts {
        Some(_) => of_ratio(pairs),
        None => of_sum(pairs),
    };
    let series_break = Breaks::of(&recipe).between(data.tree, request.org, request.period, request.base, || {
        moved(
            data.tree,
            request.org,
            [request.period, request.base],
            [&current, &base],
        )
    });
    let total = current
        .value
        .zip(base.value)
        .map(|(now, then)| match indicator.is_rate {
            true => clean(points(&current, &base, now, then) / 100.0),
            false => subtract(clean(now), clean(then)),
        });
    let size = current.value.unwrap_or(0.0).abs() + base.value.unwrap_or(0.0).abs();
    let explained: f64 = contributions.iter().map(|part| part.contribution).sum();
    Ok(Some(Decomposition {
        change: explain(
            Change::between(indicator, &current, &base, series_break),
            data.tree,
            request.org,
            request.base,
        ),
        residual: total.map(|total| dustless(subtract(total, clean(explained)), &[total, explained, size])),
        total,
        contributions,
        current,
        base,
    }))
}

/// The organisations directly below `org`. One that became part of another and gave no figure itself is told by what was below it.
fn parts_of(window: &Window<'_>, recipe: &Recipe<'_>, org: u32) -> BTreeSet<u32> {
    let tree = window.data.tree;
    let mut parts = BTreeSet::new();
    let mut open = tree.parts(org, Some(window.period));
    while let Some(part) = open.pop() {
        let below = tree.parts(part, Some(window.period));
        let is_passed = tree.heir(part) != part && !below.is_empty();
        if is_passed && window.measure(recipe, part).reported_here.is_none() {
            open.extend(below);
        } else {
            parts.insert(part);
        }
    }
    parts
}

/// A rest that is only what adding binary fractions leaves is none.
fn dustless(rest: f64, beside: &[f64]) -> f64 {
    let size = beside.iter().fold(0.0, |size: f64, value| size.max(value.abs()));
    if rest.abs() <= size * 1e-12 { 0.0 } else { rest }
}

fn presence(current: bool, base: bool) -> Presence {
    match (current, base) {
        (true, true) => Presence::Both,
        (true, false) => Presence::Entered,
        (false, true) => Presence::Left,
        (false, false) => Presence::Absent,
    }
}

/// Differences of the values; one that is only in one period counts as a whole.
fn of_sum(pairs: Vec<(u32, Measure, Measure)>) -> Vec<Contribution> {
    let part = |(org, current, base): (u32, Measure, Measure)| Contribution {
        org,
        presence: presence(current.value.is_some(), base.value.is_some()),
        contribution: subtract(clean(current.value.unwrap_or(0.0)), clean(base.value.unwrap_or(0.0))),
        rate_effect: None,
        mix_effect: None,
        current,
        base,
    };
    pairs.into_iter().map(part).collect()
}

/// Numerator and denominator of one side, where both are there.
fn parts(measure: &Measure) -> Option<(f64, f64)> {
    measure.numerator.zip(measure.denominator)
}

/// Rate and mix effects at mid-point weights: Δ(w·r) = w̄·Δr + r̄·Δw, and the whole's mean rate may be taken from r̄ because the weights sum to 1.
fn of_ratio(pairs: Vec<(u32, Measure, Measure)>) -> Vec<Contribution> {
    let add = |sum: (f64, f64), part: (f64, f64)| (sum.0 + part.0, sum.1 + part.1);
    let now = pairs
        .iter()
        .filter_map(|(_, current, _)| parts(current))
        .fold((0.0, 0.0), add);
    let then = pairs
        .iter()
        .filter_map(|(_, _, base)| parts(base))
        .fold((0.0, 0.0), add);
    let whole_rate = |(top, bottom): (f64, f64)| if bottom == 0.0 { 0.0 } else { top / bottom };
    let mean = f64::midpoint(whole_rate(now), whole_rate(then));
    let effect = |(org, current, base): (u32, Measure, Measure)| {
        let rate = |side: Option<(f64, f64)>| {
            side.filter(|(_, bottom)| *bottom != 0.0)
                .map(|(top, bottom)| top / bottom)
        };
        let weight = |side: Option<(f64, f64)>, whole: (f64, f64)| match side {
            Some((_, bottom)) if whole.1 != 0.0 => bottom / whole.1,
            _ => 0.0,
        };
        let (after, before) = (parts(&current), parts(&base));
        let (w_now, w_then) = (weight(after, now), weight(before, then));
        let share = |side: Option<(f64, f64)>, whole: (f64, f64)| match side {
            Some((top, _)) if whole.1 != 0.0 => top / whole.1,
            _ => 0.0,
        };
        let contribution = share(after, now) - share(before, then) - mean * (w_now - w_then);
        // Who comes, goes or has nothing to divide by has no rate that could have moved.
        let rate_effect = match (rate(after), rate(before)) {
            (Some(r_now), Some(r_then)) => f64::midpoint(w_now, w_then) * (r_now - r_then),
            _ => 0.0,
        };
        Contribution {
            org,
            presence: presence(after.is_some(), before.is_some()),
            contribution,
            rate_effect: Some(rate_effect),
            mix_effect: Some(contribution - rate_effect),
            current,
            base,
        }
    };
    pairs.into_iter().map(effect).collect()
}
