//! An organisation's own value in a window: as reported, put together from its parts, or why there is none.

use super::window::{Window, carried};
use crate::fact::State;
use crate::flag::{Flag, Flags};
use crate::indicator::OverTime;
use crate::reason::Reason;
use crate::status::Status;

/// Lengths of the parts that a window can be put together from: half-years, quarters, months.
pub(super) const LENGTHS: [i32; 3] = [6, 3, 1];

/// What an organisation's own value rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// Nothing.
    Nothing,
    /// The figure for just the window, in this row.
    Exact(usize),
    /// All parts of this length, or for a stock the last one.
    Parts(i32),
    /// Some parts of this length; they make no value.
    Gaps(i32),
}

/// An organisation's own value: as reported for the window, or put together from its parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    pub(super) value: Option<f64>,
    pub(super) status: Status,
    pub(super) flags: Flags,
    /// Parts that are there, of those that belong.
    pub(super) present: u32,
    pub(super) expected: u32,
    pub(super) reason: Option<Reason>,
    pub(super) basis: Basis,
    /// What the parts add up to where they are not complete.
    pub(super) partial: Option<f64>,
}

impl Own {
    pub(super) fn absent(reason: Reason) -> Self {
        Self {
            value: None,
            status: Status::Missing,
            flags: Flags::NONE,
            present: 0,
            expected: 1,
            reason: Some(reason),
            basis: Basis::Nothing,
            partial: None,
        }
    }
}

/// What parts of one length give.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    pub(super) count: i32,
    pub(super) sum: f64,
    /// The row of the part that ends with the window.
    pub(super) last: Option<usize>,
    pub(super) flags: Flags,
    /// One bit a status.
    pub(super) statuses: u32,
    /// Parts that are withheld, and parts that cannot have a figure.
    suppressed: i32,
    not_applicable: i32,
    /// What the part that ends with the window says, where it has no value.
    last_says: Option<Status>,
}

impl Parts {
    /// A part without a value.
    pub(super) fn say(&mut self, status: Status, is_last: bool) {
        match status {
            Status::Suppressed => self.suppressed += 1,
            Status::NotApplicable => self.not_applicable += 1,
            _ => {}
        }
        if is_last {
            self.last_says = Some(status);
        }
    }

    /// Why `whole` parts make no value, as far as they say so themselves: what one of them withholds their sum does not open, and what none of them can have the
    /// whole cannot have.
    fn silence(&self, rule: OverTime, whole: i32) -> Option<Status> {
        match rule {
            OverTime::None => None,
            OverTime::Last => self.last_says.filter(|status| *status != Status::Missing),
            _ if self.suppressed > 0 => Some(Status::Suppressed),
            _ => (self.not_applicable == whole).then_some(Status::NotApplicable),
        }
    }

    #[inline]
    pub(super) fn add(&mut self, value: f64, state: u32) {
        self.count += 1;
        self.sum += value;
        self.flags = self.flags.union(State::unpack_flags(state));
        self.statuses |= 1 << State::unpack_status(state) as u32;
    }
}

/// A value put together from parts of `length` months that have `statuses`, one bit each.
#[inline]
pub(super) fn assembled(value: f64, flags: Flags, statuses: u32, [present, expected]: [u32; 2], length: i32) -> Own {
    let mut own = Own {
        value: Some(value),
        status: Status::Normal,
        flags: flags.with(Flag::SummedOverTime),
        present,
        expected,
        reason: None,
        basis: Basis::Parts(length),
        partial: None,
    };
    if statuses != 1 << Status::Normal as u32 {
        for status in [Status::Provisional, Status::Estimated, Status::LowerBound] {
            if statuses & 1 << status as u32 != 0 {
                own.status = own.status.sum(status);
                own.flags = own.flags.union(carried(status));
            }
        }
    }
    own
}

/// The figure reported for just the window.
pub(super) fn exact(row: usize, value: f64, state: u32, missing: Reason) -> Own {
    let has_value = State::has_value(state);
    Own {
        value: has_value.then_some(value),
        status: State::unpack_status(state),
        flags: State::unpack_flags(state),
        present: u32::from(has_value),
        expected: 1,
        reason: (!has_value).then_some(missing),
        basis: Basis::Exact(row),
        partial: None,
    }
}

/// No value: figures for other months are a mismatch, and of parts that are not complete the best length is told.
pub(super) fn gaps(rule: OverTime, window: &Window<'_>, parts: &[Parts; 3], said: Option<usize>, other: bool) -> Own {
    let mut own = Own::absent(if other { Reason::PeriodMismatch } else { window.missing });
    if let Some(row) = said {
        own.basis = Basis::Exact(row);
    }
    if rule == OverTime::None {
        return own;
    }
    let best = LENGTHS
        .into_iter()
        .zip(parts)
        .filter(|(length, parts)| parts.count > 0 && window.is_tiled_by(*length))
        .reduce(|best, next| {
            if next.1.count * next.0 > best.1.count * best.0 {
                next
            } else {
                best
            }
        });
    if let Some((length, parts)) = best {
        own.flags = Flag::Incomplete.into();
        own.present = parts.count.unsigned_abs();
        own.expected = (window.period.months() / length).unsigned_abs();
        own.basis = Basis::Gaps(length);
        own.partial = (rule == OverTime::Sum).then_some(parts.sum);
    }
    let silence = LENGTHS
        .into_iter()
        .zip(parts)
        .filter(|(length, _)| window.is_tiled_by(*length))
        .filter_map(|(length, parts)| parts.silence(rule, window.period.months() / length))
        .max();
    // A year that is said to be missing is missing, though none of its months can have a figure.
    if let Some(status) = silence.filter(|status| said.is_none() || *status == Status::Suppressed) {
        own.status = status;
        own.reason = Some(window.missing);
    }
    own
}
