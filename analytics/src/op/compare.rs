//! Two values side by side for every indicator and organisation asked for.

use std::collections::{BTreeSet, HashSet};

use super::data::Data;
use super::matched::matched;
use super::resolve::measure;
use super::select::{Selection, select};
use super::window::Window;
use crate::change::Change;
use crate::error::Error;
use crate::flag::Flag;
use crate::indicator::Indicator;
use crate::measure::{Coverage, Measure};
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;
use crate::trend::median;

/// What the current value is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// Another period; `None` where there is none, as the adjacent period of a span.
    Period(Option<Period>),
    /// So many years earlier, told as the growth of an average year.
    AverageGrowth(u8),
    /// The organisation directly above, in the same period.
    Parent,
    /// The median of the organisations of the same level under the same parent, in the same period.
    Peers,
}

/// Which organisations below are taken into rolled-up values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparability {
    /// Those of each period.
    All,
    /// Those that have figures in both periods (可比口径).
    Matched,
}

/// What is to be compared.
#[derive(Clone, Debug)]
pub struct Request {
    /// Keys of the indicators, in the order of the answer.
    pub indicators: Vec<i64>,
    /// Ordinals of the organisations, in the order of the answer.
    pub orgs: Vec<u32>,
    /// The current period.
    pub period: Period,
    /// What it is held against.
    pub baseline: Baseline,
    /// Which organisations below are taken in.
    pub comparability: Comparability,
    /// Give the numbers of a change across a break as well; its reason stays.
    pub across_breaks: bool,
}

impl Request {
    /// The base period, where the baseline is another period.
    #[must_use]
    pub fn base_period(&self) -> Option<Period> {
        match self.baseline {
            Baseline::Period(period) => period,
            Baseline::AverageGrowth(years) => self.period.shift_years(-i32::from(years)),
            Baseline::Parent | Baseline::Peers => None,
        }
    }
}

/// One cell of the grid asked for. It is there whether or not its numbers are.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Key of the indicator.
    pub indicator: i64,
    /// Ordinal of the organisation.
    pub org: u32,
    /// The current value.
    pub current: Measure,
    /// The base value.
    pub base: Measure,
    /// From base to current.
    pub change: Change,
    /// Ordinals of the organisations that a like-for-like comparison left out.
    pub dropped: Vec<u32>,
}

/// Compares as asked, one row an indicator and organisation, indicators first.
///
/// # Errors
/// [`Error::Plan`] when the engine refuses the plan; an unknown key is no error, its row is missing from the catalogue and left out.
pub fn compare(data: Data<'_>, request: &Request) -> Result<Vec<Comparison>, Error> {
    let windows: Vec<Period> = std::iter::once(request.period).chain(request.base_period()).collect();
    let read = data.indicators.closure(&request.indicators);
    let selection = select(data.store, &read, &territory(&data, request, &windows), &windows)?;
    let sides = Sides {
        data: &data,
        selection: &selection,
        request,
    };
    let mut rows = Vec::with_capacity(request.indicators.len() * request.orgs.len());
    for indicator in request.indicators.iter().filter_map(|id| data.indicators.get(*id)) {
        for org in &request.orgs {
            rows.push(sides.row(indicator, *org)?);
        }
    }
    Ok(rows)
}

/// Everything that may be read: the organisations asked for, what is below them, and for some baselines what is beside and above.
fn territory(data: &Data<'_>, request: &Request, windows: &[Period]) -> Vec<u32> {
    let mut tops: BTreeSet<u32> = request.orgs.iter().copied().collect();
    for org in &request.orgs {
        match request.baseline {
            Baseline::Parent => tops.extend(data.tree.parent(*org, Some(request.period))),
            Baseline::Peers => tops.extend(data.tree.peers(*org, request.period)),
            Baseline::Period(_) | Baseline::AverageGrowth(_) => {}
        }
    }
    let mut all = BTreeSet::new();
    for org in tops {
        // What is below an organisation that was taken in already is in as well.
        if all.insert(org) || windows.len() > 1 {
            all.extend(windows.iter().flat_map(|window| data.tree.below(org, Some(*window))));
        }
    }
    all.into_iter().collect()
}

/// Both sides of a comparison under way.
struct Sides<'a> {
    data: &'a Data<'a>,
    selection: &'a Selection,
    request: &'a Request,
}

impl<'a> Sides<'a> {
    fn window(&self, index: usize, period: Period, missing: Reason) -> Window<'a> {
        Window {
            data: self.data,
            selection: self.selection,
            index,
            period,
            missing,
        }
    }

    fn row(&self, indicator: &Indicator, org: u32) -> Result<Comparison, Error> {
        let now = self.window(0, self.request.period, Reason::CurrentMissing);
        let mut dropped = Vec::new();
        let mut current = measure(&now, indicator, org)?;
        let mut base = self.base(indicator, org)?;
        let mut series_break = None;
        if let Some(period) = self.request.base_period() {
            let then = self.window(1, period, Reason::BaseMissing);
            if self.request.comparability == Comparability::Matched
                && let Some(pair) = matched(&now, &then, indicator, org)?
            {
                (current, base, dropped) = (pair.current, pair.base, pair.dropped);
            }
            series_break = self.break_between(indicator, org, period)?;
        }
        let cut = series_break.filter(|_| !self.request.across_breaks);
        let mut change = Change::between(indicator, &current, &base, cut);
        if let Some(reason) = series_break.filter(|_| change.direction.is_some()) {
            change.reason = reason;
        }
        let change = match self.request.baseline {
            Baseline::AverageGrowth(years) => change.a_year(current.value, base.value, years),
            _ => change,
        };
        Ok(Comparison {
            indicator: indicator.id,
            org,
            current,
            base,
            change,
            dropped,
        })
    }

    fn base(&self, indicator: &Indicator, org: u32) -> Result<Measure, Error> {
        let here = self.window(0, self.request.period, Reason::BaseMissing);
        match self.request.baseline {
            Baseline::Parent => match self.data.tree.parent(org, Some(self.request.period)) {
                Some(parent) => measure(&here, indicator, parent),
                None => Ok(here.absent(Reason::BaseMissing)),
            },
            Baseline::Peers => peers(&here, indicator, org),
            Baseline::Period(_) | Baseline::AverageGrowth(_) => match self.request.base_period() {
                Some(period) => measure(&self.window(1, period, Reason::BaseMissing), indicator, org),
                None => Ok(Measure::absent(None, Reason::PeriodMismatch)),
            },
        }
    }

    /// Whether the definition or the boundary changed after the earlier of two periods began and before the later one ended.
    fn break_between(&self, indicator: &Indicator, org: u32, base: Period) -> Result<Option<Reason>, Error> {
        let (data, period) = (self.data, self.request.period);
        let (early, late) = if period <= base { (period, base) } else { (base, period) };
        let between = |month: i32| early.start_month() < month && month <= late.end_month();
        let tracked = data.indicators.closure(&[indicator.id]);
        let defined = |indicator: &Indicator| indicator.breaks.iter().any(|month| between(*month));
        if tracked.iter().filter_map(|id| data.indicators.get(*id)).any(defined) {
            return Ok(Some(Reason::DefinitionChanged));
        }
        let mut flags = HashSet::new();
        for chunk in tracked
            .iter()
            .filter_map(|id| data.store.chunk(*id))
            .filter(|chunk| chunk.has_breaks())
        {
            let below = data.tree.below(org, Some(late));
            for org in std::iter::once(org).chain(below) {
                let cells = chunk
                    .cells(org)?
                    .filter(|cell| cell.breakdown == 0 && between(cell.start));
                flags.extend(cells.flat_map(|cell| cell.state.flags.iter().collect::<Vec<_>>()));
            }
        }
        Ok(if flags.contains(&Flag::Break) || flags.contains(&Flag::ScopeChanged) {
            Some(Reason::DefinitionChanged)
        } else if flags.contains(&Flag::BoundaryChanged) || data.tree.boundary_changed(org, early, late) {
            Some(Reason::BoundaryChanged)
        } else {
            None
        })
    }
}

/// The median of the peers that have a value.
fn peers(window: &Window<'_>, indicator: &Indicator, org: u32) -> Result<Measure, Error> {
    let (mut values, mut missing_orgs) = (Vec::new(), Vec::new());
    for peer in window.data.tree.peers(org, window.period) {
        match measure(window, indicator, peer)?.value {
            Some(value) => values.push(value),
            None => missing_orgs.push(peer),
        }
    }
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let coverage = Coverage {
        present: count(values.len()),
        expected: count(values.len() + missing_orgs.len()),
        missing_orgs,
        ..Coverage::single(false)
    };
    let value = median(&mut values);
    let status = if value.is_some() {
        Status::Normal
    } else {
        Status::Missing
    };
    let reason = value.is_none().then_some(Reason::BaseMissing);
    Ok(Measure {
        value,
        status,
        coverage,
        reason,
        ..window.absent(Reason::BaseMissing)
    })
}
