//! What one answer is computed over: the catalogue of the pinned snapshot and the figures as they were known at one time.

use std::sync::Arc;

use analytics::error::Error as CalculationError;
use analytics::fact::FactStore;
use analytics::op::Data;
use analytics::period::Period;
use analytics::tree::OrgTree;

use super::Service;
use super::catalog::Catalog;
use super::hierarchy::{Hierarchy, View};
use super::provisional::{Include, Reading};
use super::snapshot::Snapshot;
use crate::error::Error;

/// Cells of a grid that are done in well under a millisecond, also where each is put together from a whole district.
const FEW: u64 = 16;

/// One state of everything. Clones share it.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The pinned snapshot.
    pub snapshot: Arc<Snapshot>,
    /// The figures.
    pub facts: Arc<FactStore>,
    /// The targets.
    pub targets: Arc<FactStore>,
    /// The recording time, in µs since the epoch, up to which they were taken in; none before anything was recorded.
    pub as_of: Option<i64>,
    /// The organisations: as reported, or as in one month for all periods. Its ordinals are those of the snapshot.
    pub tree: Arc<OrgTree>,
    /// Which of these.
    pub hierarchy: Hierarchy,
    /// The period in whose last month the tree was so; none where each period has its own.
    pub hierarchy_at: Option<Period>,
}

impl Edition {
    /// The catalogue.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.snapshot.catalog
    }

    /// What a calculation reads.
    #[must_use]
    pub fn data(&self) -> Data<'_> {
        Data {
            store: &self.facts,
            targets: &self.targets,
            indicators: self.snapshot.catalog.specs(),
            tree: &self.tree,
        }
    }
}

impl Service {
    /// The state as it was known at `as_of`, of `indicators` and all that they are computed from; the snapshot's own when no time is given.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked, [`Error::Input`] when unpublished figures are asked for as of an earlier time.
    pub(super) async fn edition(
        &self,
        snapshot: Arc<Snapshot>,
        indicators: &[i64],
        asked: impl Into<Reading>,
    ) -> Result<Edition, Error> {
        let Reading { as_of: asked, include } = asked.into().check()?;
        let as_of = snapshot.as_of(asked);
        let (facts, targets) = match asked {
            None if include == Include::Provisional => {
                let read = snapshot.catalog.specs().closure(indicators);
                (
                    self.with_pending(&snapshot, &read).await?,
                    Arc::clone(&snapshot.targets),
                )
            }
            None => (Arc::clone(&snapshot.facts), Arc::clone(&snapshot.targets)),
            Some(asked) => {
                let read = snapshot.catalog.specs().closure(indicators);
                self.follower.as_of(&snapshot, read, as_of.unwrap_or(asked)).await?
            }
        };
        Ok(Edition {
            tree: Arc::clone(snapshot.catalog.tree()),
            hierarchy: Hierarchy::AsReported,
            hierarchy_at: None,
            snapshot,
            facts,
            targets,
            as_of,
        })
    }

    /// The same for a question about `current` under the tree of `view`. A tree of one month has the ordinals of the reported one: no figure is read or moved for it.
    ///
    /// # Errors
    /// As [`Service::edition`].
    pub(super) async fn edition_under(
        &self,
        snapshot: Arc<Snapshot>,
        indicators: &[i64],
        asked: impl Into<Reading>,
        (view, current): (View, Period),
    ) -> Result<Edition, Error> {
        let edition = self.edition(snapshot, indicators, asked).await?;
        let Some(at) = view.period(current) else {
            return Ok(edition);
        };
        let tree = Arc::clone(&edition.tree);
        let tree = self.compute.run(move || tree.recast(at.end_month())).await?;
        Ok(Edition {
            tree,
            hierarchy: view.hierarchy(),
            hierarchy_at: Some(at),
            ..edition
        })
    }

    /// Runs `calculation` over `edition` when its turn comes.
    pub(super) async fn calculate<T: Send + 'static>(
        &self,
        edition: &Edition,
        calculation: impl FnOnce(Data<'_>) -> Result<T, CalculationError> + Send + 'static,
    ) -> Result<T, Error> {
        let edition = edition.clone();
        Ok(self.compute.run(move || calculation(edition.data())).await??)
    }

    /// The same for `cells` of a grid: a few are done before another thread would have begun.
    pub(super) async fn calculate_some<T: Send + 'static>(
        &self,
        edition: &Edition,
        cells: u64,
        calculation: impl FnOnce(Data<'_>) -> Result<T, CalculationError> + Send + 'static,
    ) -> Result<T, Error> {
        if cells <= FEW {
            return Ok(self.compute.here(|| calculation(edition.data()))?);
        }
        self.calculate(edition, calculation).await
    }
}
