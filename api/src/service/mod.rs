//! What the server can do, without saying how it is asked: the rules, the transactions, and the only bridge to the calculations.

pub mod access;
pub mod annual_report;
pub mod apply;
pub mod audit;
pub mod availability;
pub mod backup;
pub mod catalog;
pub mod change_feed;
mod check;
pub mod compare;
pub mod comparison_table;
mod compute;
pub mod convert;
pub mod decompose;
pub mod edition;
pub mod evaluation;
pub mod export;
mod facts;
mod fault;
mod feed;
pub mod finding;
pub mod framework;
pub mod generate;
pub mod hierarchy;
pub mod import;
mod limit;
mod look;
pub mod objection;
mod objection_list;
mod observation;
pub mod observation_table;
pub mod provisional;
pub mod ranking;
pub mod rectification;
mod refusal;
mod sample;
pub mod selector;
pub mod snapshot;
pub mod stored_query;
pub mod submission;
pub mod table;
pub mod template;
pub mod trend;
mod words;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use entity::db::Db;

use crate::error::Error;
use crate::telemetry::metrics::Metrics;
use compute::Compute;
use facts::Follower;
use feed::Feed;
use snapshot::Snapshot;

/// The services over one database. Clones share it.
#[derive(Clone)]
pub struct Service {
    db: Db,
    follower: Arc<Follower>,
    compute: Compute,
    feed: Feed,
    jobs: import::Jobs,
    sign_in: access::SignIn,
    metrics: Metrics,
}

impl Service {
    /// Services over `db`, with `parallel` calculations at the same time.
    #[must_use]
    pub fn new(db: Db, parallel: NonZeroUsize) -> Self {
        let metrics = Metrics::new();
        let compute = Compute::new(parallel, metrics.clone());
        Self {
            follower: Arc::new(Follower::new(db.clone(), compute.clone())),
            feed: Feed::new(db.clone()),
            db,
            compute,
            jobs: import::Jobs::default(),
            sign_in: access::SignIn::default(),
            metrics,
        }
    }

    /// The same services, looking at the change feed every `interval` while somebody follows it.
    #[must_use]
    pub fn polling(mut self, interval: Duration) -> Self {
        self.feed.poll_every(interval);
        self
    }

    /// The same services, letting callers in like this. Without it strangers may do nothing.
    #[must_use]
    pub fn admitting(mut self, sign_in: access::SignIn) -> Self {
        self.sign_in = sign_in;
        self
    }

    /// What is counted and measured.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// The imports that run in this process.
    #[must_use]
    pub fn jobs(&self) -> &import::Jobs {
        &self.jobs
    }

    /// The database, for reads that need no rule.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The catalogue and the figures as they are now: everything committed before this call is in it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, Error> {
        self.follower.current().await
    }
}
