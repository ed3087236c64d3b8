//! What the handlers share.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::limit::Limits;
use super::spool::Spool;
use crate::config::{Config, Export, Http, Import, MetricsReader, Network, Subscription};
use crate::graphql::Executor;
use crate::service::Service;
use crate::telemetry::trace::Tracer;

/// What the handlers share. Clones are cheap: there is one a request.
#[derive(Clone)]
pub struct State(Arc<Shared>);

impl Deref for State {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// Everything in it.
pub struct Shared {
    pub(super) executor: Executor,
    pub(super) service: Service,
    pub(super) http: Arc<Http>,
    pub(super) imports: Arc<Import>,
    pub(super) subscription: Arc<Subscription>,
    /// What one client may ask.
    pub(super) limits: Limits,
    /// Whether the server itself encrypts.
    pub(super) encrypted: bool,
    pub(super) metrics_reader: MetricsReader,
    pub(super) tracer: Tracer,
    pub(super) trusted_proxies: Arc<[Network]>,
    pub(super) export: Arc<Export>,
    /// Files that were made.
    pub(super) spool: Spool,
    stopping: watch::Receiver<bool>,
}

impl State {
    /// What the handlers share. What stays open ends when `stopping` turns true.
    #[must_use]
    pub fn new(
        executor: Executor,
        service: Service,
        config: &Config,
        tracer: Tracer,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        let limits = Limits::new(
            config.limit.clone(),
            &config.http,
            config.subscription.max_connections,
            service.metrics().clone(),
        );
        Self(Arc::new(Shared {
            executor,
            service,
            http: Arc::new(config.http.clone()),
            imports: Arc::new(config.import.clone()),
            subscription: Arc::new(config.subscription.clone()),
            limits,
            trusted_proxies: config.limit.trusted_proxies.clone().into(),
            encrypted: config.tls.is_some(),
            metrics_reader: config.metrics,
            spool: Spool::new(config.export.spool_bytes),
            export: Arc::new(config.export.clone()),
            tracer,
            stopping,
        }))
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
        if tokio::time::timeout(patience, self.limits.all_closed()).await.is_err() {
            tracing::warn!("not every socket was closed in time");
        }
    }
}
