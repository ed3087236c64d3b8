//! One period of a selection: what every step of a value reads.

use super::data::Data;
use super::select::{Found, Selection};
use crate::flag::{Flag, Flags};
use crate::measure::Measure;
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;

/// One window of a selection.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) data: &'a Data<'a>,
    pub(super) selection: &'a Selection,
    pub(super) index: usize,
    pub(super) period: Period,
    /// The reason of a value that is not there: of the current or of the base.
    pub(super) missing: Reason,
}

impl Window<'_> {
    /// No value.
    pub(super) fn absent(&self, reason: Reason) -> Measure {
        Measure::absent(Some(self.period), reason)
    }

    /// What the store holds for a cell.
    pub(super) fn found(&self, indicator: i64, org: u32) -> Option<&Found> {
        self.selection.get(&(indicator, org))?.get(self.index)
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
