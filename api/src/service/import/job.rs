//! Imports that run in this process, by the name their callers gave them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::progress::Progress;

/// The running imports. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Jobs(Arc<Mutex<HashMap<String, Progress>>>);

/// A running import; it is forgotten when this is dropped.
#[derive(Debug)]
pub struct Job {
    jobs: Jobs,
    name: String,
    /// How far it is.
    pub progress: Progress,
}

impl Jobs {
    /// Begins an import under a name; `None` when one of this name runs already.
    #[must_use]
    pub fn begin(&self, name: &str) -> Option<Job> {
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.contains_key(name) {
            return None;
        }
        let progress = Progress::default();
        jobs.insert(name.to_owned(), progress.clone());
        Some(Job {
            jobs: self.clone(),
            name: name.to_owned(),
            progress,
        })
    }

    /// The import that runs under a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        // Whoever waits for it learns that it ended, also when the caller went away.
        self.progress.end();
        self.jobs
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_free_again_when_its_import_is_over() {
        let jobs = Jobs::default();
        let job = jobs.begin("a").unwrap();
        assert!(jobs.begin("a").is_none());
        assert!(jobs.begin("b").is_some());
        let seen = jobs.find("a").unwrap();
        drop(job);
        assert!(jobs.find("a").is_none());
        assert_eq!(seen.told().0, super::super::progress::Phase::Ended);
    }
}
