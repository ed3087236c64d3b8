//! How things stand in this moment, for the metrics: the figures in memory, the database, and how far the one is behind the other.

use std::time::Duration;

use entity::change_feed;

use super::Service;
use crate::telemetry::metrics::{Database, Store};

/// Whoever reads metrics is not left waiting for a database that hangs.
const PATIENCE: Duration = Duration::from_secs(2);

impl Service {
    /// Puts into the metrics how things stand; nothing is read that no query has asked for.
    pub async fn sample(&self) {
        let metrics = self.metrics();
        if let Some(snapshot) = self.follower.newest() {
            metrics.store(Store {
                figures: snapshot.facts.len(),
                indicators: snapshot.facts.indicators().count(),
                bytes: snapshot.facts.bytes(),
                version: snapshot.version,
                newest: snapshot.recorded_at,
            });
        }
        let latest = tokio::time::timeout(PATIENCE, change_feed::latest(&self.db)).await;
        let pool = self.db.pool();
        metrics.database(Database {
            version: latest.ok().and_then(Result::ok),
            open: pool.open,
            idle: pool.idle,
            statements: self.db.queries(),
        });
    }
}
