//! Where the rows of an organisation begin, and among its totals those of a year: arithmetic instead of a search.

use std::ops::Range;

use super::columns::Columns;
use super::state::State;

const YEAR: i32 = 12;
/// Years that the index spans at most; a chunk that reaches further is searched instead.
const MOST_YEARS: usize = 64;
const ABSENT: u32 = u32::MAX;

/// The index of one chunk. Organisations without figures cost four bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seek {
    /// By organisation: its place among those that have figures.
    slots: Vec<u32>,
    /// By slot: its organisation, and the first of its rows; one entry more at the end.
    orgs: Vec<u32>,
    rows: Vec<u32>,
    /// By slot: the first total of each year from `first_year` on, and the end of the totals.
    totals: Vec<u32>,
    first_year: i32,
    years: usize,
    /// The length of all totals, where it is one.
    uniform: Option<i32>,
}

/// In [`Seek::totals`]: the totals of this year are all plain reported values. A chunk has fewer than 2^31 rows.
const PLAIN: u32 = 1 << 31;

impl Seek {
    /// The index over sorted columns, whose organisations are all below `orgs`.
    pub(super) fn build(columns: &Columns, orgs: usize) -> Self {
        let year = |row: usize| columns.start[row].div_euclid(YEAR);
        let totals = || (0..columns.len()).filter(|row| columns.breakdown[*row] == 0);
        let first_year = totals().map(year).min().unwrap_or(0);
        let last_year = totals().map(year).max().unwrap_or(0);
        let span = usize::try_from(last_year - first_year + 1).unwrap_or(usize::MAX);
        let mut lengths = totals().map(|row| columns.months[row]);
        let uniform = lengths.next().filter(|first| lengths.all(|months| months == *first));
        let mut seek = Self {
            uniform,
            slots: vec![ABSENT; orgs],
            first_year,
            years: if span <= MOST_YEARS { span } else { 1 },
            ..Self::default()
        };
        let mut row = 0;
        while row < columns.len() {
            let org = columns.org[row];
            let end = row + columns.org[row..].partition_point(|other| *other == org);
            seek.slots[org as usize] = narrow(seek.orgs.len());
            seek.orgs.push(org);
            seek.rows.push(narrow(row));
            let totals_end = row + columns.breakdown[row..end].partition_point(|item| *item == 0);
            let mut at = row;
            for place in 0..seek.years {
                let is_earlier = |start: &i32| {
                    seek.years > 1 && start.div_euclid(YEAR) <= first_year + i32::try_from(place).unwrap_or(0)
                };
                let next = at + columns.start[at..totals_end].partition_point(is_earlier);
                let is_plain = columns.state[at..next].iter().all(|state| State::is_plain(*state));
                seek.totals.push(narrow(at) | if is_plain { PLAIN } else { 0 });
                at = next;
            }
            seek.totals.push(narrow(totals_end));
            row = end;
        }
        seek.rows.push(narrow(columns.len()));
        seek
    }

    fn slot(&self, org: u32) -> Option<usize> {
        match self.slots.get(org as usize) {
            Some(&slot) if slot != ABSENT => Some(slot as usize),
            _ => None,
        }
    }

    /// All rows of an organisation.
    pub(crate) fn all(&self, org: u32) -> Range<usize> {
        let Some(slot) = self.slot(org) else { return 0..0 };
        match self.rows.get(slot..slot + 2) {
            Some(&[from, to]) => from as usize..to as usize,
            _ => 0..0,
        }
    }

    /// The totals of an organisation, and the first of them that can begin in the year of `month` or later.
    #[inline]
    pub(crate) fn totals_from(&self, org: u32, month: i32) -> Option<(Range<usize>, usize)> {
        let slot = self.slot(org)?;
        let base = slot * (self.years + 1);
        let index = self.totals.get(base..base + self.years + 1)?;
        let row = |entry: u32| (entry & !PLAIN) as usize;
        let (first, last) = (row(*index.first()?), row(*index.last()?));
        let place = usize::try_from(month.div_euclid(YEAR) - self.first_year).unwrap_or(0);
        let from = if self.years == 1 {
            first
        } else {
            index.get(place).map_or(last, |entry| row(*entry))
        };
        Some((first..last, from))
    }

    /// The totals of an organisation for the twelve months of the year that begins in `month`, where all its totals are months and none of these is absent; and
    /// whether all are plain, so that no state needs a look.
    #[inline]
    pub(crate) fn twelve_months(&self, org: u32, month: i32) -> Option<(Range<usize>, bool)> {
        if self.uniform != Some(1) || self.years == 1 {
            return None;
        }
        let place = usize::try_from(month.div_euclid(YEAR) - self.first_year).ok()?;
        let base = self.slot(org)? * (self.years + 1);
        let (from, to) = match self.totals.get(base + place..base + place + 2)? {
            &[from, to] if place < self.years => (from, to),
            _ => return None,
        };
        let rows = (from & !PLAIN) as usize..(to & !PLAIN) as usize;
        (rows.len() == YEAR.unsigned_abs() as usize).then_some((rows, from & PLAIN != 0))
    }

    /// The organisations that have figures, ascending.
    pub(crate) fn orgs(&self) -> &[u32] {
        &self.orgs
    }

    /// The organisation of each of `rows`.
    pub(super) fn orgs_of(&self, rows: Range<usize>) -> Vec<u32> {
        let mut orgs = Vec::with_capacity(rows.len());
        for (slot, org) in self.orgs.iter().enumerate() {
            let (from, to) = (self.rows[slot] as usize, self.rows[slot + 1] as usize);
            let taken = from.max(rows.start)..to.min(rows.end);
            orgs.extend(std::iter::repeat_n(*org, taken.len()));
        }
        orgs
    }

    pub(super) fn bytes(&self) -> usize {
        (self.slots.len() + self.orgs.len() + self.rows.len() + self.totals.len()) * size_of::<u32>()
    }
}

/// A chunk has fewer than 2^32 rows: more than one indicator's figures of any country.
fn narrow(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(ABSENT)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fact::State;
    use crate::flag::Flags;
    use crate::period::Period;
    use crate::status::Status;

    proptest! {
        #[test]
        fn the_index_finds_what_a_search_finds(
            figures in prop::collection::btree_set((0u32..5, 0u32..2, 24_000i32..25_000, 1i32..13), 0..60),
            org in 0u32..6, month in 23_900i32..25_100, far in any::<bool>(),
        ) {
            let mut columns = Columns::default();
            for (id, (org, item, start, months)) in (0i64..).zip(&figures) {
                // A chunk over more years than the index spans is searched.
                let start = if far && *start % 7 == 0 { start - 12_000 } else { *start };
                let state = State { status: Status::Normal, flags: Flags::NONE, decimals: 0 };
                columns.push(*org, *item, Period::from_months(start, start + months - 1).unwrap(), Some(1.0), state, id);
            }
            let columns = columns.sorted().unwrap();
            let seek = Seek::build(&columns, 6);
            let of = |test: &dyn Fn(usize) -> bool| -> Vec<usize> {
                (0..columns.len()).filter(|row| columns.org[*row] == org && test(*row)).collect()
            };
            prop_assert_eq!(seek.all(org).collect::<Vec<_>>(), of(&|_| true));
            let Some((totals, from)) = seek.totals_from(org, month) else {
                prop_assert!(of(&|_| true).is_empty());
                return Ok(());
            };
            prop_assert_eq!(totals.clone().collect::<Vec<_>>(), of(&|row| columns.breakdown[row] == 0));
            let later = of(&|row| columns.breakdown[row] == 0 && columns.start[row] >= month);
            prop_assert!(later.iter().all(|row| *row >= from));
            prop_assert!(from >= totals.start && from <= totals.end);
            prop_assert_eq!(seek.orgs_of(0..columns.len()), columns.org);
        }
    }
}
