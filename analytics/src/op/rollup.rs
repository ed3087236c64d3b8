//! What the organisations below give together: each counts with its own figure, or where it has none with what is below it.

use smallvec::SmallVec;

use super::own::Own;
use super::series::Series;
use super::window::{Window, carried};
use crate::flag::{Flag, Flags};
use crate::indicator::OverOrgs;
use crate::measure::{Coverage, Measure};
use crate::reason::Reason;
use crate::status::Status;

/// The values of one organisation; a ratio has two inputs.
type Scratch = SmallVec<[Own; 2]>;

/// No tree of offices is deeper; a circle that existed in the past must not hold the walk.
const DEEPEST: u32 = 32;

/// Takes what is found below.
pub(super) trait Sink {
    /// An organisation that counts, with one value an input.
    fn unit(&mut self, org: u32, own: &[Own]);
    /// An organisation that should count and does not: it has none or only some of the inputs.
    fn missing(&mut self, org: u32, own: &[Own]);
}

/// The sums over what is below, for one input or the two of a ratio.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    units: u32,
    sum: [f64; 2],
    max: [f64; 2],
    status: Status,
    flags: Flags,
    missing: Vec<u32>,
    half: Vec<u32>,
    /// Whether one of those that are missing has figures for other months.
    other: bool,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            units: 0,
            sum: [0.0; 2],
            max: [f64::NEG_INFINITY; 2],
            status: Status::Normal,
            flags: Flags::NONE,
            missing: Vec::new(),
            half: Vec::new(),
            other: false,
        }
    }
}

impl Sink for Tally {
    #[inline]
    fn unit(&mut self, _: u32, own: &[Own]) {
        self.units += 1;
        for (index, own) in own.iter().enumerate().take(2) {
            let value = own.value.unwrap_or(0.0);
            self.sum[index] += value;
            self.max[index] = self.max[index].max(value);
            self.status = self.status.sum(own.status);
            self.flags = self.flags.union(own.flags).union(carried(own.status));
        }
    }

    fn missing(&mut self, org: u32, own: &[Own]) {
        self.missing.push(org);
        if own.iter().any(|own| own.value.is_some()) {
            self.half.push(org);
        }
        self.other |= own.iter().any(|own| own.reason == Some(Reason::PeriodMismatch));
    }
}

impl Tally {
    /// Whether nobody counts.
    pub(super) fn is_empty(&self) -> bool {
        self.units == 0
    }

    /// The figures of input `index`, put together by `rule`; `None` where nobody has any.
    pub(super) fn together(&self, index: usize, rule: OverOrgs) -> Option<f64> {
        if self.is_empty() {
            return None;
        }
        match rule {
            OverOrgs::None => None,
            OverOrgs::Max => Some(self.max[index]),
            OverOrgs::Sum | OverOrgs::RatioOfSums => Some(self.sum[index]),
            OverOrgs::Mean => Some(self.sum[index] / f64::from(self.units)),
        }
    }

    /// Why nobody counts: who should has figures for other months, or `missing` ones.
    pub(super) fn reason(&self, missing: Reason) -> Reason {
        if self.other { Reason::PeriodMismatch } else { missing }
    }

    /// Everything but the value of what was put together from below.
    pub(super) fn into_frame(self, window: &Window<'_>) -> Measure {
        let missing = u32::try_from(self.missing.len()).unwrap_or(u32::MAX);
        let coverage = Coverage {
            present: self.units,
            expected: self.units.saturating_add(missing),
            missing: Vec::new(),
            missing_orgs: self.missing,
            half_orgs: self.half,
        };
        let flags = self.flags.with(Flag::RolledUp);
        Measure {
            status: if self.units == 0 { Status::Missing } else { self.status },
            flags: if coverage.is_complete() {
                flags
            } else {
                flags.with(Flag::Incomplete)
            },
            coverage,
            reason: None,
            ..window.absent(window.missing)
        }
    }
}

impl Window<'_> {
    /// Walks what is below `org` in this window's period. With `summed` a branch counts with what is below it wherever there is anything.
    pub(super) fn gather(&self, inputs: &[Series<'_>], summed: bool, org: u32, sink: &mut impl Sink) {
        let mut scratch = SmallVec::new();
        self.walk(inputs, summed, org, 0, &mut scratch, sink);
    }

    /// The sums over what is below `org`.
    pub(super) fn tally(&self, inputs: &[Series<'_>], summed: bool, org: u32) -> Tally {
        let mut tally = Tally::default();
        self.gather(inputs, summed, org, &mut tally);
        tally
    }

    /// The sums over `orgs` side by side.
    pub(super) fn tally_of(&self, inputs: &[Series<'_>], summed: bool, orgs: &[u32]) -> Tally {
        let mut tally = Tally::default();
        self.gather_from(inputs, summed, orgs, &mut tally);
        tally
    }

    /// Walks `orgs` side by side and what is below them.
    pub(super) fn gather_from(&self, inputs: &[Series<'_>], summed: bool, orgs: &[u32], sink: &mut impl Sink) {
        self.each(inputs, summed, orgs.iter().copied(), 0, &mut SmallVec::new(), sink);
    }

    fn walk(
        &self,
        inputs: &[Series<'_>],
        summed: bool,
        org: u32,
        depth: u32,
        scratch: &mut Scratch,
        sink: &mut impl Sink,
    ) {
        if depth > DEEPEST {
            return;
        }
        // Only who is asked for takes in what is counted elsewhere from above.
        let asides = (depth == 0).then(|| self.data.tree.asides(org, Some(self.period)));
        let children = self.data.tree.children(org, Some(self.period));
        let children = children.chain(asides.into_iter().flatten());
        self.each(inputs, summed, children, depth, scratch, sink);
    }

    /// Each of `orgs` with its own figures, or where it has none with what is below it.
    fn each(
        &self,
        inputs: &[Series<'_>],
        summed: bool,
        orgs: impl Iterator<Item = u32>,
        depth: u32,
        scratch: &mut Scratch,
        sink: &mut impl Sink,
    ) {
        for child in orgs {
            scratch.clear();
            scratch.extend(inputs.iter().map(|series| series.own(self, child)));
            let there = scratch.iter().filter(|own| own.value.is_some()).count();
            let is_whole = there == inputs.len();
            if is_whole && !(summed && self.anything_below(inputs, child, depth + 1)) {
                sink.unit(child, scratch);
                continue;
            }
            // What is withheld is not opened by adding up what is below it; what cannot exist is not missing.
            let says = |status: Status| scratch.iter().any(|own| own.status == status);
            if says(Status::NotApplicable) {
                continue;
            }
            let withheld = says(Status::Suppressed);
            let is_leaf = self.data.tree.children(child, Some(self.period)).next().is_none();
            if !withheld && !is_leaf {
                self.walk(inputs, summed, child, depth + 1, scratch, sink);
            } else if there > 0 || withheld || !self.data.tree.is_optional(child) {
                sink.missing(child, scratch);
            }
        }
    }

    /// Whether anybody counts below: as [`Self::each`] looks for them.
    fn anything_below(&self, inputs: &[Series<'_>], org: u32, depth: u32) -> bool {
        depth <= DEEPEST
            && self.data.tree.children(org, Some(self.period)).any(|child| {
                let own = || inputs.iter().map(|series| series.own(self, child));
                let is_silent = |own: Own| own.status.is_silent();
                own().all(|own| own.value.is_some())
                    || (!own().any(is_silent) && self.anything_below(inputs, child, depth + 1))
            })
    }
}
