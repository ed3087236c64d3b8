//! Calculations off the async threads, so many at a time as there are cores.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;

use crate::error::Error;
use crate::telemetry::metrics::Metrics;
use crate::telemetry::trace;

/// A blocking pool behind a semaphore: a flood of queries queues here and not in memory.
#[derive(Clone)]
pub(super) struct Compute {
    permits: Arc<Semaphore>,
    metrics: Metrics,
}

impl Compute {
    pub(super) fn new(parallel: NonZeroUsize, metrics: Metrics) -> Self {
        Self {
            metrics,
            permits: Arc::new(Semaphore::new(parallel.get())),
        }
    }

    /// Runs `calculation` when its turn comes.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        calculation: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (asked, waiting) = (Instant::now(), self.metrics.waiting());
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        drop(waiting);
        let span = trace::child(|| "calculation".to_owned());
        self.metrics.calculation_waited(asked.elapsed());
        let metrics = self.metrics.clone();
        tokio::task::spawn_blocking(move || {
            let began = Instant::now();
            let result = calculation();
            drop((permit, span));
            metrics.calculated(began.elapsed());
            result
        })
        .await
        .map_err(Error::internal)
    }

    /// Runs a calculation that is done before another thread would have begun, where it stands.
    pub(super) fn here<T>(&self, calculation: impl FnOnce() -> T) -> T {
        let span = trace::child(|| "calculation".to_owned());
        let began = Instant::now();
        let result = calculation();
        drop(span);
        self.metrics.calculated(began.elapsed());
        result
    }
}
