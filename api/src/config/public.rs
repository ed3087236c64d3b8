//! What strangers may do.

use std::net::SocketAddr;

use serde::Deserialize;

use super::fault::ConfigError;

/// What a caller without sign-in may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Public {
    /// Nothing but ask whether the server is well, and for the schema.
    #[default]
    Nothing,
    /// Read published figures.
    Published,
    /// Everything, under this name. No setting says so: it is for tests that are about something else.
    Everything(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPublic {
    read: String,
}

impl RawPublic {
    /// `listen` decides where the setting says `loopback`.
    pub(super) fn validate(self, listen: SocketAddr) -> Result<Public, ConfigError> {
        match self.read.as_str() {
            "loopback" if listen.ip().is_loopback() => Ok(Public::Published),
            "loopback" | "nothing" => Ok(Public::Nothing),
            "published" => Ok(Public::Published),
            other => Err(ConfigError::Value {
                key: "public.read",
                problem: format!("`{other}` is none of loopback, published, nothing"),
            }),
        }
    }
}
