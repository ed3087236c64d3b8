//! Writing an import: the batch, its sources, its revisions and its entries in the change feed.

use std::collections::BTreeSet;

use entity::choice::{RevisionReason, Topic};
use entity::db::Tx;
use entity::{change_feed, import_batch, observation, source, target};

use super::cell::{Cell, Document};
use super::content::Content;
use super::error::{ImportError, go_on};
use super::plan::{Outcome, Plan, Replaced};
use super::progress::{Phase, Progress};
use super::resolve::Resolved;
use super::table::Place;
use crate::error::Error;
use crate::intake::figures::Field;

/// Revisions that are made at a time.
const CHUNK: usize = 10_000;

/// A batch that is written.
pub(super) struct Writing<'a> {
    pub(super) tx: &'a Tx,
    pub(super) resolved: &'a Resolved,
    pub(super) plan: &'a Plan,
    pub(super) content: Content,
    pub(super) progress: &'a Progress,
    /// The file, as a document.
    pub(super) file: Document,
}

impl Writing<'_> {
    /// Writes all of it and gives the batch's id; nothing stands before the transaction is committed.
    pub(super) async fn run(&self, batch: import_batch::New) -> Result<i64, ImportError> {
        let (recorded_at, reason) = (batch.recorded_at, batch.reason);
        let batch_id = import_batch::insert(self.tx, batch).await?;
        let sources = self.sources().await?;
        let superseded: Vec<i64> = self.plan.replaced.values().map(|replaced| replaced.id).collect();
        match self.content {
            Content::Figures => observation::supersede(self.tx, &superseded, recorded_at).await?,
            Content::Targets => target::supersede(self.tx, &superseded, recorded_at).await?,
        }
        let mut written: Vec<usize> = (0..self.resolved.cells.len())
            .filter(|index| !matches!(self.plan.outcomes.get(*index), Some(Outcome::Unchanged)))
            .collect();
        // In the order of the keys, so that the indexes of the table grow at their ends.
        written.sort_unstable_by_key(|index| self.resolved.cells.get(*index).map(|cell| cell.key));
        self.progress.start(Phase::Writing, written.len());
        let mut touched = BTreeSet::new();
        for chunk in written.chunks(CHUNK) {
            go_on(self.progress)?;
            let stamp = Stamp {
                batch_id,
                recorded_at,
                reason,
            };
            let rows: Vec<observation::New> = chunk
                .iter()
                .filter_map(|index| self.row(*index, &sources, &stamp))
                .collect();
            touched.extend(rows.iter().map(|row| row.indicator_id));
            self.insert(rows).await?;
            self.progress.advance(chunk.len());
        }
        self.feed(touched, batch_id, recorded_at).await?;
        Ok(batch_id)
    }

    /// The revisions that would be written, with their sources; these are stored.
    pub(super) async fn rows(&self) -> Result<Vec<observation::New>, Error> {
        let sources = self.sources().await?;
        let stamp = Stamp {
            batch_id: 0,
            recorded_at: 0,
            reason: None,
        };
        let changed = self.plan.outcomes.iter().enumerate();
        let changed = changed.filter(|(_, outcome)| **outcome != Outcome::Unchanged);
        Ok(changed
            .filter_map(|(index, _)| self.row(index, &sources, &stamp))
            .collect())
    }

    async fn insert(&self, rows: Vec<observation::New>) -> Result<(), Error> {
        match self.content {
            Content::Figures => observation::insert_many(self.tx, &rows).await?,
            Content::Targets => {
                let rows: Vec<target::New> = rows.into_iter().map(Into::into).collect();
                target::insert_many(self.tx, &rows).await?;
            }
        }
        Ok(())
    }

    async fn feed(&self, touched: BTreeSet<i64>, batch_id: i64, recorded_at: i64) -> Result<(), Error> {
        let topic = match self.content {
            Content::Figures => Topic::Observations,
            Content::Targets => Topic::Targets,
        };
        let changes = touched.into_iter().map(|indicator| change_feed::New {
            topic,
            indicator_id: Some(indicator),
            batch_id: Some(batch_id),
            recorded_at,
        });
        change_feed::append(self.tx, changes.collect()).await?;
        Ok(())
    }

    /// The keys of the documents that rows name, and of the file itself where some name none.
    async fn sources(&self) -> Result<Sources, Error> {
        let mut named = Vec::new();
        for document in &self.resolved.documents {
            named.push(source::find_or_insert(self.tx, stored(document)).await?);
        }
        let is_implied = self
            .resolved
            .cells
            .iter()
            .any(|cell| !cell.told.has(Field::SourceTitle));
        let file = if is_implied {
            Some(source::find_or_insert(self.tx, stored(&self.file)).await?)
        } else {
            None
        };
        Ok(Sources { named, file })
    }

    fn row(&self, index: usize, sources: &Sources, stamp: &Stamp) -> Option<observation::New> {
        let cell = self.resolved.cells.get(index)?;
        let replaced = u32::try_from(index)
            .ok()
            .and_then(|index| self.plan.replaced.get(&index));
        let revision = replaced.map_or(1, |replaced| replaced.revision + 1);
        let (source_id, locator) = self.provenance(cell, replaced, sources);
        let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        Some(observation::New {
            indicator_id: cell.key.indicator_id,
            org_id: cell.key.org_id,
            start_month: cell.key.start_month,
            end_month: cell.key.end_month,
            breakdown_item_id: cell.key.breakdown_item_id,
            revision,
            value: cell.value,
            status: cell.status,
            decimals: cell.decimals,
            printed: text(&cell.printed),
            unit_id: cell.unit_id,
            flags: cell.flags.to_string(),
            note: text(&cell.note),
            source_id,
            locator,
            batch_id: Some(stamp.batch_id),
            reason: stamp
                .reason
                .filter(|_| replaced.is_some_and(|replaced| replaced.is_figure)),
            recorded_at: stamp.recorded_at,
            superseded_at: None,
            withdrawn: false,
        })
    }

    /// The document that the row names, or the place in the file that was imported.
    fn provenance(&self, cell: &Cell, replaced: Option<&Replaced>, sources: &Sources) -> (Option<i64>, Option<String>) {
        if cell.told.has(Field::SourceTitle) {
            let source = cell
                .document
                .and_then(|place| sources.named.get(place as usize).copied());
            return (source, cell.locator.as_deref().map(str::to_owned));
        }
        if let Some(kept) = replaced.filter(|replaced| replaced.keeps_source) {
            return (kept.source_id, cell.locator.as_deref().map(str::to_owned));
        }
        let locator = if cell.told.has(Field::Locator) && cell.locator.is_some() {
            cell.locator.as_deref().map(str::to_owned)
        } else {
            Some(self.locator(cell.place))
        };
        (sources.file, locator)
    }

    fn locator(&self, place: Place) -> String {
        match place.cell(&self.resolved.tables) {
            Some(cell) => cell.to_string(),
            None => format!("第{}行", place.line),
        }
    }
}

/// What all rows of a batch share.
struct Stamp {
    batch_id: i64,
    recorded_at: i64,
    reason: Option<RevisionReason>,
}

/// Keys of sources.
struct Sources {
    named: Vec<i64>,
    file: Option<i64>,
}

fn stored(document: &Document) -> source::New {
    source::New {
        title: document.title.clone(),
        address: document.address.clone(),
        publisher: document.publisher.clone(),
        published_on: document.published_on.clone(),
        content_hash: document.content_hash.clone(),
    }
}
