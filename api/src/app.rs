//! The composition root: settings become a database, services, a schema and an endpoint.

mod acceptor;
mod certificate;

use std::future::Future;
use std::net::SocketAddr;

use entity::db::{Db, Options};
use poem::{Endpoint, Response, Server};
use thiserror::Error;
use tokio::sync::watch;

use self::acceptor::Door;
use self::certificate::Certificate;
pub use self::certificate::CertificateError;
use crate::config::Config;
use crate::graphql::{Executor, schema};
use crate::http;
use crate::service::Service;
use crate::service::access::SignIn;
use crate::telemetry::trace::Tracer;

/// Why the server did not start or stopped.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AppError {
    /// The database cannot be opened.
    #[error("the database cannot be opened")]
    Database(#[from] entity::error::Error),
    /// The state of the schema cannot be told.
    #[error("the database cannot be looked at")]
    Migration(#[from] migration::MigrationError),
    /// The schema is older than this program.
    #[error("the database is not up to date ({} migrations are pending): run `plumbline migrate` with the same settings", .0.len())]
    Pending(Vec<String>),
    /// The address cannot be used.
    #[error("cannot listen on {address}: is another server running there?")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The certificate cannot be used.
    #[error("the certificate of the settings cannot be used")]
    Certificate(#[from] CertificateError),
    /// The server stopped by itself.
    #[error("the server stopped")]
    Serve(#[from] std::io::Error),
}

/// A server that is ready to listen.
pub struct App {
    config: Config,
    service: Service,
    tracer: Tracer,
    /// Turns true when the server stops.
    stopping: watch::Sender<bool>,
}

impl App {
    /// Connects to a migrated database.
    ///
    /// # Errors
    /// [`AppError::Database`], [`AppError::Migration`] or [`AppError::Pending`].
    pub async fn connect(config: Config) -> Result<Self, AppError> {
        let pending = migration::pending(&config.database.url).await?;
        if !pending.is_empty() {
            return Err(AppError::Pending(pending));
        }
        let db = Db::connect(&Options {
            url: config.database.url.clone(),
            max_connections: config.database.max_connections,
            acquire_timeout: config.database.acquire_timeout,
        })
        .await?;
        let service = Service::new(db, config.parallel)
            .polling(config.subscription.poll_interval)
            .admitting(SignIn::new(config.public.clone(), config.oidc.clone()));
        let tracer = match &config.trace {
            Some(trace) => Tracer::sending(&trace.endpoint, trace.ratio),
            None => Tracer::default(),
        };
        Ok(Self {
            config,
            service,
            tracer,
            stopping: watch::channel(false).0,
        })
    }

    /// The services, for commands that need no server.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// All addresses of the server as one endpoint.
    pub fn endpoint(&self) -> impl Endpoint<Output = Response> + use<> {
        http::routes(self.state())
    }

    fn state(&self) -> http::State {
        let limits = self.config.graphql.clone();
        let executor = Executor::new(
            schema(&limits),
            self.service.clone(),
            limits,
            self.config.import.clone(),
            self.config.http.request_timeout,
        );
        let (service, tracer) = (self.service.clone(), self.tracer.clone());
        http::State::new(executor, service, &self.config, tracer, self.stopping.subscribe())
    }

    /// Serves until `stop` is done, then lets running requests end. `ready` is told the address, whose port may have been chosen by the system.
    ///
    /// # Errors
    /// [`AppError::Certificate`], [`AppError::Listen`] or [`AppError::Serve`].
    pub async fn serve(self, ready: impl FnOnce(SocketAddr), stop: impl Future<Output = ()>) -> Result<(), AppError> {
        let address = self.config.listen;
        let certificate = self.config.tls.clone().map(Certificate::read).transpose()?;
        let tls = certificate.as_ref().map(Certificate::server).transpose()?;
        let door = Door::open(address, self.config.http.max_connections, tls)
            .await
            .map_err(|source| AppError::Listen { address, source })?;
        let follower = certificate.map(|certificate| AbortOnDrop(tokio::spawn(certificate.follow())));
        // The first query should not wait for the figures to be read.
        if let Err(error) = self.service.snapshot().await {
            tracing::warn!(error = error.chain(), "the figures could not be read yet");
        }
        ready(door.address());
        let state = self.state();
        let patience = self.config.http.shutdown_timeout;
        let stop = async {
            stop.await;
            // Sockets and event streams would stay for ever.
            self.stopping.send_replace(true);
        };
        Server::new_with_acceptor(door)
            .run_with_graceful_shutdown(http::routes(state.clone()), stop, Some(patience))
            .await?;
        drop(follower);
        state.closed(patience).await;
        let tracer = self.tracer.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || tracer.finish()).await {
            tracing::warn!(%error, "the last traces were not sent");
        }
        if let Err(error) = self.service.db().close().await {
            tracing::warn!(%error, "the database was not closed cleanly");
        }
        Ok(())
    }
}

/// A task that ends with its value.
struct AbortOnDrop(tokio::task::JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
