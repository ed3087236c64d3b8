//! One version of everything a query reads: it is pinned once and handed down, so that one answer is one version.

use std::sync::Arc;

use analytics::fact::FactStore;

use super::catalog::Catalog;

/// The catalogue and the current figures at one point of the change feed.
#[derive(Debug)]
pub struct Snapshot {
    /// The last change that is in it.
    pub version: i64,
    /// When that was recorded, in µs since the epoch; `None` before the first change.
    pub recorded_at: Option<i64>,
    /// The last change of the catalogue that is in it.
    pub catalog_version: i64,
    /// The catalogue.
    pub catalog: Arc<Catalog>,
    /// The figures.
    pub facts: Arc<FactStore>,
    /// The targets.
    pub targets: Arc<FactStore>,
}

impl Snapshot {
    /// The recording time to read at when `asked` is asked for: never later than this version, since a writer that took its time before now may still commit.
    #[must_use]
    pub fn as_of(&self, asked: Option<i64>) -> Option<i64> {
        match (asked, self.recorded_at) {
            (Some(asked), Some(last)) => Some(asked.min(last)),
            (asked, last) => asked.or(last),
        }
    }
}
