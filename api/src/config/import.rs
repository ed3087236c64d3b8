//! Files that come in: their limits.

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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawImport {
    max_file_bytes: u64,
    max_unpacked_bytes: u64,
    max_cells: usize,
    seconds: u64,
}

impl RawImport {
    pub(super) fn validate(self) -> Result<Import, ConfigError> {
        Ok(Import {
            max_file_bytes: positive("import.max_file_bytes", self.max_file_bytes)?,
            max_unpacked_bytes: positive("import.max_unpacked_bytes", self.max_unpacked_bytes)?,
            max_cells: self.max_cells,
            timeout: Duration::from_secs(positive("import.seconds", self.seconds)?),
        })
    }
}
