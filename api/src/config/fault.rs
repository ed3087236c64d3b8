//! Why the settings cannot be used, and the checks that several of them share.

use std::time::Duration;

use thiserror::Error;

/// Why the settings cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A file that cannot be read, a setting that does not exist, or a value of the wrong type.
    #[error("the settings cannot be read: {0}")]
    Read(#[from] ::config::ConfigError),
    /// A value out of range.
    #[error("setting `{key}`: {problem}")]
    Value {
        /// The setting.
        key: &'static str,
        /// What is wrong and how to mend it.
        problem: String,
    },
}

/// A number that is not 0.
pub(super) fn positive<T: PartialEq + Default>(key: &'static str, value: T) -> Result<T, ConfigError> {
    if value == T::default() {
        Err(ConfigError::Value {
            key,
            problem: "must be at least 1".to_owned(),
        })
    } else {
        Ok(value)
    }
}

/// A time of at least a second.
pub(super) fn seconds(key: &'static str, value: u64) -> Result<Duration, ConfigError> {
    Ok(Duration::from_secs(positive(key, value)?))
}
