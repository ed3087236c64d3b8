//! Who may read the metrics.

use serde::Deserialize;

use super::fault::ConfigError;

/// Who may read the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricsReader {
    /// This machine itself, not through a proxy.
    Loopback,
    /// Everybody.
    Always,
    /// Nobody.
    Never,
}

impl MetricsReader {
    /// As it is written in the settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Loopback => "loopback",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMetrics {
    read: String,
}

impl RawMetrics {
    pub(super) fn validate(self) -> Result<MetricsReader, ConfigError> {
        let all = [MetricsReader::Loopback, MetricsReader::Always, MetricsReader::Never];
        all.into_iter()
            .find(|reader| reader.name() == self.read)
            .ok_or_else(|| ConfigError::Value {
                key: "metrics.read",
                problem: format!("`{}` is none of loopback, always, never", self.read),
            })
    }
}
