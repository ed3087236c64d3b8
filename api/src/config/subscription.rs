//! Settings of what stays open: sockets, event streams, and how the change feed is followed.

use std::time::Duration;

use serde::Deserialize;

use super::fault::{ConfigError, positive, seconds};

/// Limits of what stays open.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// Sockets and event streams open at the same time.
    pub max_connections: usize,
    /// Operations of one socket running at the same time.
    pub max_operations: usize,
    /// How long a socket may stay silent before `connection_init`.
    pub init_timeout: Duration,
    /// How often a silent connection is given a sign of life.
    pub ping_interval: Duration,
    /// How often the change feed is looked at while somebody follows it.
    pub poll_interval: Duration,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSubscription {
    max_connections: usize,
    max_operations: usize,
    init_seconds: u64,
    ping_seconds: u64,
    poll_millis: u64,
}

impl RawSubscription {
    pub(super) fn validate(self) -> Result<Subscription, ConfigError> {
        Ok(Subscription {
            max_connections: self.max_connections,
            max_operations: positive("subscription.max_operations", self.max_operations)?,
            init_timeout: seconds("subscription.init_seconds", self.init_seconds)?,
            ping_interval: seconds("subscription.ping_seconds", self.ping_seconds)?,
            poll_interval: Duration::from_millis(positive("subscription.poll_millis", self.poll_millis)?),
        })
    }
}
