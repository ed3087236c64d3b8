//! Tables that leave: their limits.

use serde::Deserialize;

use super::fault::{ConfigError, positive};

/// Tables that leave.
#[derive(Clone, Debug)]
pub struct Export {
    /// Cells of one exported comparison at most.
    pub max_cells: u64,
    /// Bytes on disk of finished files that are kept.
    pub spool_bytes: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExport {
    max_cells: u64,
    spool_bytes: u64,
}

impl RawExport {
    pub(super) fn validate(self) -> Result<Export, ConfigError> {
        Ok(Export {
            max_cells: positive("export.max_cells", self.max_cells)?,
            spool_bytes: self.spool_bytes,
        })
    }
}
