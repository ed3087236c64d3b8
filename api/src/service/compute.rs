//! Calculations off the async threads, so many at a time as there are cores.

use std::num::NonZeroUsize;
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::error::Error;

/// A blocking pool behind a semaphore: a flood of queries queues here and not in memory.
#[derive(Clone)]
pub(super) struct Compute {
    permits: Arc<Semaphore>,
}

impl Compute {
    pub(super) fn new(parallel: NonZeroUsize) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(parallel.get())),
        }
    }

    /// Runs `calculation` when its turn comes.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        calculation: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let result = calculation();
            drop(permit);
            result
        })
        .await
        .map_err(Error::internal)
    }
}
