//! Brings the database to the state of the catalogue's files: what is new is added, what differs is changed, nothing is removed, all or nothing.

mod framework;
mod guard;
mod indicator;
mod org;
mod org_succession;
mod report;
mod run;

use entity::change_feed;
use entity::choice::Topic;
use serde_json::json;

pub use self::report::Report;
use self::run::Run;
use super::Service;
use super::access::{Act, Caller};
use super::audit::{Event, record};
use crate::error::Error;
use crate::intake::catalog::entry::Catalog;
use crate::intake::problem::Problem;

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// Faults in the files.
    #[error("{} faults in the catalogue", .0.len())]
    Problems(Vec<Problem>),
    /// The database.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<entity::error::Error> for ApplyError {
    fn from(error: entity::error::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Service {
    /// Applies a checked catalogue.
    ///
    /// # Errors
    /// [`ApplyError::Problems`] when a change would give stored figures another meaning; nothing is changed then.
    pub async fn apply_catalog(&self, caller: &Caller, catalog: &Catalog) -> Result<Report, ApplyError> {
        caller.may(Act::Define)?;
        let tx = self.db.begin_write().await?;
        let problems = guard::check(&tx, catalog).await?;
        if !problems.is_empty() {
            return Err(ApplyError::Problems(problems));
        }
        let mut run = Run::new(&tx);
        run.units(catalog).await?;
        run.themes(catalog).await?;
        run.orgs(catalog).await?;
        run.parents(catalog).await?;
        run.successions(catalog).await?;
        run.breakdowns(catalog).await?;
        run.indicators(catalog).await?;
        run.versions(catalog).await?;
        run.frameworks(catalog).await?;
        let report = run.report;
        if report.created.is_empty() && report.updated.is_empty() {
            tx.rollback().await?;
            return Ok(report);
        }
        let recorded_at = tx.now().await?;
        change_feed::append(
            &tx,
            vec![change_feed::New {
                topic: Topic::Catalog,
                indicator_id: None,
                batch_id: None,
                recorded_at,
            }],
        )
        .await?;
        let event = Event::new("apply_catalog", "catalogue").after(json!({
            "created": report.created, "updated": report.updated, "unchanged": report.unchanged,
        }));
        record(&tx, caller, event).await?;
        tx.commit().await?;
        Ok(report)
    }
}
