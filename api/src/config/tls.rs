//! Encryption: by a certificate and its key, or left to a proxy.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::fault::{ConfigError, seconds};

/// Where the certificate lies.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The certificates, the server's own first, as PEM.
    pub certificate: PathBuf,
    /// Its private key, as PEM.
    pub key: PathBuf,
    /// How often the files are looked at.
    pub reload_interval: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTls {
    certificate: String,
    key: String,
    reload_seconds: u64,
}

impl RawTls {
    pub(super) fn validate(self) -> Result<Option<Tls>, ConfigError> {
        match (self.certificate.is_empty(), self.key.is_empty()) {
            (true, true) => Ok(None),
            (false, false) => Ok(Some(Tls {
                certificate: self.certificate.into(),
                key: self.key.into(),
                reload_interval: seconds("tls.reload_seconds", self.reload_seconds)?,
            })),
            (true, false) => Err(missing("tls.certificate")),
            (false, true) => Err(missing("tls.key")),
        }
    }
}

fn missing(key: &'static str) -> ConfigError {
    ConfigError::Value {
        key,
        problem: "is missing: a certificate and its key go together".to_owned(),
    }
}
