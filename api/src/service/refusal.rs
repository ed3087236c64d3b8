//! How many refusals are written down: a flood of them fills neither the database nor the queue of writers.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Refusals that are written down in a minute; more of them are counted.
const MOST_A_MINUTE: usize = 60;
/// Refusals that wait for their turn to write.
const MOST_WAITING: usize = 64;

/// Refusals, bounded in number: a flood of them fills neither the database nor the queue of writers.
#[derive(Clone, Debug, Default)]
pub(super) struct Refusals {
    minute: Arc<Mutex<Option<Minute>>>,
    waiting: Arc<()>,
}

#[derive(Debug)]
struct Minute {
    began: Instant,
    written: usize,
    suppressed: usize,
}

impl Refusals {
    /// One that waits for its turn to write, until it is dropped.
    pub(super) fn wait(&self) -> impl Send + use<> {
        Arc::clone(&self.waiting)
    }

    /// Takes room for one more; gives how many were not written before it.
    pub(super) fn take(&self) -> Option<usize> {
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let minute = minute.get_or_insert(Minute {
            began: now,
            written: 0,
            suppressed: 0,
        });
        if now.duration_since(minute.began) >= Duration::from_secs(60) {
            (minute.began, minute.written) = (now, 0);
        }
        if minute.written >= MOST_A_MINUTE || Arc::strong_count(&self.waiting) > MOST_WAITING {
            minute.suppressed += 1;
            return None;
        }
        minute.written += 1;
        Some(std::mem::take(&mut minute.suppressed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_refusals_is_counted_and_not_written() {
        let refusals = Refusals::default();
        let written = (0..1000).filter(|_| refusals.take().is_some()).count();
        assert_eq!(written, MOST_A_MINUTE);
        refusals.minute.lock().unwrap().as_mut().unwrap().written = 0;
        assert_eq!(refusals.take(), Some(1000 - MOST_A_MINUTE));
    }
}
