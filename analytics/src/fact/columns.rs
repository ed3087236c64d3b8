//! Figures as plain columns: what a caller hands in.

use polars::prelude::*;

use super::state::State;
use crate::error::Error;
use crate::flag::Flags;
use crate::period::Period;
use crate::status::Status;

/// The figures of one indicator, one row a figure, in any order. All columns have the same length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Ordinal of the organisation.
    pub org: Vec<u32>,
    /// Key of the breakdown item; 0 is the total.
    pub breakdown: Vec<u32>,
    /// First month.
    pub start: Vec<i32>,
    /// Length in months.
    pub months: Vec<i32>,
    /// Value in the quantity's base unit; 0 where the state has no number.
    pub value: Vec<f64>,
    /// Status, flags and printed decimals, packed.
    pub state: Vec<u32>,
    /// Key of the observation; 0 takes the figure of this key away.
    pub id: Vec<i64>,
}

/// The key of a row that takes a figure away.
const NONE: i64 = 0;

impl Columns {
    /// Adds one figure; a state without number has none, and a figure without number is missing.
    pub fn push(&mut self, org: u32, breakdown: u32, period: Period, value: Option<f64>, state: State, id: i64) {
        let state = state.holding(value);
        self.org.push(org);
        self.breakdown.push(breakdown);
        self.start.push(period.start_month());
        self.months.push(period.months());
        self.value
            .push(value.filter(|_| state.status.has_value()).unwrap_or(0.0));
        self.state.push(state.pack());
        self.id.push(id);
    }

    /// Says that there is no figure here any more.
    pub fn withdraw(&mut self, org: u32, breakdown: u32, period: Period) {
        let state = State {
            status: Status::Missing,
            flags: Flags::NONE,
            decimals: 0,
        };
        self.push(org, breakdown, period, None, state, NONE);
    }

    /// Whether a row is a figure and does not take one away.
    pub(super) fn is_figure(&self, row: usize) -> bool {
        self.id.get(row) != Some(&NONE)
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

    /// The order of a chunk: organisation, breakdown, first month, length.
    pub(super) fn key(&self, row: usize) -> (u32, u32, i32, i32) {
        (self.org[row], self.breakdown[row], self.start[row], self.months[row])
    }

    /// Appends a row of other columns.
    pub(super) fn take(&mut self, from: &Self, row: usize) {
        self.org.push(from.org[row]);
        self.breakdown.push(from.breakdown[row]);
        self.start.push(from.start[row]);
        self.months.push(from.months[row]);
        self.value.push(from.value[row]);
        self.state.push(from.state[row]);
        self.id.push(from.id[row]);
    }

    /// The same figures in the order of a chunk.
    pub(super) fn sorted(self) -> Result<Self, Error> {
        if (1..self.len()).all(|row| self.key(row - 1) <= self.key(row)) {
            return Ok(self);
        }
        let columns = vec![
            Column::new("org".into(), self.org),
            Column::new("breakdown".into(), self.breakdown),
            Column::new("start".into(), self.start),
            Column::new("months".into(), self.months),
            Column::new("value".into(), self.value),
            Column::new("state".into(), self.state),
            Column::new("id".into(), self.id),
        ];
        let height = columns.first().map_or(0, Column::len);
        let frame = DataFrame::new(height, columns)?.sort(
            ["org", "breakdown", "start", "months"],
            SortMultipleOptions::default().with_maintain_order(true),
        )?;
        Ok(Self {
            org: frame.column("org")?.u32()?.into_no_null_iter().collect(),
            breakdown: frame.column("breakdown")?.u32()?.into_no_null_iter().collect(),
            start: frame.column("start")?.i32()?.into_no_null_iter().collect(),
            months: frame.column("months")?.i32()?.into_no_null_iter().collect(),
            value: frame.column("value")?.f64()?.into_no_null_iter().collect(),
            state: frame.column("state")?.u32()?.into_no_null_iter().collect(),
            id: frame.column("id")?.i64()?.into_no_null_iter().collect(),
        })
    }
}
