//! Publishing: the figures of a submission into the observations, as one import batch like any other.

use entity::choice::RevisionReason;
use entity::db::Tx;
use entity::observation::{Key, Model};
use entity::{import_batch, source};
use std::collections::HashMap;

use super::cell::{Cell, Document, Told};
use super::content::Content;
use super::effect::Changes;
use super::error::ImportError;
use super::plan::{Plan, plan};
use super::progress::Progress;
use super::report::Report;
use super::resolve::Resolved;
use super::run::{count, refuse, report};
use super::table::Place;
use super::write::Writing;
use crate::error::Error;
use crate::intake::figures::Field;
use crate::service::Service;
use crate::service::access::Sight;
use crate::service::catalog::Catalog;

/// What is to be published.
pub(in crate::service) struct Release {
    /// The submission.
    pub(in crate::service) submission: i64,
    /// Its round.
    pub(in crate::service) round: i32,
    /// What it is called.
    pub(in crate::service) title: String,
    /// Who publishes.
    pub(in crate::service) author: String,
    /// Why what is published already is revised.
    pub(in crate::service) reason: Option<RevisionReason>,
    /// Up to which recording time the observations were seen when it was approved.
    pub(in crate::service) as_of: i64,
}

/// A release held against the observations.
pub(in crate::service) struct Prepared {
    resolved: Resolved,
    plan: Plan,
    pub(in crate::service) report: Report,
}

impl Release {
    /// Holds `rows` against the observations.
    pub(in crate::service) async fn prepare(
        &self,
        tx: &Tx,
        catalog: &Catalog,
        rows: &[Model],
    ) -> Result<Prepared, ImportError> {
        let mut wanted: Vec<i64> = rows.iter().filter_map(|row| row.source_id).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let sources = source::by_ids(tx, &wanted).await?;
        let mut resolved = resolved(rows, &sources);
        let plan = plan(tx, catalog, &mut resolved, Content::Figures, self.as_of).await?;
        let report = report(&mut resolved, &plan);
        Ok(Prepared { resolved, plan, report })
    }

    /// Writes what is new or revised as one batch, and gives its number and recording time; nothing where nothing is.
    pub(in crate::service) async fn write(
        &self,
        tx: &Tx,
        prepared: &mut Prepared,
    ) -> Result<Option<(i64, i64)>, ImportError> {
        refuse(&mut prepared.report, &prepared.plan, self.reason)?;
        let told = &prepared.report;
        if told.created == 0 && told.revised == 0 {
            return Ok(None);
        }
        let recorded_at = tx.now().await?;
        let batch = import_batch::New {
            content_hash: format!("submission:{}:{}", self.submission, self.round),
            file_name: self.title.clone(),
            author: self.author.clone(),
            reason: self.reason.filter(|_| told.revised > 0),
            idempotency_key: None,
            recorded_at,
            created_count: count(told.created),
            revised_count: count(told.revised),
            unchanged_count: count(told.unchanged),
            mapping: None,
            undoes: None,
            submission_id: Some(self.submission),
        };
        let writing = Writing {
            tx,
            resolved: &prepared.resolved,
            plan: &prepared.plan,
            content: Content::Figures,
            progress: &Progress::default(),
            // Every row names its document.
            file: Document {
                title: self.title.clone(),
                address: String::new(),
                publisher: None,
                published_on: None,
                content_hash: None,
            },
        };
        let id = writing.run(batch).await?;
        prepared.report.batch = Some(id);
        Ok(Some((id, recorded_at)))
    }
}

impl Service {
    /// Adds to the report of a release what it would move.
    pub(in crate::service) async fn release_effects(&self, prepared: Prepared, sight: &Sight) -> Result<Report, Error> {
        let changes = Changes::of(&prepared.resolved, &prepared.plan, &sight.snapshot.catalog);
        let mut report = prepared.report;
        self.add_effects(&mut report, sight, changes).await?;
        Ok(report)
    }
}

/// Rows as the cells of a file that tells everything.
fn resolved(rows: &[Model], sources: &[source::Model]) -> Resolved {
    let places: HashMap<i64, u32> = (0u32..)
        .zip(sources)
        .map(|(place, source)| (source.id, place))
        .collect();
    let fields = [
        Field::Status,
        Field::Printed,
        Field::Flags,
        Field::SourceTitle,
        Field::Publisher,
        Field::PublishedOn,
        Field::Locator,
        Field::Note,
        Field::Unit,
    ];
    let told = fields.into_iter().fold(Told::default(), Told::with);
    let cell = |(line, row): (u32, &Model)| {
        let printed: Option<Box<str>> = row.printed.as_deref().map(Box::from);
        Cell {
            place: Place {
                table: 0,
                line,
                column: 0,
            },
            key: Key::from(row),
            value: row.value,
            status: row.status,
            decimals: row.decimals,
            unit_id: row.unit_id,
            told,
            written_from: None,
            has_typed_digits: true,
            flags: row.flags.as_str().into(),
            shown: printed.clone(),
            printed,
            note: row.note.as_deref().map(Box::from),
            locator: row.locator.as_deref().map(Box::from),
            document: row.source_id.and_then(|id| places.get(&id).copied()),
        }
    };
    let cells: Vec<Cell> = (1u32..).zip(rows).map(cell).collect();
    Resolved {
        index: (0u32..).zip(&cells).map(|(index, cell)| (cell.key, index)).collect(),
        cells,
        documents: sources.iter().map(document).collect(),
        ..Resolved::default()
    }
}

fn document(source: &source::Model) -> Document {
    Document {
        title: source.title.clone(),
        address: source.address.clone(),
        publisher: source.publisher.clone(),
        published_on: source.published_on.clone(),
        content_hash: source.content_hash.clone(),
    }
}
