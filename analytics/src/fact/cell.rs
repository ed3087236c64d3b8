//! One figure, read without a plan.

use super::state::State;
use crate::period::Period;

/// One stored figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Key of the breakdown item; 0 is the total.
    pub breakdown: u32,
    /// First month.
    pub start: i32,
    /// Length in months.
    pub months: i32,
    /// Value in the quantity's base unit.
    pub value: Option<f64>,
    /// Status, flags and printed decimals.
    pub state: State,
    /// Key of the observation.
    pub id: i64,
}

impl Cell {
    /// Whether the figure stands for just `period`.
    #[must_use]
    pub fn is_for(&self, period: Period) -> bool {
        self.start == period.start_month() && self.months == period.months()
    }

    /// The period it stands for.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        Period::from_months(self.start, self.start.checked_add(self.months)? - 1)
    }
}
