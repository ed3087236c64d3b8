//! Files that come in: their limits, and who may send them to the server.

use std::net::SocketAddr;
use std::time::Duration;

use serde::Deserialize;

use super::fault::{ConfigError, positive};

/// Files that come in.
#[derive(Clone, Debug)]
pub struct Import {
    /// Bytes of a file at most.
    pub max_file_bytes: u64,
    /// Bytes of a workbook when it is unpacked, at most.
    pub max_unpacked_bytes: u64,
    /// Cells of a workbook at most.
    pub max_cells: usize,
    /// When a mutation or an import by the API is given up.
    pub timeout: Duration,
    /// Whether the API may write at all.
    pub by_api: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawImport {
    max_file_bytes: u64,
    max_unpacked_bytes: u64,
    max_cells: usize,
    seconds: u64,
    by_api: String,
}

impl RawImport {
    /// `listen` decides where the setting says `loopback`.
    pub(super) fn validate(self, listen: SocketAddr) -> Result<Import, ConfigError> {
        let by_api = match self.by_api.as_str() {
            "always" => true,
            "never" => false,
            "loopback" => listen.ip().is_loopback(),
            other => {
                return Err(ConfigError::Value {
                    key: "import.by_api",
                    problem: format!("`{other}` is none of loopback, always, never"),
                });
            }
        };
        Ok(Import {
            max_file_bytes: positive("import.max_file_bytes", self.max_file_bytes)?,
            max_unpacked_bytes: positive("import.max_unpacked_bytes", self.max_unpacked_bytes)?,
            max_cells: self.max_cells,
            timeout: Duration::from_secs(positive("import.seconds", self.seconds)?),
            by_api,
        })
    }
}
