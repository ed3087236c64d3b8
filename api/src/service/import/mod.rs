//! Figures into the database: every row checked, compared with what is stored, and written all together or not at all.

mod amount;
mod cell;
mod check;
mod content;
mod plan;
mod resolve;

use std::collections::BTreeSet;

use entity::choice::{RevisionReason, Topic};
use entity::db::Tx;
use entity::{change_feed, import_batch, observation, source, target};
use sha2::{Digest, Sha256};

use self::cell::{Cell, Document};
pub use self::content::Content;
pub use self::plan::Revision;
use self::plan::{Plan, plan};
use super::Service;
use crate::error::Error;
use crate::intake::figures;
use crate::intake::problem::Problem;

/// How an import is to be made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the rows are.
    pub content: Content,
    /// Write; without it nothing is changed.
    pub commit: bool,
    /// Who imports.
    pub author: String,
    /// Why stored figures are revised, if any are.
    pub reason: Option<RevisionReason>,
    /// Import a file again that was imported before.
    pub again: bool,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Rows of the file.
    pub rows: usize,
    /// Cells that had no figure.
    pub created: usize,
    /// Cells whose figure or whose provenance changed.
    pub revised: Vec<Revision>,
    /// Cells that are stored as they stand in the file.
    pub unchanged: usize,
    /// The batch that was written.
    pub batch: Option<i64>,
    /// The batch that brought this very file before.
    pub known: Option<import_batch::Model>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// Faults in the file.
    #[error("{} faults in the file", .0.len())]
    Problems(Vec<Problem>),
    /// There is no indicator yet.
    #[error("the database has no catalogue; run `plumbline catalog apply` first")]
    NoCatalog,
    /// Stored figures would change, and nobody said why.
    #[error("stored figures would be revised ({0}), and no reason is given")]
    NoReason(usize),
    /// The database.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<entity::error::Error> for ImportError {
    fn from(error: entity::error::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Service {
    /// Imports a long-form CSV.
    ///
    /// # Errors
    /// [`ImportError::Problems`] with every faulty row, [`ImportError::NoReason`]; nothing is changed then.
    pub async fn import(&self, file: &str, bytes: &[u8], options: &Options) -> Result<Report, ImportError> {
        let content_hash = hash(bytes, options.content);
        let rows = figures::read(file, bytes).map_err(ImportError::Problems)?;
        let tx = self.db.begin_write().await?;
        if let Some(known) = import_batch::latest_by_hash(&tx, &content_hash)
            .await?
            .filter(|_| !options.again)
        {
            return Ok(Report {
                rows: rows.len(),
                unchanged: rows.len(),
                known: Some(known),
                ..Report::default()
            });
        }
        let catalog = self.follower.catalog(&tx).await?;
        if catalog.indicators().is_empty() {
            return Err(ImportError::NoCatalog);
        }
        let cells = resolve::resolve(file, &rows, &catalog, options.content).map_err(ImportError::Problems)?;
        let plan = plan(&tx, &catalog, &cells, options.content).await?;
        let mut report = Report {
            rows: rows.len(),
            created: plan.created.len(),
            unchanged: plan.unchanged,
            revised: plan.revised.iter().map(|(revision, ..)| revision.clone()).collect(),
            ..Report::default()
        };
        if !options.commit || (report.created == 0 && report.revised.is_empty()) {
            tx.rollback().await?;
            return Ok(report);
        }
        if !report.revised.is_empty() && options.reason.is_none() {
            return Err(ImportError::NoReason(report.revised.len()));
        }
        let batch = import_batch::New {
            content_hash,
            file_name: file.to_owned(),
            author: options.author.clone(),
            reason: options.reason.filter(|_| !report.revised.is_empty()),
            idempotency_key: None,
            recorded_at: tx.now().await?,
            created_count: count(report.created),
            revised_count: count(report.revised.len()),
            unchanged_count: count(report.unchanged),
        };
        report.batch = Some(write(&tx, batch, &cells, plan, options.content).await?);
        tx.commit().await?;
        Ok(report)
    }
}

/// Writes the batch, its sources, its revisions and its entries in the change feed.
async fn write(tx: &Tx, batch: import_batch::New, cells: &[Cell], plan: Plan, content: Content) -> Result<i64, Error> {
    let (recorded_at, reason) = (batch.recorded_at, batch.reason);
    let batch_id = import_batch::insert(tx, batch).await?;
    let mut sources = std::collections::HashMap::new();
    for document in cells.iter().filter_map(|cell| cell.document.as_ref()) {
        if !sources.contains_key(document) {
            sources.insert(document.clone(), source::find_or_insert(tx, stored(document)).await?);
        }
    }
    let finish = |index: usize, revision: i32| -> Option<observation::New> {
        let cell = cells.get(index)?;
        Some(observation::New {
            source_id: cell
                .document
                .as_ref()
                .and_then(|document| sources.get(document).copied()),
            batch_id: Some(batch_id),
            recorded_at,
            revision,
            reason: reason.filter(|_| revision > 1),
            ..cell.row.clone()
        })
    };
    let superseded: Vec<i64> = plan.revised.iter().map(|(_, _, id, _)| *id).collect();
    let new = plan.created.iter().map(|index| finish(*index, 1));
    let again = plan
        .revised
        .iter()
        .map(|(_, index, _, revision)| finish(*index, revision + 1));
    let rows: Vec<observation::New> = new.chain(again).flatten().collect();
    let touched: BTreeSet<i64> = rows.iter().map(|row| row.indicator_id).collect();
    let topic = match content {
        Content::Figures => {
            observation::supersede(tx, &superseded, recorded_at).await?;
            observation::insert_many(tx, &rows).await?;
            Topic::Observations
        }
        Content::Targets => {
            target::supersede(tx, &superseded, recorded_at).await?;
            let rows: Vec<target::New> = rows.into_iter().map(Into::into).collect();
            target::insert_many(tx, &rows).await?;
            Topic::Targets
        }
    };
    let changes = touched.into_iter().map(|indicator| change_feed::New {
        topic,
        indicator_id: Some(indicator),
        batch_id: Some(batch_id),
        recorded_at,
    });
    change_feed::append(tx, changes.collect()).await?;
    Ok(batch_id)
}

fn stored(document: &Document) -> source::New {
    source::New {
        title: document.title.clone(),
        address: document.address.clone(),
        publisher: None,
        published_on: document.published_on.clone(),
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// SHA-256 of the bytes, in hexadecimal; the same bytes read as targets are another content.
fn hash(bytes: &[u8], content: Content) -> String {
    let mut digest = Sha256::new();
    if content == Content::Targets {
        digest.update(b"targets\n");
    }
    digest.update(bytes);
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
