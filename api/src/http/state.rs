//! What the handlers share.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, watch};

use super::export::Spool;
use crate::config::{Export, Http, Import, Subscription};
use crate::graphql::Executor;
use crate::service::Service;

/// What the handlers share.
#[derive(Clone)]
pub struct State {
    pub(super) executor: Executor,
    pub(super) service: Service,
    pub(super) http: Arc<Http>,
    pub(super) imports: Arc<Import>,
    pub(super) subscription: Arc<Subscription>,
    pub(super) export: Arc<Export>,
    /// Files that were made.
    pub(super) spool: Spool,
    /// Room for requests that are being answered.
    pub(super) requests: Arc<Semaphore>,
    /// Room for sockets and event streams.
    pub(super) open: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
}

impl State {
    /// What the handlers share. What stays open ends when `stopping` turns true.
    #[must_use]
    pub fn new(
        executor: Executor,
        service: Service,
        http: Http,
        imports: Import,
        subscription: Subscription,
        export: Export,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            executor,
            service,
            requests: Arc::new(Semaphore::new(http.max_requests.min(Semaphore::MAX_PERMITS))),
            open: Arc::new(Semaphore::new(subscription.max_connections.min(Semaphore::MAX_PERMITS))),
            http: Arc::new(http),
            imports: Arc::new(imports),
            subscription: Arc::new(subscription),
            spool: Spool::new(export.spool_bytes),
            export: Arc::new(export),
            stopping,
        }
    }

    /// Until the server stops.
    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let mut stopping = self.stopping.clone();
        async move {
            // A server that is gone has stopped.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        }
    }

    /// Waits until sockets and event streams have ended, but no longer than `patience`.
    pub async fn closed(&self, patience: Duration) {
        let all = u32::try_from(self.subscription.max_connections).unwrap_or(u32::MAX);
        if tokio::time::timeout(patience, self.open.acquire_many(all))
            .await
            .is_err()
        {
            tracing::warn!("not every socket was closed in time");
        }
    }
}
