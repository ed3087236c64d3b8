//! All chunks of one version. A write makes a new version that shares the untouched chunks.

use std::collections::HashMap;
use std::sync::Arc;

use super::chunk::Chunk;
use super::columns::Columns;
use crate::error::Error;

/// The figures of all indicators at one version of the data.
#[derive(Clone, Debug, Default)]
pub struct FactStore {
    version: i64,
    chunks: HashMap<i64, Arc<Chunk>>,
}

impl FactStore {
    /// A store of figures by indicator key, over `orgs` organisations.
    ///
    /// # Errors
    /// As [`Chunk::build`].
    pub fn build(version: i64, figures: impl IntoIterator<Item = (i64, Columns)>, orgs: usize) -> Result<Self, Error> {
        let chunk = |(indicator, columns)| Ok((indicator, Arc::new(Chunk::build(columns, orgs)?)));
        let chunks = figures.into_iter().map(chunk).collect::<Result<_, Error>>()?;
        Ok(Self { version, chunks })
    }

    /// The version: the last change that is in it.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// A later version in which the figures of `changed` stand in place of those of the same key, or are added. The cost follows the touched indicators.
    ///
    /// # Errors
    /// As [`Chunk::with`].
    pub fn with(
        &self,
        version: i64,
        changed: impl IntoIterator<Item = (i64, Columns)>,
        orgs: usize,
    ) -> Result<Self, Error> {
        let mut chunks = self.chunks.clone();
        for (indicator, columns) in changed {
            let chunk = match chunks.get(&indicator) {
                Some(chunk) => chunk.with(columns, orgs)?,
                None => Chunk::build(Columns::default(), orgs)?.with(columns, orgs)?,
            };
            // An indicator whose last figure went has no chunk, as before its first.
            if chunk.is_empty() {
                chunks.remove(&indicator);
            } else {
                chunks.insert(indicator, Arc::new(chunk));
            }
        }
        Ok(Self { version, chunks })
    }

    /// The chunk of an indicator that has figures.
    #[must_use]
    pub fn chunk(&self, indicator: i64) -> Option<&Arc<Chunk>> {
        self.chunks.get(&indicator)
    }

    /// Bytes of all columns and indexes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.chunks.values().map(|chunk| chunk.bytes()).sum()
    }

    /// The keys of the indicators that have figures, in no order.
    pub fn indicators(&self) -> impl Iterator<Item = i64> {
        self.chunks.keys().copied()
    }

    /// Number of figures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.values().map(|chunk| chunk.len()).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::State;
    use crate::flag::Flags;
    use crate::period::Period;
    use crate::status::Status;

    #[test]
    fn a_new_version_shares_what_did_not_change() {
        let old = FactStore::build(1, [(10, figure(2020)), (20, figure(2020))], 1).unwrap();
        let new = old.with(2, [(20, figure(2021))], 1).unwrap();
        assert!(Arc::ptr_eq(old.chunk(10).unwrap(), new.chunk(10).unwrap()));
        assert!(!Arc::ptr_eq(old.chunk(20).unwrap(), new.chunk(20).unwrap()));
        assert_eq!((old.version(), new.version()), (1, 2));
    }

    #[test]
    fn an_indicator_whose_last_figure_goes_has_no_chunk() {
        let old = FactStore::build(1, [(10, figure(2020))], 1).unwrap();
        let mut gone = Columns::default();
        gone.withdraw(0, 0, Period::year(2020).unwrap());
        let new = old.with(2, [(10, gone.clone()), (20, gone)], 1).unwrap();
        assert!(new.chunk(10).is_none() && new.chunk(20).is_none());
    }

    fn figure(year: i32) -> Columns {
        let mut columns = Columns::default();
        let state = State {
            status: Status::Normal,
            flags: Flags::NONE,
            decimals: 0,
        };
        columns.push(0, 0, Period::year(year).unwrap(), Some(1.0), state, 1);
        columns
    }
}
