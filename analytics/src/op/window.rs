//! One period under calculation: what every step of a value reads.

use super::data::Data;
use crate::flag::{Flag, Flags};
use crate::measure::Measure;
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;

/// One period, and how its holes are told.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) data: &'a Data<'a>,
    pub(super) period: Period,
    /// The period that it is held against: whose ratio may have been printed instead.
    pub(super) neighbour: Option<Period>,
    /// The reason of a value that is not there: of the current or of the base.
    pub(super) missing: Reason,
}

impl<'a> Window<'a> {
    /// The window of a current value.
    pub(super) fn current(data: &'a Data<'a>, period: Period) -> Self {
        Self {
            data,
            period,
            neighbour: period.previous_year(),
            missing: Reason::CurrentMissing,
        }
    }

    /// The same window of another period.
    pub(super) fn of(self, period: Period) -> Self {
        Self { period, ..self }
    }

    /// No value.
    pub(super) fn absent(&self, reason: Reason) -> Measure {
        Measure::absent(Some(self.period), reason)
    }

    /// Whether parts of `length` months make up the period exactly.
    #[inline]
    pub(super) fn is_tiled_by(&self, length: i32) -> bool {
        let (start, months) = (self.period.start_month(), self.period.months());
        length < months && start % length == 0 && months % length == 0
    }
}

/// The flag by which a part's state stays visible on what is made of it.
pub(super) fn carried(status: Status) -> Flags {
    match status {
        Status::Provisional => Flag::Provisional.into(),
        Status::Estimated => Flag::Estimated.into(),
        Status::LowerBound => Flag::LowerBound.into(),
        Status::Normal | Status::Missing | Status::NotApplicable | Status::Suppressed => Flags::NONE,
    }
}
