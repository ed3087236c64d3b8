//! The figures of one indicator, sorted by organisation, breakdown and period, with the rows of each organisation at hand.

use std::ops::Range;

use polars::prelude::*;

use super::columns::Columns;
use super::state::State;
use crate::error::Error;
use crate::flag::{Flag, Flags};
use crate::period::Period;

/// One figure, read without a plan.
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
}

/// The sorted figures of one indicator.
#[derive(Clone, Debug)]
pub struct Chunk {
    frame: DataFrame,
    /// `offsets[org]..offsets[org + 1]` are the rows of an organisation.
    offsets: Vec<u32>,
    has_breaks: bool,
}

impl Chunk {
    /// Flags that cut a series.
    const BREAKS: [Flag; 3] = [Flag::Break, Flag::ScopeChanged, Flag::BoundaryChanged];

    /// Sorts `columns` over `orgs` organisations.
    ///
    /// # Errors
    /// [`Error::Length`] for ragged columns, [`Error::UnknownOrg`] for an ordinal that is not below `orgs`.
    pub fn build(columns: Columns, orgs: usize) -> Result<Self, Error> {
        columns.check()?;
        let mut offsets = vec![0u32; orgs + 1];
        for org in &columns.org {
            *offsets.get_mut(*org as usize + 1).ok_or(Error::UnknownOrg(*org))? += 1;
        }
        for index in 1..offsets.len() {
            offsets[index] += offsets[index - 1];
        }
        let breaks: Flags = Self::BREAKS.into_iter().collect();
        let has_breaks = columns
            .state
            .iter()
            .any(|state| State::unpack(*state).flags.bits() & breaks.bits() != 0);
        let height = columns.len();
        let frame = DataFrame::new(
            height,
            vec![
                Column::new("org".into(), columns.org),
                Column::new("breakdown".into(), columns.breakdown),
                Column::new("start".into(), columns.start),
                Column::new("months".into(), columns.months),
                Column::new("value".into(), columns.value),
                Column::new("state".into(), columns.state),
                Column::new("id".into(), columns.id),
            ],
        )?;
        let mut frame = frame.sort(
            ["org", "breakdown", "start", "months"],
            SortMultipleOptions::default().with_maintain_order(true),
        )?;
        frame.rechunk_mut();
        Ok(Self {
            frame,
            offsets,
            has_breaks,
        })
    }

    /// Number of figures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frame.height()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether any figure cuts a series.
    #[must_use]
    pub fn has_breaks(&self) -> bool {
        self.has_breaks
    }

    /// The rows of the organisations `from..to`.
    fn rows(&self, from: u32, to: u32) -> Range<usize> {
        let at = |org: u32| {
            self.offsets
                .get(org as usize)
                .or(self.offsets.last())
                .map_or(0, |offset| *offset as usize)
        };
        at(from)..at(to).max(at(from))
    }

    /// The columns of the organisations `from..to`, without a copy.
    pub(crate) fn slice(&self, from: u32, to: u32) -> DataFrame {
        let rows = self.rows(from, to);
        self.frame
            .slice(i64::try_from(rows.start).unwrap_or(i64::MAX), rows.len())
    }

    /// The figures of one organisation, by breakdown and period.
    ///
    /// # Errors
    /// [`Error::Plan`] when a column is not of its type, which a built chunk's are.
    pub fn cells(&self, org: u32) -> Result<impl Iterator<Item = Cell>, Error> {
        let slice = self.slice(org, org.saturating_add(1));
        let (breakdown, start, months) = (
            slice.column("breakdown")?.u32()?,
            slice.column("start")?.i32()?,
            slice.column("months")?.i32()?,
        );
        let (value, state, id) = (
            slice.column("value")?.f64()?,
            slice.column("state")?.u32()?,
            slice.column("id")?.i64()?,
        );
        let cells: Vec<Cell> = (0..slice.height())
            .filter_map(|row| {
                Some(Cell {
                    breakdown: breakdown.get(row)?,
                    start: start.get(row)?,
                    months: months.get(row)?,
                    value: value.get(row),
                    state: State::unpack(state.get(row)?),
                    id: id.get(row)?,
                })
            })
            .collect();
        Ok(cells.into_iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Status;

    fn period(code: &str) -> Period {
        code.parse().unwrap()
    }

    fn state(status: Status) -> State {
        State {
            status,
            flags: Flags::NONE,
            decimals: 0,
        }
    }

    #[test]
    fn rows_are_sorted_and_found_by_organisation() {
        let mut columns = Columns::default();
        columns.push(2, 0, period("2021"), Some(5.0), state(Status::Normal), 1);
        columns.push(0, 0, period("2021"), None, state(Status::Missing), 2);
        columns.push(2, 0, period("2020"), Some(0.0), state(Status::Normal), 3);
        let chunk = Chunk::build(columns, 4).unwrap();
        assert_eq!(
            chunk
                .cells(2)
                .unwrap()
                .map(|cell| (cell.id, cell.value))
                .collect::<Vec<_>>(),
            [(3, Some(0.0)), (1, Some(5.0))]
        );
        assert_eq!(
            chunk
                .cells(0)
                .unwrap()
                .map(|cell| (cell.id, cell.value))
                .collect::<Vec<_>>(),
            [(2, None)]
        );
        assert_eq!(chunk.cells(1).unwrap().count(), 0);
        assert_eq!(chunk.cells(u32::MAX).unwrap().count(), 0);
        assert_eq!(chunk.slice(0, 4).height(), 3);
    }

    #[test]
    fn a_row_of_no_organisation_is_refused() {
        let mut columns = Columns::default();
        columns.push(7, 0, period("2021"), Some(5.0), state(Status::Normal), 1);
        assert!(matches!(Chunk::build(columns, 4), Err(Error::UnknownOrg(7))));
    }
}
