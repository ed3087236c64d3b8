//! One stored indicator ready to be read, and what it holds for an organisation and a window. This is the innermost loop of every answer: rows are found by
//! arithmetic and read in order; no plan is made and nothing is allocated.

use super::own::{Basis, LENGTHS, Own, Parts, assembled, exact, gaps};
use super::window::Window;
use crate::error::Error;
use crate::fact::{Cell, Cut, FactStore, Rows, Seek, State};
use crate::flag::Flags;
use crate::indicator::{Indicator, OverTime};
use crate::period::Period;
use crate::status::Status;

/// One stored indicator.
#[derive(Clone, Copy)]
pub(super) struct Series<'a> {
    pub(super) indicator: &'a Indicator,
    rows: Rows<'a>,
    seek: Option<&'a Seek>,
    longest: i32,
    cuts: &'a [Cut],
}

impl<'a> Series<'a> {
    /// The figures of `indicator`; empty where it has none.
    pub(super) fn of(store: &'a FactStore, indicator: &'a Indicator) -> Result<Self, Error> {
        Ok(match store.chunk(indicator.id) {
            Some(chunk) => Self {
                indicator,
                rows: chunk.rows()?,
                seek: Some(chunk.seek()),
                longest: chunk.longest(),
                cuts: chunk.cuts(),
            },
            None => Self {
                indicator,
                rows: Rows::default(),
                seek: None,
                longest: 0,
                cuts: &[],
            },
        })
    }

    /// The figures that cut the series of their organisations.
    pub(super) fn cuts(&self) -> &'a [Cut] {
        self.cuts
    }

    /// The organisations that have any figure, ascending.
    pub(super) fn orgs(&self) -> &'a [u32] {
        self.seek.map_or(&[], Seek::orgs)
    }

    /// All figures of an organisation, breakdowns included.
    pub(super) fn cells(&self, org: u32) -> impl Iterator<Item = Cell> + use<'a> {
        let rows = self.rows;
        let all = self.seek.map_or(0..0, |seek| seek.all(org));
        all.filter_map(move |row| rows.cell(row))
    }

    /// The figure in `row`.
    pub(super) fn cell(&self, row: usize) -> Option<Cell> {
        self.rows.cell(row)
    }

    /// The own value of `org` in the window, by the indicator's rule over time.
    #[inline]
    pub(super) fn own(&self, window: &Window<'_>, org: u32) -> Own {
        self.own_by(self.indicator.over_time, window, org)
    }

    /// The own value of `org` in the window, by `rule`.
    pub(super) fn own_by(&self, rule: OverTime, window: &Window<'_>, org: u32) -> Own {
        let (first, last) = (window.period.start_month(), window.period.end_month());
        if let Some(own) = self.twelve_months(rule, window, org) {
            return own;
        }
        let Some((totals, from)) = self.seek.and_then(|seek| seek.totals_from(org, first)) else {
            return Own::absent(window.missing);
        };
        let rows = from..totals.end;
        let (Some(starts), Some(lengths), Some(values), Some(states)) = (
            self.rows.start.get(rows.clone()),
            self.rows.months.get(rows.clone()),
            self.rows.value.get(rows.clone()),
            self.rows.state.get(rows),
        ) else {
            return Own::absent(window.missing);
        };
        let mut parts = [Parts::default(); 3];
        let (mut said, mut other) = (None, false);
        for (place, (((&start, &months), &value), &state)) in
            starts.iter().zip(lengths).zip(values).zip(states).enumerate()
        {
            if start > last {
                break;
            }
            if start == first && months == window.period.months() {
                if State::unpack_status(state) != Status::Missing {
                    return exact(from + place, value, state, window.missing);
                }
                said = Some(from + place);
                continue;
            }
            let end = start + months - 1;
            if end < first {
                continue;
            }
            let has_value = State::has_value(state);
            other |= has_value;
            let slot = match months {
                6 => 0,
                3 => 1,
                1 => 2,
                _ => continue,
            };
            if start < first || end > last || start % months != 0 {
                continue;
            }
            if !has_value {
                parts[slot].say(State::unpack_status(state), end == last);
                continue;
            }
            parts[slot].add(value, state);
            if end == last {
                parts[slot].last = Some(from + place);
            }
        }
        for (length, parts) in LENGTHS.into_iter().zip(&parts) {
            if parts.count > 0
                && window.is_tiled_by(length)
                && let Some(own) = self.put_together(rule, window, length, parts)
            {
                return own;
            }
        }
        other = other || self.reaches_in(totals.start..from, first);
        gaps(rule, window, &parts, said, other)
    }

    /// A year put together from its twelve months: by far the most of what is rolled up, and found without a look at any period. `None` where a month has no number.
    #[inline]
    fn twelve_months(&self, rule: OverTime, window: &Window<'_>, org: u32) -> Option<Own> {
        let first = window.period.start_month();
        if window.period.months() != 12 || first % 12 != 0 {
            return None;
        }
        let (rows, is_plain) = self.seek?.twelve_months(org, first)?;
        let values = self.rows.value.get(rows.clone())?;
        let (mut flags, mut statuses) = (Flags::NONE, 1 << Status::Normal as u32);
        if !is_plain {
            let states = self.rows.state.get(rows)?;
            let used = if rule == OverTime::Last {
                states.get(11..)?
            } else {
                states
            };
            for state in used {
                if !State::has_value(*state) {
                    return None;
                }
                flags = flags.union(State::unpack_flags(*state));
                statuses |= 1 << State::unpack_status(*state) as u32;
            }
        }
        let sum = || values.iter().fold(0.0, |sum, value| sum + value);
        let (value, months) = match rule {
            OverTime::Sum => (sum(), 12),
            OverTime::Mean => (sum() / 12.0, 12),
            OverTime::Last => (*values.last()?, 1),
            OverTime::None => return None,
        };
        Some(assembled(value, flags, statuses, [months; 2], 1))
    }

    /// The value that parts of one length give; `None` where they are not complete.
    fn put_together(&self, rule: OverTime, window: &Window<'_>, length: i32, parts: &Parts) -> Option<Own> {
        let whole = window.period.months() / length;
        let (value, flags, statuses, present, expected) = match rule {
            OverTime::Sum if parts.count == whole => (parts.sum, parts.flags, parts.statuses, parts.count, whole),
            OverTime::Mean if parts.count == whole => {
                let mean = parts.sum / f64::from(parts.count);
                (mean, parts.flags, parts.statuses, parts.count, whole)
            }
            OverTime::Last => {
                let cell = self.rows.cell(parts.last?)?;
                (cell.value?, cell.state.flags, 1 << cell.state.status as u32, 1, 1)
            }
            _ => return None,
        };
        let parts = [present.unsigned_abs(), expected.unsigned_abs()];
        Some(assembled(value, flags, statuses, parts, length))
    }

    /// Whether a figure that begins before the window reaches into it.
    fn reaches_in(&self, earlier: std::ops::Range<usize>, first: i32) -> bool {
        for row in earlier.rev() {
            let (Some(start), Some(months), Some(state)) = (
                self.rows.start.get(row),
                self.rows.months.get(row),
                self.rows.state.get(row),
            ) else {
                return false;
            };
            if start + self.longest <= first {
                return false;
            }
            if State::has_value(*state) && start + months > first {
                return true;
            }
        }
        false
    }

    /// The figures that are parts of `length` months of the window.
    fn parts_of(&self, window: &Window<'_>, org: u32, length: i32) -> impl Iterator<Item = Cell> + use<'a> {
        let period = window.period;
        self.cells(org).filter(move |cell| {
            cell.breakdown == 0
                && cell.months == length
                && cell.value.is_some()
                && cell.start % length == 0
                && cell.start >= period.start_month()
                && cell.start + length - 1 <= period.end_month()
        })
    }

    /// The parts of `length` months that are not there.
    pub(super) fn missing_parts(&self, window: &Window<'_>, org: u32, length: i32) -> Vec<Period> {
        let present: Vec<Cell> = self.parts_of(window, org, length).collect();
        let is_there = |part: &Period| present.iter().any(|cell| cell.is_for(*part));
        window.period.parts(length).filter(|part| !is_there(part)).collect()
    }

    /// The figures that `own` rests on.
    pub(super) fn cited(&self, rule: OverTime, window: &Window<'_>, org: u32, own: &Own) -> Vec<Cell> {
        match own.basis {
            Basis::Nothing => Vec::new(),
            Basis::Exact(row) => self.cell(row).into_iter().collect(),
            Basis::Parts(length) if rule == OverTime::Last => {
                let last = window.period.end_month();
                let ends = |cell: &Cell| cell.start + cell.months - 1 == last;
                self.parts_of(window, org, length).filter(ends).collect()
            }
            Basis::Parts(length) | Basis::Gaps(length) => self.parts_of(window, org, length).collect(),
        }
    }
}
