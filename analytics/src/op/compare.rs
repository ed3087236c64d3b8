//! Two values side by side for every indicator and organisation asked for.

use std::collections::HashMap;

use super::cut::{Breaks, explain, is_own};
use super::data::Data;
use super::lineage::Cited;
use super::matched::matched;
use super::recipe::Recipe;
use super::series::Series;
use super::window::{Window, carried};
use crate::change::Change;
use crate::error::Error;
use crate::flag::{Flag, Flags};
use crate::indicator::{Indicator, OverOrgs, OverTime};
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
    /// The target set for the same organisation and period.
    Target,
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
            Baseline::Target | Baseline::Parent | Baseline::Peers => None,
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
    /// Whether both sides were put together from the same organisations.
    pub matched: bool,
    /// Ordinals of the organisations that a like-for-like comparison left out.
    pub dropped: Vec<u32>,
}

/// The stored figures under both values of a row.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// Under the current value.
    pub current: Vec<Cited>,
    /// Under the base.
    pub base: Vec<Cited>,
}

/// Which of the two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Current,
    Base,
}

/// Compares as asked, one row an indicator and organisation, indicators first.
///
/// # Errors
/// [`Error::Plan`] when a chunk is not what it was built as; an unknown key is no error, its row is missing from the catalogue and left out.
pub fn compare(data: Data<'_>, request: &Request) -> Result<Vec<Comparison>, Error> {
    let sides = Sides::new(&data, request);
    let mut rows = Vec::with_capacity(request.indicators.len() * request.orgs.len());
    for indicator in request.indicators.iter().filter_map(|id| data.indicators.get(*id)) {
        let lane = Lane::new(&sides, indicator)?;
        let orgs = request.orgs.iter().zip(&sides.moved);
        rows.extend(orgs.map(|(org, moved)| lane.row(*org, *moved)));
    }
    Ok(rows)
}

/// The stored figures under both sides of each of `rows`, which [`compare`] gave for `request`.
///
/// # Errors
/// As [`compare`].
pub fn lineage(data: Data<'_>, request: &Request, rows: &[Comparison]) -> Result<Vec<Lineage>, Error> {
    let sides = Sides::new(&data, request);
    let mut found = Vec::with_capacity(rows.len());
    for rows in rows.chunk_by(|one, other| one.indicator == other.indicator) {
        let lane = match rows.first().and_then(|row| data.indicators.get(row.indicator)) {
            Some(indicator) => Lane::new(&sides, indicator)?,
            None => continue,
        };
        found.extend(rows.iter().map(|row| Lineage {
            current: lane.lineage(row, Side::Current),
            base: lane.lineage(row, Side::Base),
        }));
    }
    Ok(found)
}

/// What is the same for all rows.
struct Sides<'a> {
    data: &'a Data<'a>,
    request: &'a Request,
    now: Window<'a>,
    then: Option<Window<'a>>,
    /// By organisation asked for: whether its boundary changed between the periods.
    moved: Vec<Moved>,
}

/// Whether the boundary of an organisation changed between the periods.
#[derive(Clone, Copy)]
struct Moved {
    /// In the tree of the question.
    here: bool,
    /// In the tree as reported, whose boundary figures of its own have.
    reported: bool,
}

impl<'a> Sides<'a> {
    fn new(data: &'a Data<'a>, request: &'a Request) -> Self {
        let base = request.base_period();
        let now = Window {
            neighbour: base.or(request.period.previous_year()),
            ..Window::current(data, request.period)
        };
        let then = base.map(|period| Window {
            neighbour: Some(request.period),
            missing: Reason::BaseMissing,
            ..now.of(period)
        });
        let moved = |org: &u32| Moved {
            here: base.is_some_and(|base| data.tree.boundary_changed(*org, request.period, base)),
            reported: base.is_some_and(|base| data.tree.reported_boundary_changed(*org, request.period, base)),
        };
        Self {
            data,
            request,
            now,
            then,
            moved: request.orgs.iter().map(moved).collect(),
        }
    }

    /// The current period as a base.
    fn beside(&self) -> Window<'a> {
        Window {
            missing: Reason::BaseMissing,
            ..self.now
        }
    }
}

/// A value that counts in the median of peers.
#[derive(Clone, Copy)]
struct Peer {
    value: f64,
    status: Status,
    flags: Flags,
}

impl Peer {
    /// That of a measure; none where it is not there, or is a sum that lacks some and is too small to stand beside whole ones.
    fn of(indicator: &Indicator, measure: &Measure) -> Option<Self> {
        let is_cut = indicator.over_orgs == OverOrgs::Sum && measure.flags.contains(Flag::Incomplete);
        Some(Self {
            value: measure.value.filter(|_| !is_cut)?,
            status: measure.status,
            flags: measure.flags.union(carried(measure.status)),
        })
    }
}

/// One indicator under comparison.
struct Lane<'a> {
    sides: &'a Sides<'a>,
    recipe: Recipe<'a>,
    breaks: Breaks<'a>,
    targets: Series<'a>,
    /// The values of the organisations that are peers of those asked for.
    peers: HashMap<u32, Option<Peer>>,
}

impl<'a> Lane<'a> {
    fn new(sides: &'a Sides<'a>, indicator: &'a Indicator) -> Result<Self, Error> {
        let recipe = Recipe::of(sides.data, indicator)?;
        let mut lane = Self {
            breaks: Breaks::of(&recipe),
            targets: Series::of(sides.data.targets, indicator)?,
            recipe,
            sides,
            peers: HashMap::new(),
        };
        if sides.request.baseline == Baseline::Peers {
            let window = sides.beside();
            for org in &sides.request.orgs {
                for peer in sides.data.tree.peers(*org, sides.request.period) {
                    let recipe = &lane.recipe;
                    let value = || Peer::of(indicator, &window.measure(recipe, peer));
                    lane.peers.entry(peer).or_insert_with(value);
                }
            }
        }
        Ok(lane)
    }

    fn row(&self, org: u32, moved: Moved) -> Comparison {
        let (sides, request) = (self.sides, self.sides.request);
        let indicator = self.recipe.indicator;
        let pair = match (&sides.then, request.comparability) {
            (Some(then), Comparability::Matched) => matched(&sides.now, then, &self.recipe, org),
            _ => None,
        };
        let is_matched = pair.is_some();
        let (current, base, dropped) = match pair {
            Some(pair) => (pair.current, pair.base, pair.dropped),
            None => (sides.now.measure(&self.recipe, org), self.base(org), Vec::new()),
        };
        let moved = moved.here || (moved.reported && (is_own(&current) || is_own(&base)));
        let series_break = request.base_period().and_then(|base| {
            self.breaks
                .between(sides.data.tree, org, request.period, base, || moved)
        });
        let cut = series_break.filter(|_| !request.across_breaks);
        let mut change = Change::between(indicator, &current, &base, cut);
        if let Some(reason) = series_break.filter(|_| change.direction.is_some()) {
            change.reason = reason;
        }
        let change = match request.baseline {
            Baseline::Period(_) => self.explained(change, org),
            Baseline::AverageGrowth(years) => self.explained(change, org).a_year(years),
            Baseline::Target | Baseline::Parent | Baseline::Peers => change.untested(),
        };
        Comparison {
            indicator: indicator.id,
            org,
            current,
            base,
            change,
            matched: is_matched,
            dropped,
        }
    }

    fn explained(&self, change: Change, org: u32) -> Change {
        match self.sides.request.base_period() {
            Some(base) => explain(change, self.sides.data.tree, org, base),
            None => change,
        }
    }

    fn base(&self, org: u32) -> Measure {
        let (sides, here) = (self.sides, self.sides.beside());
        match sides.request.baseline {
            Baseline::Target => {
                let own = self.targets.own_by(OverTime::None, &here, org);
                here.told(&self.targets, org, &own)
            }
            Baseline::Parent => match sides.data.tree.parent(org, Some(sides.request.period)) {
                Some(parent) => here.measure(&self.recipe, parent),
                None => here.absent(Reason::BaseMissing),
            },
            Baseline::Peers => self.median_of_peers(&here, org),
            Baseline::Period(_) | Baseline::AverageGrowth(_) => match &sides.then {
                Some(then) => then.measure(&self.recipe, org),
                None => Measure::absent(None, Reason::PeriodMismatch),
            },
        }
    }

    /// The median of the peers that have a value.
    fn median_of_peers(&self, window: &Window<'_>, org: u32) -> Measure {
        let (mut values, mut missing_orgs) = (Vec::new(), Vec::new());
        let (mut status, mut flags) = (Status::Normal, Flags::NONE);
        for peer in window.data.tree.peers(org, window.period) {
            match self.peers.get(&peer).copied().flatten() {
                Some(peer) => {
                    values.push(peer.value);
                    status = Status::quotient(status, peer.status);
                    flags = flags.union(peer.flags);
                }
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
        let absent = window.absent(Reason::BaseMissing);
        match median(&mut values) {
            Some(value) => Measure {
                value: Some(value),
                status,
                flags: if coverage.is_complete() {
                    flags
                } else {
                    flags.with(Flag::Incomplete)
                },
                coverage,
                reason: None,
                ..absent
            },
            None => Measure { coverage, ..absent },
        }
    }

    fn lineage(&self, row: &Comparison, side: Side) -> Vec<Cited> {
        let (sides, org) = (self.sides, row.org);
        let window = match (side, &sides.then) {
            (Side::Current, _) => sides.now,
            (Side::Base, Some(then)) => *then,
            (Side::Base, None) => sides.beside(),
        };
        if row.matched {
            return window.lineage_below(&self.recipe, org, &row.dropped);
        }
        match (side, sides.request.baseline) {
            (Side::Base, Baseline::Target) => Vec::new(),
            (Side::Base, Baseline::Parent) => {
                let parent = sides.data.tree.parent(org, Some(sides.request.period));
                parent.map_or_else(Vec::new, |parent| window.lineage(&self.recipe, parent))
            }
            (Side::Base, Baseline::Peers) => {
                let peers = sides.data.tree.peers(org, sides.request.period).into_iter();
                peers.flat_map(|peer| window.lineage(&self.recipe, peer)).collect()
            }
            (Side::Base, _) if sides.then.is_none() => Vec::new(),
            _ => window.lineage(&self.recipe, org),
        }
    }
}
