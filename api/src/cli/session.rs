//! What several commands begin or end with.

use super::fault::CommandError;
use crate::app::App;
use crate::config::Config;
use crate::service::access::Caller;

/// The wish that the process stop: Ctrl-C or SIGTERM. It is listened for from the moment in which the value is made, so that a wish in the middle of a
/// start is not lost.
pub(super) struct StopSignal {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl StopSignal {
    /// Begins to listen.
    #[cfg(unix)]
    pub(super) fn listen() -> Result<Self, CommandError> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(CommandError::io("cannot listen for signals"));
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    /// Begins to listen.
    #[cfg(not(unix))]
    pub(super) fn listen() -> Result<Self, CommandError> {
        Ok(Self {})
    }

    /// Done when the process is to stop.
    #[cfg(unix)]
    pub(super) async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Done when the process is to stop.
    #[cfg(not(unix))]
    pub(super) async fn received(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// A connected application, for commands that need no server.
pub(super) async fn connect(config: Config) -> Result<App, CommandError> {
    Ok(App::connect(config).await?)
}

/// Whoever runs the command, by the name in the environment: who has the database may do everything with it anyway.
pub(super) fn operator() -> Caller {
    let name = std::env::var("USER").ok().filter(|name| !name.is_empty());
    Caller::operator(name.unwrap_or_else(|| "unknown".to_owned()))
}
