//! Finished files on disk, for the next request of the same: a reader of Parquet asks for one file in many parts.

use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use tempfile::NamedTempFile;

/// Files that are kept at most, however small.
const MOST_FILES: usize = 256;

/// A finished file. It goes when nobody has it any more.
#[derive(Debug)]
pub(super) struct Spooled {
    pub(super) file: NamedTempFile,
    pub(super) length: u64,
}

/// The files that were made last, by tag.
#[derive(Clone, Debug)]
pub(super) struct Spool {
    kept: Arc<Mutex<LruCache<String, Arc<Spooled>>>>,
    most_bytes: u64,
}

impl Spool {
    /// Keeps so many bytes at most.
    #[must_use]
    pub(super) fn new(most_bytes: u64) -> Self {
        Self {
            kept: Arc::new(Mutex::new(LruCache::unbounded())),
            most_bytes,
        }
    }

    /// The file of a tag.
    pub(super) fn get(&self, tag: &str) -> Option<Arc<Spooled>> {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(tag)
            .cloned()
    }

    /// Keeps a file, and lets go of those that were not asked for the longest.
    pub(super) fn keep(&self, tag: &str, file: NamedTempFile, length: u64) -> Arc<Spooled> {
        let spooled = Arc::new(Spooled { file, length });
        if length <= self.most_bytes {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.put(tag.to_owned(), Arc::clone(&spooled));
            let mut sum: u64 = kept.iter().map(|(_, file)| file.length).sum();
            while (sum > self.most_bytes || kept.len() > MOST_FILES)
                && let Some((_, gone)) = kept.pop_lru()
            {
                sum -= gone.length;
            }
        }
        spooled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_that_were_asked_for_last_are_kept() {
        let spool = Spool::new(10);
        let keep = |tag: &str, length| spool.keep(tag, NamedTempFile::new().unwrap(), length);
        let first = keep("a", 4);
        keep("b", 4);
        assert!(spool.get("a").is_some());
        keep("c", 4);
        assert!(spool.get("b").is_none() && spool.get("a").is_some() && spool.get("c").is_some());
        keep("d", 11);
        assert!(spool.get("d").is_none() && spool.get("c").is_some());
        let path = first.file.path().to_owned();
        keep("e", 10);
        assert!(path.exists(), "who reads it still has it");
        drop(first);
        assert!(!path.exists());
    }
}
