//! Figures as plain columns: what a caller hands in.

use super::state::State;
use crate::error::Error;
use crate::period::Period;

/// The figures of one indicator, one row a figure, in any order. All columns have the same length.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Ordinal of the organisation.
    pub org: Vec<u32>,
    /// Key of the breakdown item; 0 is the total.
    pub breakdown: Vec<u32>,
    /// First month.
    pub start: Vec<i32>,
    /// Length in months.
    pub months: Vec<i32>,
    /// Value in the quantity's base unit.
    pub value: Vec<Option<f64>>,
    /// Status, flags and printed decimals, packed.
    pub state: Vec<u32>,
    /// Key of the observation.
    pub id: Vec<i64>,
}

impl Columns {
    /// Adds one figure.
    pub fn push(&mut self, org: u32, breakdown: u32, period: Period, value: Option<f64>, state: State, id: i64) {
        self.org.push(org);
        self.breakdown.push(breakdown);
        self.start.push(period.start_month());
        self.months.push(period.months());
        self.value.push(value);
        self.state.push(state.pack());
        self.id.push(id);
    }

    /// Number of figures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.org.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.org.is_empty()
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let expected = self.len();
        for (column, found) in [
            ("breakdown", self.breakdown.len()),
            ("start", self.start.len()),
            ("months", self.months.len()),
            ("value", self.value.len()),
            ("state", self.state.len()),
            ("id", self.id.len()),
        ] {
            if found != expected {
                return Err(Error::Length {
                    column,
                    expected,
                    found,
                });
            }
        }
        Ok(())
    }
}
