//! Follows the change feed: what was committed, by this process or another, is in the next snapshot; untouched indicators are not read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use analytics::fact::{Chunk, Columns, FactStore};
use arc_swap::ArcSwapOption;
use entity::change_feed;
use entity::choice::Topic;
use entity::db::{Db, View};
use entity::observation::{self, Fact, FactFilter};
use tokio::sync::Mutex;

use super::catalog::Catalog;
use super::compute::Compute;
use super::convert;
use super::snapshot::Snapshot;
use crate::error::Error;

/// Keeps the newest snapshot.
pub(super) struct Follower {
    db: Db,
    compute: Compute,
    newest: ArcSwapOption<Snapshot>,
    /// One reader of the feed at a time; the others take what it brings.
    turn: Mutex<()>,
}

impl Follower {
    pub(super) fn new(db: Db, compute: Compute) -> Self {
        Self {
            db,
            compute,
            newest: ArcSwapOption::empty(),
            turn: Mutex::new(()),
        }
    }

    /// The newest snapshot; one small query when nothing changed.
    pub(super) async fn current(&self) -> Result<Arc<Snapshot>, Error> {
        let version = change_feed::latest(&self.db).await?;
        if let Some(snapshot) = self.newest.load_full().filter(|snapshot| snapshot.version >= version) {
            return Ok(snapshot);
        }
        let _turn = self.turn.lock().await;
        let before = self.newest.load_full();
        if let Some(snapshot) = before.as_ref().filter(|snapshot| snapshot.version >= version) {
            return Ok(Arc::clone(snapshot));
        }
        let snapshot = Arc::new(self.follow(before).await?);
        self.newest.store(Some(Arc::clone(&snapshot)));
        Ok(snapshot)
    }

    /// Reads what changed since `before`, all of it in one view of the database: never half a batch.
    async fn follow(&self, before: Option<Arc<Snapshot>>) -> Result<Snapshot, Error> {
        let view = self.db.begin_read().await?;
        let version = change_feed::latest(&view).await?;
        let recorded_at = change_feed::latest_time(&view).await?;
        let Some(before) = before else {
            return self.read_all(&view, version, recorded_at).await;
        };
        let mut touched = BTreeSet::new();
        for change in change_feed::since(&view, before.version).await? {
            match change.topic {
                Topic::Catalog => return self.read_all(&view, version, recorded_at).await,
                Topic::Observations => touched.extend(change.indicator_id),
            }
        }
        let filter = FactFilter {
            indicators: Some(touched.iter().copied().collect()),
            as_of: None,
        };
        let facts = observation::facts(&view, &filter).await?;
        let chunks = self.chunks(facts, touched, Arc::clone(&before.catalog)).await?;
        Ok(Snapshot {
            version,
            recorded_at,
            catalog: Arc::clone(&before.catalog),
            facts: Arc::new(before.facts.with(version, chunks)),
        })
    }

    async fn read_all(&self, view: &View, version: i64, recorded_at: Option<i64>) -> Result<Snapshot, Error> {
        let catalog = Arc::new(Catalog::load(view).await?);
        let facts = observation::facts(view, &FactFilter::default()).await?;
        let chunks = self.chunks(facts, BTreeSet::new(), Arc::clone(&catalog)).await?;
        Ok(Snapshot {
            version,
            recorded_at,
            catalog,
            facts: Arc::new(FactStore::new(version, chunks)),
        })
    }

    /// The figures of `indicators` as they were known at `as_of`.
    pub(super) async fn as_of(
        &self,
        snapshot: &Snapshot,
        indicators: Vec<i64>,
        as_of: i64,
    ) -> Result<FactStore, Error> {
        let filter = FactFilter {
            indicators: Some(indicators),
            as_of: Some(as_of),
        };
        let facts = observation::facts(&self.db, &filter).await?;
        let chunks = self
            .chunks(facts, BTreeSet::new(), Arc::clone(&snapshot.catalog))
            .await?;
        Ok(FactStore::new(snapshot.version, chunks))
    }

    /// One chunk for every indicator with figures and for every one of `touched`, whose last figure may be gone.
    async fn chunks(
        &self,
        facts: Vec<Fact>,
        touched: BTreeSet<i64>,
        catalog: Arc<Catalog>,
    ) -> Result<Vec<(i64, Chunk)>, Error> {
        self.compute
            .run(move || {
                let mut columns: BTreeMap<i64, Columns> = touched
                    .into_iter()
                    .map(|indicator| (indicator, Columns::default()))
                    .collect();
                let mut lost = 0usize;
                for fact in &facts {
                    let org = catalog.tree().ordinal(fact.org_id);
                    lost += usize::from(!convert::push(columns.entry(fact.indicator_id).or_default(), fact, org));
                }
                if lost > 0 {
                    tracing::error!(
                        figures = lost,
                        "figures without a known organisation or period are not served"
                    );
                }
                let orgs = catalog.tree().len();
                columns
                    .into_iter()
                    .map(|(indicator, columns)| Ok((indicator, Chunk::build(columns, orgs)?)))
                    .collect()
            })
            .await?
    }
}
