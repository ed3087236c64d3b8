//! The server's certificate: read when it starts, and again when its files change or SIGHUP comes, while connections stay.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use arc_swap::ArcSwap;
use thiserror::Error;
use tokio::time::{MissedTickBehavior, interval};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};

use crate::config::Tls;

/// Why a certificate cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// A file cannot be read, or holds none.
    #[error("{path} cannot be read as PEM")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: pem::Error,
    },
    /// The two do not belong together, or are of a kind that is not spoken.
    #[error("the certificate and the key cannot be used")]
    Pair(#[from] rustls::Error),
}

/// The certificate that new connections get.
#[derive(Debug)]
pub(super) struct Certificate {
    settings: Tls,
    current: ArcSwap<CertifiedKey>,
}

impl Certificate {
    /// Reads it.
    pub(super) fn read(settings: Tls) -> Result<Arc<Self>, CertificateError> {
        let current = ArcSwap::from_pointee(pair(&settings)?);
        Ok(Arc::new(Self { settings, current }))
    }

    /// How connections are encrypted: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.
    pub(super) fn server(self: &Arc<Self>) -> Result<Arc<ServerConfig>, CertificateError> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Resolver(Arc::clone(self))));
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    /// Follows the files for ever. A pair that cannot be used is told, and the one before stays.
    pub(super) async fn follow(self: Arc<Self>) {
        let mut ticks = interval(self.settings.reload_interval);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut hangup = Hangup::listen();
        let mut seen = self.changed_at();
        loop {
            let is_asked = tokio::select! {
                _ = ticks.tick() => false,
                () = hangup.received() => true,
            };
            let now = self.changed_at();
            if is_asked || now != seen {
                seen = now;
                match pair(&self.settings) {
                    Ok(pair) => {
                        self.current.store(Arc::new(pair));
                        tracing::info!("the certificate was read again");
                    }
                    Err(error) => tracing::error!(
                        error = chain(&error),
                        "the new certificate cannot be used; the old one stays"
                    ),
                }
            }
        }
    }

    fn changed_at(&self) -> [Option<SystemTime>; 2] {
        let time = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
        [time(&self.settings.certificate), time(&self.settings.key)]
    }
}

fn pair(settings: &Tls) -> Result<CertifiedKey, CertificateError> {
    let file = |path: &Path| {
        let path = path.display().to_string();
        move |source| CertificateError::File { path, source }
    };
    let chain: Result<Vec<_>, pem::Error> =
        CertificateDer::pem_file_iter(&settings.certificate).and_then(Iterator::collect);
    let chain = chain.map_err(file(&settings.certificate))?;
    let key = PrivateKeyDer::from_pem_file(&settings.key).map_err(file(&settings.key))?;
    Ok(CertifiedKey::from_der(chain, key, &ring::default_provider())?)
}

fn chain(error: &CertificateError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

#[derive(Debug)]
struct Resolver(Arc<Certificate>);

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.current.load_full())
    }
}

/// The wish that files be read again.
struct Hangup {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangup {
    #[cfg(unix)]
    fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let signal = signal(SignalKind::hangup());
        Self {
            signal: signal
                .inspect_err(|error| tracing::warn!(%error, "SIGHUP is not heard"))
                .ok(),
        }
    }

    #[cfg(not(unix))]
    fn listen() -> Self {
        Self {}
    }

    #[cfg(unix)]
    async fn received(&mut self) {
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }

    #[cfg(not(unix))]
    async fn received(&mut self) {
        std::future::pending().await
    }
}
