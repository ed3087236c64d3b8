//! Imports that run in this process, by the name their callers gave them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::progress::Progress;
use crate::service::access::Caller;

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
    pub fn begin(&self, caller: &Caller, name: &str) -> Option<Job> {
        let name = own(caller, name);
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.contains_key(&name) {
            return None;
        }
        let progress = Progress::default();
        jobs.insert(name.clone(), progress.clone());
        Some(Job {
            jobs: self.clone(),
            name,
            progress,
        })
    }

    /// The import of `caller` that runs under a name; names of others are theirs.
    #[must_use]
    pub fn find(&self, caller: &Caller, name: &str) -> Option<Progress> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&own(caller, name))
            .cloned()
    }
}

/// A name in the space of its caller.
fn own(caller: &Caller, name: &str) -> String {
    format!("{}{name}", caller.space().unwrap_or_default())
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
        let (jobs, me) = (Jobs::default(), Caller::operator("me"));
        let other = Caller::principal(
            7,
            "other".to_owned(),
            None,
            crate::service::access::Scopes::ALL,
            Vec::new(),
        );
        let job = jobs.begin(&me, "a").unwrap();
        assert!(jobs.begin(&me, "a").is_none());
        assert!(jobs.find(&other, "a").is_none() && jobs.begin(&other, "a").is_some());
        assert!(jobs.begin(&me, "b").is_some());
        let seen = jobs.find(&me, "a").unwrap();
        drop(job);
        assert!(jobs.find(&me, "a").is_none());
        assert_eq!(seen.told().0, super::super::progress::Phase::Ended);
    }
}
