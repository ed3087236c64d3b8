//! Sign-ins of an issuer.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::fault::{ConfigError, positive, seconds};

/// The algorithms that a setting may name: those with a public key.
const ALGORITHMS: [&str; 3] = ["RS256", "ES256", "EdDSA"];

/// An issuer whose tokens are good here.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// What its tokens have as `iss`.
    pub issuer: String,
    /// What they must have as `aud`.
    pub audience: String,
    /// Where its keys are.
    pub keys: OidcKeys,
    /// Algorithms that are taken: of RS256, ES256, `EdDSA`.
    pub algorithms: Vec<String>,
    /// How far the issuer's clock may be off.
    pub leeway: Duration,
    /// Keys are read again after this.
    pub refresh: Duration,
    /// But not more often than this.
    pub retry: Duration,
    /// Known keys are good so long when the issuer is down.
    pub stale: Duration,
    /// The claim that says who it is.
    pub subject_claim: String,
    /// The claim that lists groups; none where they do not matter.
    pub groups_claim: Option<String>,
}

/// Where keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OidcKeys {
    /// An address of a JSON web key set.
    Address(String),
    /// A file with one, read again like the address.
    File(PathBuf),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOidc {
    issuer: String,
    audience: String,
    keys: String,
    algorithms: String,
    leeway_seconds: u64,
    refresh_seconds: u64,
    retry_seconds: u64,
    stale_seconds: u64,
    subject_claim: String,
    groups_claim: String,
}

impl RawOidc {
    /// None where no issuer is named.
    pub(super) fn validate(self) -> Result<Option<Oidc>, ConfigError> {
        if self.issuer.is_empty() {
            return Ok(None);
        }
        let keys = if self.keys.starts_with("https://") || is_local(&self.keys) {
            OidcKeys::Address(self.keys.clone())
        } else if self.keys.is_empty() || self.keys.contains("://") {
            let problem = "write https://… or the path of a file; keys over http:// could be anybody's".to_owned();
            return Err(ConfigError::Value {
                key: "oidc.keys",
                problem,
            });
        } else {
            OidcKeys::File(PathBuf::from(&self.keys))
        };
        let algorithms: Vec<String> = self.algorithms.split(',').map(|name| name.trim().to_owned()).collect();
        if let Some(strange) = algorithms.iter().find(|name| !ALGORITHMS.contains(&name.as_str())) {
            return Err(ConfigError::Value {
                key: "oidc.algorithms",
                problem: format!("`{strange}` is none of {}", ALGORITHMS.join(", ")),
            });
        }
        Ok(Some(Oidc {
            issuer: self.issuer,
            audience: positive("oidc.audience", self.audience)?,
            keys,
            algorithms,
            leeway: Duration::from_secs(self.leeway_seconds.min(600)),
            refresh: seconds("oidc.refresh_seconds", self.refresh_seconds)?,
            retry: seconds("oidc.retry_seconds", self.retry_seconds)?,
            stale: seconds("oidc.stale_seconds", self.stale_seconds)?,
            subject_claim: positive("oidc.subject_claim", self.subject_claim)?,
            groups_claim: Some(self.groups_claim).filter(|name| !name.is_empty()),
        }))
    }
}

/// Whether an address is of this machine.
fn is_local(address: &str) -> bool {
    ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"]
        .iter()
        .any(|start| address.starts_with(start))
}
