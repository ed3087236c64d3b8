//! Rows by key, gathered from all resolvers of one answer. A list that knows its keys reads them all at once beforehand, so that the number of queries does
//! not depend on when resolvers run. Loaders live as long as their request.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use entity::db::Db;
use entity::observation::Key;
use entity::{import_batch, observation, principal, source, submission_figure, target};

use crate::error::Error;
use crate::service::provisional;

/// Observations by key.
pub(super) struct ObservationLoader(Db);

/// Targets by key.
pub(super) struct TargetLoader(Db);

/// Sources by key.
pub(super) struct SourceLoader(Db);

/// All revisions of observations, by what they are about.
pub(super) struct HistoryLoader(Db);

/// Import batches by key.
pub(super) struct BatchLoader(Db);

/// Principals by key.
pub(super) struct PrincipalLoader(Db);

/// Observations by key, kept for one answer.
pub(super) type Observations = DataLoader<ObservationLoader, HashMapCache>;

/// Targets by key, kept for one answer.
pub(super) type Targets = DataLoader<TargetLoader, HashMapCache>;

/// Sources by key, kept for one answer.
pub(super) type Sources = DataLoader<SourceLoader, HashMapCache>;

/// All revisions of observations, kept for one answer.
pub(super) type Histories = DataLoader<HistoryLoader, HashMapCache>;

/// Import batches by key, kept for one answer.
pub(super) type Batches = DataLoader<BatchLoader, HashMapCache>;

/// Principals by key, kept for one answer.
pub(super) type Principals = DataLoader<PrincipalLoader, HashMapCache>;

/// An error that several waiting resolvers share.
type Shared = Arc<Error>;

pub(super) fn observations(db: Db) -> Observations {
    DataLoader::with_cache(ObservationLoader(db), tokio::spawn, HashMapCache::default())
}

pub(super) fn targets(db: Db) -> Targets {
    DataLoader::with_cache(TargetLoader(db), tokio::spawn, HashMapCache::default())
}

pub(super) fn sources(db: Db) -> Sources {
    DataLoader::with_cache(SourceLoader(db), tokio::spawn, HashMapCache::default())
}

pub(super) fn histories(db: Db) -> Histories {
    DataLoader::with_cache(HistoryLoader(db), tokio::spawn, HashMapCache::default())
}

pub(super) fn batches(db: Db) -> Batches {
    DataLoader::with_cache(BatchLoader(db), tokio::spawn, HashMapCache::default())
}

pub(super) fn principals(db: Db) -> Principals {
    DataLoader::with_cache(PrincipalLoader(db), tokio::spawn, HashMapCache::default())
}

impl Loader<i64> for ObservationLoader {
    type Value = Arc<observation::Model>;
    type Error = Shared;

    async fn load(&self, keys: &[i64]) -> Result<HashMap<i64, Self::Value>, Self::Error> {
        let drafts: Vec<i64> = keys.iter().copied().filter_map(provisional::draft_of).collect();
        let keys: Vec<i64> = keys
            .iter()
            .copied()
            .filter(|key| provisional::draft_of(*key).is_none())
            .collect();
        let shared = |error: entity::Error| Arc::new(Error::from(error));
        let mut rows = observation::by_ids(&self.0, &keys).await.map_err(shared)?;
        if !drafts.is_empty() {
            let figures = submission_figure::by_ids(&self.0, &drafts).await.map_err(shared)?;
            rows.extend(figures.iter().map(provisional::flagged));
        }
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<i64> for TargetLoader {
    type Value = Arc<target::Model>;
    type Error = Shared;

    async fn load(&self, keys: &[i64]) -> Result<HashMap<i64, Self::Value>, Self::Error> {
        let rows = target::by_ids(&self.0, keys)
            .await
            .map_err(|error| Arc::new(error.into()))?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<i64> for SourceLoader {
    type Value = Arc<source::Model>;
    type Error = Shared;

    async fn load(&self, keys: &[i64]) -> Result<HashMap<i64, Self::Value>, Self::Error> {
        let rows = source::by_ids(&self.0, keys)
            .await
            .map_err(|error| Arc::new(error.into()))?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<Key> for HistoryLoader {
    type Value = Arc<Vec<observation::Model>>;
    type Error = Shared;

    async fn load(&self, keys: &[Key]) -> Result<HashMap<Key, Self::Value>, Self::Error> {
        let rows = observation::revisions_of(&self.0, keys)
            .await
            .map_err(|error| Arc::new(error.into()))?;
        let mut histories: HashMap<Key, Vec<observation::Model>> = HashMap::new();
        for row in rows {
            histories.entry(Key::from(&row)).or_default().push(row);
        }
        Ok(histories.into_iter().map(|(key, rows)| (key, Arc::new(rows))).collect())
    }
}

impl Loader<i64> for BatchLoader {
    type Value = Arc<import_batch::Model>;
    type Error = Shared;

    async fn load(&self, keys: &[i64]) -> Result<HashMap<i64, Self::Value>, Self::Error> {
        let rows = import_batch::by_ids(&self.0, keys)
            .await
            .map_err(|error| Arc::new(error.into()))?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<i64> for PrincipalLoader {
    type Value = Arc<principal::Model>;
    type Error = Shared;

    async fn load(&self, keys: &[i64]) -> Result<HashMap<i64, Self::Value>, Self::Error> {
        let rows = principal::by_ids(&self.0, keys)
            .await
            .map_err(|error| Arc::new(error.into()))?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

/// Reads `observations` and the sources they name, if `sources` are wanted, into the loaders.
pub(super) async fn prepare(
    observations: &Observations,
    sources: Option<&Sources>,
    keys: Vec<i64>,
) -> Result<(), Shared> {
    let found = observations.load_many(keys).await?;
    if let Some(sources) = sources {
        sources
            .load_many(found.values().filter_map(|row| row.source_id))
            .await?;
    }
    Ok(())
}
