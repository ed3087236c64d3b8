//! The figures of one indicator as sorted columns, with the rows of each organisation and year at hand.

use std::ops::Range;

use polars::prelude::*;

use super::cell::Cell;
use super::columns::Columns;
use super::seek::Seek;
use super::state::State;
use crate::error::Error;
use crate::flag::{Flag, Flags};

/// A figure that cuts its organisation's series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) org: u32,
    /// The month from which on figures are others.
    pub(crate) month: i32,
    /// The organisation's boundary changed; else what is counted.
    pub(crate) boundary: bool,
}

/// The columns as plain slices. `value` is 0 where the state has no number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rows<'a> {
    pub(crate) breakdown: &'a [u32],
    pub(crate) start: &'a [i32],
    pub(crate) months: &'a [i32],
    pub(crate) value: &'a [f64],
    pub(crate) state: &'a [u32],
    pub(crate) id: &'a [i64],
}

impl Rows<'_> {
    /// The figure of one row.
    pub(crate) fn cell(&self, row: usize) -> Option<Cell> {
        let state = State::unpack(*self.state.get(row)?);
        Some(Cell {
            breakdown: *self.breakdown.get(row)?,
            start: *self.start.get(row)?,
            months: *self.months.get(row)?,
            value: self.value.get(row).copied().filter(|_| state.status.has_value()),
            state,
            id: *self.id.get(row)?,
        })
    }
}

/// The figures of one indicator, sorted by organisation, breakdown, first month and length.
#[derive(Clone, Debug)]
pub struct Chunk {
    breakdown: UInt32Chunked,
    start: Int32Chunked,
    months: Int32Chunked,
    value: Float64Chunked,
    state: UInt32Chunked,
    id: Int64Chunked,
    seek: Seek,
    cuts: Vec<Cut>,
    /// Months of the longest total.
    longest: i32,
}

impl Chunk {
    /// Sorts `columns` over `orgs` organisations.
    ///
    /// # Errors
    /// [`Error::Length`] for ragged columns, [`Error::UnknownOrg`] for an ordinal that is not below `orgs`.
    pub fn build(columns: Columns, orgs: usize) -> Result<Self, Error> {
        columns.check()?;
        if let Some(org) = columns.org.iter().find(|org| **org as usize >= orgs) {
            return Err(Error::UnknownOrg(*org));
        }
        Self::from_sorted(columns.sorted()?, orgs)
    }

    /// Takes columns that are in order already.
    pub(super) fn from_sorted(columns: Columns, orgs: usize) -> Result<Self, Error> {
        let seek = Seek::build(&columns, orgs);
        let totals = || {
            columns
                .breakdown
                .iter()
                .zip(&columns.months)
                .filter(|(item, _)| **item == 0)
        };
        let longest = totals().map(|(_, months)| *months).max().unwrap_or(0);
        let cuts = Self::find_cuts(&columns);
        Ok(Self {
            breakdown: UInt32Chunked::from_vec("breakdown".into(), columns.breakdown),
            start: Int32Chunked::from_vec("start".into(), columns.start),
            months: Int32Chunked::from_vec("months".into(), columns.months),
            value: Float64Chunked::from_vec("value".into(), columns.value),
            state: UInt32Chunked::from_vec("state".into(), columns.state),
            id: Int64Chunked::from_vec("id".into(), columns.id),
            seek,
            cuts,
            longest,
        })
    }

    /// The totals that cut a series.
    fn find_cuts(columns: &Columns) -> Vec<Cut> {
        let counted: Flags = [Flag::Break, Flag::ScopeChanged].into_iter().collect();
        let all = counted.with(Flag::BoundaryChanged);
        let mut cuts = Vec::new();
        for (row, state) in columns.state.iter().enumerate() {
            let flags = State::unpack_flags(*state);
            if flags.intersects(all) && columns.breakdown[row] == 0 {
                cuts.push(Cut {
                    org: columns.org[row],
                    month: columns.start[row],
                    boundary: !flags.intersects(counted),
                });
            }
        }
        cuts
    }

    /// Number of figures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of the columns and of the index over them.
    #[must_use]
    pub fn bytes(&self) -> usize {
        const ROW: usize = size_of::<u32>() * 2 + size_of::<i32>() * 2 + size_of::<f64>() + size_of::<i64>();
        self.len() * ROW + self.seek.bytes() + self.cuts.len() * size_of::<Cut>()
    }

    pub(crate) fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    pub(crate) fn longest(&self) -> i32 {
        self.longest
    }

    pub(crate) fn seek(&self) -> &Seek {
        &self.seek
    }

    /// The columns.
    ///
    /// # Errors
    /// [`Error::Plan`] when a column is in several pieces or has holes, which a built chunk's do not have.
    pub(crate) fn rows(&self) -> Result<Rows<'_>, Error> {
        Ok(Rows {
            breakdown: self.breakdown.cont_slice()?,
            start: self.start.cont_slice()?,
            months: self.months.cont_slice()?,
            value: self.value.cont_slice()?,
            state: self.state.cont_slice()?,
            id: self.id.cont_slice()?,
        })
    }

    /// The figures of one organisation, by breakdown and period.
    ///
    /// # Errors
    /// [`Error::Plan`] when a column is in several pieces or has holes, which a built chunk's do not have.
    pub fn cells(&self, org: u32) -> Result<impl Iterator<Item = Cell>, Error> {
        let rows = self.rows()?;
        Ok(self.seek.all(org).filter_map(move |row| rows.cell(row)))
    }

    /// The columns of `rows` with their organisation for a plan, without a copy; a value is null where the state has none.
    ///
    /// # Errors
    /// [`Error::Plan`] when the engine refuses.
    pub(crate) fn frame(&self, rows: Range<usize>) -> Result<DataFrame, Error> {
        let from = i64::try_from(rows.start).unwrap_or(i64::MAX);
        let length = rows.len();
        let org: Vec<u32> = self.seek.orgs_of(rows);
        let columns = vec![
            Column::new("org".into(), org),
            self.breakdown.slice(from, length).into_column(),
            self.start.slice(from, length).into_column(),
            self.months.slice(from, length).into_column(),
            self.value.slice(from, length).into_column(),
            self.state.slice(from, length).into_column(),
            self.id.slice(from, length).into_column(),
        ];
        Ok(DataFrame::new(length, columns)?)
    }

    /// The columns back as plain vectors.
    pub(super) fn columns(&self) -> Result<Columns, Error> {
        let rows = self.rows()?;
        Ok(Columns {
            org: self.seek.orgs_of(0..self.len()),
            breakdown: rows.breakdown.to_vec(),
            start: rows.start.to_vec(),
            months: rows.months.to_vec(),
            value: rows.value.to_vec(),
            state: rows.state.to_vec(),
            id: rows.id.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::Period;
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
        let found =
            |org| -> Vec<(i64, Option<f64>)> { chunk.cells(org).unwrap().map(|cell| (cell.id, cell.value)).collect() };
        assert_eq!(found(2), [(3, Some(0.0)), (1, Some(5.0))]);
        assert_eq!(found(0), [(2, None)]);
        assert_eq!(found(1), []);
        assert_eq!(found(u32::MAX), []);
        assert_eq!(chunk.frame(0..3).unwrap().height(), 3);
    }

    #[test]
    fn a_row_of_no_organisation_is_refused() {
        let mut columns = Columns::default();
        columns.push(7, 0, period("2021"), Some(5.0), state(Status::Normal), 1);
        assert!(matches!(Chunk::build(columns, 4), Err(Error::UnknownOrg(7))));
    }
}
