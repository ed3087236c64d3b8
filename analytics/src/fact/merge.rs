//! A few changed figures into a chunk: the cost is the chunk's length, whatever else is stored.

use super::chunk::Chunk;
use super::columns::Columns;
use crate::error::Error;

impl Chunk {
    /// A new chunk in which each figure of `changed` stands in place of the one of the same key, or is added, or is taken away; of two for one key the later row counts.
    ///
    /// # Errors
    /// As [`Chunk::build`].
    pub fn with(&self, changed: Columns, orgs: usize) -> Result<Self, Error> {
        changed.check()?;
        if let Some(org) = changed.org.iter().find(|org| **org as usize >= orgs) {
            return Err(Error::UnknownOrg(*org));
        }
        let (old, new) = (self.columns()?, changed.sorted()?);
        let mut merged = Columns::default();
        let (mut left, mut right) = (0, 0);
        while left < old.len() || right < new.len() {
            let is_last = right + 1 >= new.len() || new.key(right) != new.key(right + 1);
            if right < new.len() && !is_last {
                right += 1;
            } else if right == new.len() || (left < old.len() && old.key(left) < new.key(right)) {
                merged.take(&old, left);
                left += 1;
            } else {
                while left < old.len() && old.key(left) == new.key(right) {
                    left += 1;
                }
                if new.is_figure(right) {
                    merged.take(&new, right);
                }
                right += 1;
            }
        }
        Self::from_sorted(merged, orgs)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::fact::State;
    use crate::flag::Flags;
    use crate::period::Period;
    use crate::status::Status;

    type Key = (u32, u32, i32, i32);

    fn columns(figures: &[(Key, Option<i32>)]) -> Columns {
        let mut columns = Columns::default();
        for (id, ((org, item, start, months), value)) in (1i64..).zip(figures) {
            let state = State {
                status: Status::Normal,
                flags: Flags::NONE,
                decimals: 0,
            };
            let period = Period::from_months(*start, start + months - 1).unwrap();
            match value {
                Some(value) => columns.push(*org, *item, period, Some(f64::from(*value)), state, id),
                None => columns.withdraw(*org, *item, period),
            }
        }
        columns
    }

    proptest! {
        #[test]
        fn a_merged_chunk_is_the_chunk_of_all_figures_that_are_left(
            old in prop::collection::btree_map((0u32..4, 0u32..2, 24_000i32..24_030, 1i32..3), any::<i32>(), 0..40),
            new in prop::collection::vec(((0u32..4, 0u32..2, 24_000i32..24_030, 1i32..3), any::<Option<i32>>()), 0..20),
        ) {
            let before: Vec<(Key, Option<i32>)> = old.iter().map(|(key, value)| (*key, Some(*value))).collect();
            let chunk = Chunk::build(columns(&before), 4).unwrap().with(columns(&new), 4).unwrap();
            let mut all: BTreeMap<Key, Option<i32>> = before.into_iter().collect();
            all.extend(new);
            let after: Vec<(Key, Option<i32>)> = all.into_iter().filter(|(_, value)| value.is_some()).collect();
            let expected = Chunk::build(columns(&after), 4).unwrap();
            for org in 0..4 {
                let found = |chunk: &Chunk| chunk.cells(org).unwrap().map(|cell| (cell.breakdown, cell.start, cell.months, cell.value)).collect::<Vec<_>>();
                prop_assert_eq!(found(&chunk), found(&expected));
            }
        }
    }
}
