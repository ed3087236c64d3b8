//! Limits of files that come in.

use std::time::Duration;

use serde::Deserialize;

/// Limits of a file.
#[derive(Clone, Debug)]
pub struct Import {
    /// Bytes of a file at most.
    pub max_file_bytes: u64,
    /// Bytes of a workbook when it is unpacked, at most.
    pub max_unpacked_bytes: u64,
    /// Cells of a workbook at most.
    pub max_cells: usize,
    /// When an import by the API is given up.
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

impl From<RawImport> for Import {
    fn from(raw: RawImport) -> Self {
        Self {
            max_file_bytes: raw.max_file_bytes,
            max_unpacked_bytes: raw.max_unpacked_bytes,
            max_cells: raw.max_cells,
            timeout: Duration::from_secs(raw.seconds),
        }
    }
}
