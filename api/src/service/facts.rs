//! Follows the change feed: what was committed, by this process or another, is in the next snapshot; untouched indicators are not read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use analytics::fact::{Columns, FactStore};
use arc_swap::ArcSwapOption;
use entity::change_feed;
use entity::choice::Topic;
use entity::db::{Db, Handle, Tx, View};
use entity::observation::{self, Fact, FactFilter};
use entity::target;
use tokio::sync::Mutex;

use super::catalog::Catalog;
use super::compute::Compute;
use super::convert;
use super::look::Look;
use super::snapshot::Snapshot;
use crate::error::Error;

/// Keeps the newest snapshot.
pub(super) struct Follower {
    db: Db,
    compute: Compute,
    look: Look,
    newest: ArcSwapOption<Snapshot>,
    /// One reader of the feed at a time; the others take what it brings.
    turn: Mutex<()>,
}

impl Follower {
    pub(super) fn new(db: Db, compute: Compute) -> Self {
        Self {
            look: Look::new(db.clone()),
            db,
            compute,
            newest: ArcSwapOption::empty(),
            turn: Mutex::new(()),
        }
    }

    /// The newest snapshot; one small query when nothing changed, for all who ask at once.
    pub(super) async fn current(&self) -> Result<Arc<Snapshot>, Error> {
        let version = self.look.latest().await?;
        if let Some(snapshot) = self.newest.load_full().filter(|snapshot| snapshot.version >= version) {
            return Ok(snapshot);
        }
        let _turn = self.turn.lock().await;
        let before = self.newest.load_full();
        if let Some(snapshot) = before.as_ref().filter(|snapshot| snapshot.version >= version) {
            return Ok(Arc::clone(snapshot));
        }
        // Apart, so that whoever finds the newest one there carries nothing of this.
        let snapshot = Arc::new(Box::pin(self.follow(before)).await?);
        self.newest.store(Some(Arc::clone(&snapshot)));
        Ok(snapshot)
    }

    /// The newest snapshot that was made; none before the first.
    pub(super) fn newest(&self) -> Option<Arc<Snapshot>> {
        self.newest.load_full()
    }

    /// A snapshot that holds the change `version`: the newest one without a query, if it does.
    pub(super) async fn holding(&self, version: i64) -> Result<Arc<Snapshot>, Error> {
        match self.newest.load_full().filter(|snapshot| snapshot.version >= version) {
            Some(snapshot) => Ok(snapshot),
            None => self.current().await,
        }
    }

    /// The catalogue as the transaction sees it: the newest snapshot's, unless it changed since.
    pub(super) async fn catalog(&self, tx: &Tx) -> Result<Arc<Catalog>, Error> {
        let version = change_feed::latest_of(tx, Topic::Catalog).await?;
        match self.newest.load_full() {
            Some(snapshot) if snapshot.catalog_version == version => Ok(Arc::clone(&snapshot.catalog)),
            _ => Ok(Arc::new(Catalog::load(tx).await?)),
        }
    }

    /// Reads what changed since `before`, all of it in one view of the database: never half a batch.
    async fn follow(&self, before: Option<Arc<Snapshot>>) -> Result<Snapshot, Error> {
        let view = self.db.begin_read().await?;
        let version = change_feed::latest(&view).await?;
        let recorded_at = change_feed::latest_time(&view).await?;
        let Some(before) = before else {
            return self.read_all(&view, version, recorded_at).await;
        };
        let mut changed = Changed::default();
        for change in change_feed::since(&view, before.version).await? {
            match (change.topic, change.batch_id) {
                (Topic::Catalog, _) | (_, None) => return self.read_all(&view, version, recorded_at).await,
                (Topic::Observations, Some(batch)) => changed.batches.insert(batch),
                (Topic::Targets, Some(_)) => {
                    changed.targets = true;
                    false
                }
            };
        }
        let batches: Vec<i64> = changed.batches.into_iter().collect();
        let facts = observation::facts_of(&view, &batches).await?;
        let targets = if changed.targets {
            Arc::new(self.targets(&view, &before.catalog, version, None).await?)
        } else {
            Arc::clone(&before.targets)
        };
        let columns = self.columns(facts, Arc::clone(&before.catalog)).await?;
        let (store, orgs) = (Arc::clone(&before.facts), before.catalog.tree().len());
        let facts = self.compute.run(move || store.with(version, columns, orgs)).await??;
        Ok(Snapshot {
            version,
            recorded_at,
            catalog_version: before.catalog_version,
            catalog: Arc::clone(&before.catalog),
            facts: Arc::new(facts),
            targets,
        })
    }

    async fn read_all(&self, view: &View, version: i64, recorded_at: Option<i64>) -> Result<Snapshot, Error> {
        let catalog = Arc::new(Catalog::load(view).await?);
        let facts = observation::facts(view, &FactFilter::default()).await?;
        Ok(Snapshot {
            version,
            recorded_at,
            catalog_version: change_feed::latest_of(view, Topic::Catalog).await?,
            facts: Arc::new(self.store(facts, &catalog, version).await?),
            targets: Arc::new(self.targets(view, &catalog, version, None).await?),
            catalog,
        })
    }

    /// The figures of `indicators` and their targets as they were known at `as_of`.
    pub(super) async fn as_of(
        &self,
        snapshot: &Snapshot,
        indicators: Vec<i64>,
        as_of: i64,
    ) -> Result<(Arc<FactStore>, Arc<FactStore>), Error> {
        let filter = FactFilter {
            indicators: Some(indicators),
            as_of: Some(as_of),
        };
        let facts = observation::facts(&self.db, &filter).await?;
        let (catalog, version) = (&snapshot.catalog, snapshot.version);
        let targets = self.targets(&self.db, catalog, version, Some(as_of)).await?;
        Ok((Arc::new(self.store(facts, catalog, version).await?), Arc::new(targets)))
    }

    async fn targets(
        &self,
        handle: &impl Handle,
        catalog: &Arc<Catalog>,
        version: i64,
        as_of: Option<i64>,
    ) -> Result<FactStore, Error> {
        let facts = target::facts(handle, as_of).await?;
        self.store(facts, catalog, version).await
    }

    async fn store(&self, facts: Vec<Fact>, catalog: &Arc<Catalog>, version: i64) -> Result<FactStore, Error> {
        let columns = self.columns(facts, Arc::clone(catalog)).await?;
        let orgs = catalog.tree().len();
        Ok(self
            .compute
            .run(move || FactStore::build(version, columns, orgs))
            .await??)
    }

    /// The figures as columns, one set an indicator.
    async fn columns(&self, facts: Vec<Fact>, catalog: Arc<Catalog>) -> Result<BTreeMap<i64, Columns>, Error> {
        self.compute
            .run(move || {
                let mut columns: BTreeMap<i64, Columns> = BTreeMap::new();
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
                columns
            })
            .await
    }
}

/// What the change feed says was touched.
#[derive(Default)]
struct Changed {
    batches: BTreeSet<i64>,
    targets: bool,
}
