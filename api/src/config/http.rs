//! Settings of a request: its body, its files, its time, and from where it may come.

use std::time::Duration;

use serde::Deserialize;

use super::fault::{ConfigError, positive, seconds};

/// Limits of a request.
#[derive(Clone, Debug)]
pub struct Http {
    /// Connections open at the same time.
    pub max_connections: usize,
    /// Largest body in bytes; without its files when it has some.
    pub max_body_bytes: usize,
    /// How long a body without files may take.
    pub body_timeout: Duration,
    /// Files of one request at most.
    pub max_upload_files: usize,
    /// Bytes of one file at most.
    pub max_upload_bytes: u64,
    /// Bytes of all files of one request at most.
    pub max_upload_total_bytes: u64,
    /// How long a body with files may take.
    pub upload_timeout: Duration,
    /// Requests that are answered at the same time.
    pub max_requests: usize,
    /// Origins of other sites whose pages may ask, as `https://board.example.gov.cn`.
    pub allowed_origins: Vec<String>,
    /// When an answer is given up.
    pub request_timeout: Duration,
    /// What running requests get when the server stops.
    pub shutdown_timeout: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHttp {
    max_connections: usize,
    max_body_bytes: usize,
    body_seconds: u64,
    max_upload_files: usize,
    max_upload_bytes: u64,
    max_upload_total_bytes: u64,
    upload_seconds: u64,
    max_requests: usize,
    allowed_origins: String,
    request_seconds: u64,
    shutdown_seconds: u64,
}

impl RawHttp {
    pub(super) fn validate(self) -> Result<Http, ConfigError> {
        Ok(Http {
            max_connections: positive("http.max_connections", self.max_connections)?,
            max_body_bytes: self.max_body_bytes,
            body_timeout: seconds("http.body_seconds", self.body_seconds)?,
            max_upload_files: self.max_upload_files,
            max_upload_bytes: self.max_upload_bytes,
            max_upload_total_bytes: self.max_upload_total_bytes,
            upload_timeout: seconds("http.upload_seconds", self.upload_seconds)?,
            max_requests: positive("http.max_requests", self.max_requests)?,
            allowed_origins: origins(&self.allowed_origins)?,
            request_timeout: seconds("http.request_seconds", self.request_seconds)?,
            shutdown_timeout: Duration::from_secs(self.shutdown_seconds),
        })
    }
}

/// Origins as browsers send them: scheme, host and port, nothing after it.
fn origins(text: &str) -> Result<Vec<String>, ConfigError> {
    let listed = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    listed
        .map(|origin| {
            let host = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"));
            if host.is_some_and(|host| !host.is_empty() && !host.contains('/')) {
                Ok(origin.to_ascii_lowercase())
            } else {
                Err(ConfigError::Value {
                    key: "http.allowed_origins",
                    problem: format!(
                        "`{origin}` is not an origin; write https://HOST or https://HOST:PORT, several with commas"
                    ),
                })
            }
        })
        .collect()
}
