//! Whether traces are sent, and where.

use serde::Deserialize;

use super::fault::ConfigError;

/// Where traces are sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The collector, as `http://127.0.0.1:4318`.
    pub endpoint: String,
    /// Which part of the traces that begin here.
    pub ratio: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTrace {
    endpoint: String,
    ratio: f64,
}

impl RawTrace {
    pub(super) fn validate(self) -> Result<Option<Trace>, ConfigError> {
        if self.endpoint.is_empty() {
            return Ok(None);
        }
        if !self.endpoint.starts_with("http://") {
            return Err(ConfigError::Value {
                key: "trace.endpoint",
                problem: "write http://HOST:4318; a collector elsewhere is reached through one on this machine"
                    .to_owned(),
            });
        }
        if !(0.0..=1.0).contains(&self.ratio) {
            return Err(ConfigError::Value {
                key: "trace.ratio",
                problem: "must lie between 0 and 1".to_owned(),
            });
        }
        Ok(Some(Trace {
            endpoint: self.endpoint,
            ratio: self.ratio,
        }))
    }
}
