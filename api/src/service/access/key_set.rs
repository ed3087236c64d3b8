//! The keys of an issuer: read when they are needed, kept for a time, and read again for a key that is not known.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value as Json;
use tokio_rustls::rustls::crypto::ring;
use ureq::tls::{RootCerts, TlsConfig};

use crate::config::{Oidc, OidcKeys};
use crate::error::Error;

/// The largest set of keys that is read.
const LARGEST: u64 = 1024 * 1024;
/// How long the issuer may take to give its keys.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is known of an issuer's keys. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct KeySet {
    settings: Arc<Oidc>,
    known: Arc<Mutex<Known>>,
    /// Held by the one who asks the issuer: whose key is at hand never waits for it.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct Known {
    keys: Vec<Jwk>,
    /// When they were read.
    read: Option<Instant>,
    /// When it was last tried.
    tried: Option<Instant>,
}

impl KeySet {
    pub(super) fn new(settings: Arc<Oidc>) -> Self {
        Self {
            settings,
            known: Arc::default(),
            turn: Arc::default(),
        }
    }

    /// The key of a token; none where the issuer has none such.
    ///
    /// # Errors
    /// [`Error::NoIssuer`] when the keys were never read.
    pub(super) async fn key(&self, id: Option<&str>, alg: Algorithm) -> Result<Option<Jwk>, Error> {
        if let Some(key) = self.at_hand(id, alg) {
            if self.is_old() && self.may_try() {
                let set = self.clone();
                tokio::spawn(async move { set.look().await });
            }
            return Ok(Some(key));
        }
        let turn = self.turn.lock().await;
        // Somebody earlier in the line may have read it.
        if let Some(key) = self.at_hand(id, alg) {
            return Ok(Some(key));
        }
        if self.may_try() {
            self.look().await;
        }
        drop(turn);
        if self.known(|known| known.read.is_none()) {
            return Err(Error::NoIssuer);
        }
        Ok(self.at_hand(id, alg))
    }

    fn at_hand(&self, id: Option<&str>, alg: Algorithm) -> Option<Jwk> {
        let stale = self.settings.stale;
        self.known(|known| {
            known
                .read
                .is_some_and(|read| read.elapsed() < stale)
                .then(|| known.find(id, alg))?
        })
    }

    fn is_old(&self) -> bool {
        let refresh = self.settings.refresh;
        self.known(|known| known.read.is_some_and(|read| read.elapsed() >= refresh))
    }

    /// Whether the issuer may be asked again, which is the caller's turn then.
    fn may_try(&self) -> bool {
        let pause = self.settings.retry;
        self.known(|known| {
            let may = known.tried.is_none_or(|tried| tried.elapsed() >= pause);
            if may {
                known.tried = Some(Instant::now());
            }
            may
        })
    }

    async fn look(&self) {
        match fetch(Arc::clone(&self.settings)).await {
            Ok(keys) => self.known(|known| {
                known.keys = keys;
                known.read = Some(Instant::now());
            }),
            Err(error) => tracing::warn!(%error, "the issuer's keys could not be read"),
        }
    }

    fn known<T>(&self, read: impl FnOnce(&mut Known) -> T) -> T {
        read(&mut self.known.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Known {
    /// The key of this id that is made for `alg`; without an id the only one that is.
    fn find(&self, id: Option<&str>, alg: Algorithm) -> Option<Jwk> {
        let mut fitting = self.keys.iter().filter(|key| fits(key, alg));
        match id {
            Some(id) => fitting.find(|key| key.common.key_id.as_deref() == Some(id)).cloned(),
            None => fitting.next().filter(|_| fitting.next().is_none()).cloned(),
        }
    }
}

/// Whether a key is for signatures by `alg`: a public key is never taken for a shared secret.
fn fits(key: &Jwk, alg: Algorithm) -> bool {
    let is_of_kind = match (&key.algorithm, alg) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256) => true,
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => key.curve == EllipticCurve::P256,
        (AlgorithmParameters::OctetKeyPair(key), Algorithm::EdDSA) => key.curve == EllipticCurve::Ed25519,
        _ => false,
    };
    let common = &key.common;
    let signs = common
        .public_key_use
        .as_ref()
        .is_none_or(|of| *of == PublicKeyUse::Signature);
    let is_for = common
        .key_algorithm
        .is_none_or(|named| named.to_string().parse().is_ok_and(|named: Algorithm| named == alg));
    is_of_kind && signs && is_for
}

/// Why keys could not be read: for the log alone.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A key set as it comes. Keys of kinds that nobody here knows are passed over: they are for others.
#[derive(Deserialize)]
struct Published {
    keys: Vec<Json>,
}

async fn fetch(settings: Arc<Oidc>) -> Result<Vec<Jwk>, Fault> {
    let read = tokio::task::spawn_blocking(move || {
        let text = match &settings.keys {
            OidcKeys::File(path) => std::fs::read_to_string(path)?,
            OidcKeys::Address(address) => download(address)?,
        };
        let set: Published = serde_json::from_str(&text)?;
        let keys = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        Ok(keys.collect())
    });
    read.await?
}

/// The answer of an address. Its certificate must come from an authority that the system trusts.
fn download(address: &str) -> Result<String, Fault> {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .build();
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .tls_config(tls)
        .build()
        .into();
    let mut response = agent.get(address).call()?;
    let mut text = String::new();
    let body = response.body_mut().as_reader();
    body.take(LARGEST).read_to_string(&mut text)?;
    Ok(text)
}
