//! All chunks of one version. A write makes a new version that shares the untouched chunks.

use std::collections::HashMap;
use std::sync::Arc;

use super::chunk::Chunk;

/// The figures of all indicators at one version of the data.
#[derive(Clone, Debug, Default)]
pub struct FactStore {
    version: i64,
    chunks: HashMap<i64, Arc<Chunk>>,
}

impl FactStore {
    /// A store of the given chunks, by indicator key.
    #[must_use]
    pub fn new(version: i64, chunks: impl IntoIterator<Item = (i64, Chunk)>) -> Self {
        Self {
            version,
            chunks: chunks
                .into_iter()
                .map(|(indicator, chunk)| (indicator, Arc::new(chunk)))
                .collect(),
        }
    }

    /// The version: the last change that is in it.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// A later version in which only `changed` chunks are others.
    #[must_use]
    pub fn with(&self, version: i64, changed: impl IntoIterator<Item = (i64, Chunk)>) -> Self {
        let mut chunks = self.chunks.clone();
        chunks.extend(
            changed
                .into_iter()
                .map(|(indicator, chunk)| (indicator, Arc::new(chunk))),
        );
        Self { version, chunks }
    }

    /// The chunk of an indicator that has figures.
    #[must_use]
    pub fn chunk(&self, indicator: i64) -> Option<&Arc<Chunk>> {
        self.chunks.get(&indicator)
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
    use super::super::Columns;
    use super::*;

    #[test]
    fn a_new_version_shares_what_did_not_change() {
        let chunk = || Chunk::build(Columns::default(), 1).unwrap();
        let old = FactStore::new(1, [(10, chunk()), (20, chunk())]);
        let new = old.with(2, [(20, chunk())]);
        assert!(Arc::ptr_eq(old.chunk(10).unwrap(), new.chunk(10).unwrap()));
        assert!(!Arc::ptr_eq(old.chunk(20).unwrap(), new.chunk(20).unwrap()));
        assert_eq!((old.version(), new.version()), (1, 2));
    }
}
