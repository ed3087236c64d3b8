//! One import from its bytes to its report.

use std::sync::Arc;
use std::time::Instant;

use entity::choice::{RevisionReason, Topic};
use entity::db::Tx;
use entity::{change_feed, import_batch};
use serde_json::json;

use super::cell::Document;
use super::content::Content;
use super::digest::sha256;
use super::effect::Changes;
use super::error::{ImportError, go_on};
use super::options::Options;
use super::plan::{Outcome, Plan, plan};
use super::progress::Phase;
use super::report::Report;
use super::resolve::{self, Request, Resolved};
use super::token::Token;
use super::write::Writing;
use crate::error::Error;
use crate::service::Service;
use crate::service::access::{Act, Sight};
use crate::service::audit::{Event, record};
use crate::service::catalog::Catalog;
use crate::telemetry::trace;

/// A file that is being imported.
struct Job {
    file: String,
    bytes: Vec<u8>,
    options: Options,
    /// SHA-256 of its bytes.
    content_hash: String,
    /// The same with what it was read as.
    hash: String,
}

impl Service {
    /// Imports a file, or tells what that would do. Without `commit` faults are in the report.
    ///
    /// # Errors
    /// [`ImportError`]; nothing is changed then.
    pub async fn import(
        &self,
        file: &str,
        bytes: impl Into<Vec<u8>> + Send,
        options: &Options,
    ) -> Result<Report, ImportError> {
        let started = Instant::now();
        let span = trace::child(|| "import".to_owned());
        let outcome = trace::within(span.as_ref(), self.run_import(file, bytes.into(), options)).await;
        drop(span);
        options.progress.end();
        self.count(&outcome, started);
        outcome
    }

    fn count(&self, outcome: &Result<Report, ImportError>, started: Instant) {
        let (name, report) = match outcome {
            Ok(report) if report.known.is_some() => ("known", None),
            Ok(report) if report.batch.is_some() => ("written", Some(report)),
            Ok(_) => ("not_written", None),
            Err(error) if error.is_callers() => ("refused", None),
            Err(_) => ("failed", None),
        };
        let rows = report.map_or([0; 3], |report| [report.created, report.revised, report.unchanged]);
        let rows = [("created", rows[0]), ("revised", rows[1]), ("unchanged", rows[2])];
        self.metrics.imported(name, rows, started.elapsed());
    }

    async fn run_import(&self, file: &str, bytes: Vec<u8>, options: &Options) -> Result<Report, ImportError> {
        let job = Arc::new(
            self.compute
                .run({
                    let (file, options) = (file.to_owned(), options.clone());
                    move || Job::new(file, bytes, options)
                })
                .await?,
        );
        let token = job.token()?;
        job.options.caller.may(job.act())?;
        // Whoever may not write everything is told of an earlier import only after the file was held against what is theirs.
        let writes_all = job.options.caller.may_all(job.act());
        if writes_all && let Some(report) = job.known(&self.db).await? {
            return Ok(report);
        }
        let snapshot = self.snapshot().await?;
        if snapshot.catalog.indicators().is_empty() {
            return Err(ImportError::NoCatalog);
        }
        // Read before the turn to write is taken: others need not wait for that.
        let mut resolved = self.resolve(&job, &snapshot.catalog).await?;
        let tx = self.db.begin_write().await?;
        let catalog_version = change_feed::latest_of(&tx, Topic::Catalog).await?;
        let catalog = self.follower.catalog(&tx).await?;
        if catalog_version != snapshot.catalog_version {
            resolved = self.resolve(&job, &catalog).await?;
        }
        job.hold(&resolved, &catalog)?;
        if let Some(report) = job.known(&tx).await? {
            return Ok(report);
        }
        let seen = snapshot.recorded_at.unwrap_or(0);
        let as_of = token.as_ref().map_or(seen, |token| token.as_of);
        if job.options.commit && token.is_some() && self.catalog_changed(&tx, as_of).await? {
            return Err(ImportError::CatalogChanged);
        }
        job.options.progress.start(Phase::Comparing, resolved.cells.len());
        go_on(&job.options.progress)?;
        let plan = plan(&tx, &catalog, &mut resolved, job.options.content, as_of).await?;
        let mut report = report(&mut resolved, &plan);
        if !job.options.commit {
            let now = change_feed::latest_time(&tx).await?.unwrap_or(0);
            if report.problems.is_empty() {
                report.token = Some(Token::new(&job.hash, now).to_string());
            }
            tx.rollback().await?;
            if job.options.content == Content::Figures {
                // Ordinals of another version of the catalogue would name other organisations.
                let snapshot = if catalog_version == snapshot.catalog_version {
                    snapshot
                } else {
                    self.snapshot().await?
                };
                let changes = Changes::of(&resolved, &plan, &snapshot.catalog);
                let sight = Sight::new(snapshot, &job.options.caller);
                self.add_effects(&mut report, &sight, changes).await?;
            }
            return Ok(report);
        }
        refuse(&mut report, &plan, job.options.reason)?;
        if report.created == 0 && report.revised == 0 {
            tx.rollback().await?;
            return Ok(report);
        }
        let batch = job.write(&tx, &report, &resolved, &plan).await?;
        report.batch = Some(batch);
        record(&tx, &job.options.caller, job.event(batch, &report)).await?;
        if let Some(beside) = &job.options.beside {
            beside.run(&tx, batch).await?;
        }
        tx.commit().await?;
        Ok(report)
    }

    /// Checks the file on the blocking pool.
    async fn resolve(&self, job: &Arc<Job>, catalog: &Arc<Catalog>) -> Result<Resolved, ImportError> {
        let (job, catalog) = (Arc::clone(job), Arc::clone(catalog));
        job.options.progress.start(Phase::Checking, 0);
        let progress = job.options.progress.clone();
        let resolved = self
            .compute
            .run(move || {
                let request = Request {
                    file: &job.file,
                    bytes: &job.bytes,
                    mapping: &job.options.mapping,
                    content: job.options.content,
                    limits: &job.options.limits,
                    progress: &job.options.progress,
                };
                resolve::resolve(&request, &catalog)
            })
            .await?;
        go_on(&progress)?;
        Ok(resolved)
    }

    async fn catalog_changed(&self, tx: &Tx, as_of: i64) -> Result<bool, Error> {
        let last = change_feed::latest_time_of(tx, Topic::Catalog).await?;
        Ok(last.is_some_and(|time| time > as_of))
    }
}

impl Job {
    fn new(file: String, bytes: Vec<u8>, options: Options) -> Self {
        let content_hash = sha256(&[&bytes]);
        let hash = if options.content == Content::Figures && options.mapping == Default::default() {
            content_hash.clone()
        } else {
            let kind: &[u8] = match options.content {
                Content::Figures => b"",
                Content::Targets => b"targets\n",
            };
            sha256(&[content_hash.as_bytes(), kind, options.mapping.to_text().as_bytes()])
        };
        Self {
            file,
            bytes,
            options,
            content_hash,
            hash,
        }
    }

    fn token(&self) -> Result<Option<Token>, ImportError> {
        let Some(text) = &self.options.token else {
            return Ok(None);
        };
        match Token::parse(text).filter(|token| token.is_of(&self.hash)) {
            Some(token) => Ok(Some(token)),
            None => Err(ImportError::Token),
        }
    }

    /// The report of an import that was made before: of the same request, or of the same file.
    async fn known(&self, handle: &impl entity::db::Handle) -> Result<Option<Report>, Error> {
        if let Some(key) = self.key()
            && let Some(batch) = import_batch::by_idempotency_key(handle, &key).await?
        {
            return Ok(Some(done(batch)));
        }
        if self.options.again {
            return Ok(None);
        }
        let known = import_batch::latest_by_hash(handle, &self.hash).await?;
        Ok(known.map(done))
    }

    /// The caller's key, in a space of its own: the same key of two callers is two keys.
    fn key(&self) -> Option<String> {
        let space = self.options.caller.space().unwrap_or_default();
        self.options.idempotency_key.as_ref().map(|key| format!("{space}{key}"))
    }

    /// What is put on record of it.
    fn event(&self, batch: i64, report: &Report) -> Event {
        let action = match self.options.content {
            Content::Figures => "import",
            Content::Targets => "set_targets",
        };
        Event::new(action, format!("batch {batch}")).after(json!({
            "file": self.file, "content_hash": self.content_hash,
            "created": report.created, "revised": report.revised, "unchanged": report.unchanged,
        }))
    }

    /// The act that this import is.
    fn act(&self) -> Act {
        self.options.act.unwrap_or(match self.options.content {
            Content::Figures => Act::Import,
            Content::Targets => Act::SetTargets,
        })
    }

    /// Refuses figures of organisations or indicators that the caller may not write.
    fn hold(&self, resolved: &Resolved, catalog: &Catalog) -> Result<(), ImportError> {
        let keys = resolved
            .cells
            .iter()
            .map(|cell| (cell.key.indicator_id, cell.key.org_id));
        Ok(self.options.caller.need(self.act(), catalog, keys)?)
    }

    async fn write(&self, tx: &Tx, report: &Report, resolved: &Resolved, plan: &Plan) -> Result<i64, ImportError> {
        let batch = import_batch::New {
            content_hash: self.hash.clone(),
            file_name: self.file.clone(),
            author: self.options.caller.author(),
            reason: self.options.reason.filter(|_| report.revised > 0),
            idempotency_key: self.key(),
            recorded_at: tx.now().await?,
            created_count: count(report.created),
            revised_count: count(report.revised),
            unchanged_count: count(report.unchanged),
            mapping: Some(self.options.mapping.to_text()).filter(|text| !text.is_empty()),
            undoes: None,
            submission_id: None,
        };
        let writing = Writing {
            tx,
            resolved,
            plan,
            content: self.options.content,
            progress: &self.options.progress,
            file: Document {
                title: self.file.rsplit(['/', '\\']).next().unwrap_or(&self.file).to_owned(),
                address: String::new(),
                publisher: None,
                published_on: None,
                content_hash: Some(self.content_hash.clone()),
            },
        };
        writing.run(batch).await
    }
}

fn done(batch: import_batch::Model) -> Report {
    let figures = batch.created_count + batch.revised_count + batch.unchanged_count;
    let figures = usize::try_from(figures).unwrap_or(0);
    Report {
        figures,
        unchanged: figures,
        known: Some(batch),
        ..Report::default()
    }
}

/// Why this must not be written, if it must not.
pub(super) fn refuse(report: &mut Report, plan: &Plan, reason: Option<RevisionReason>) -> Result<(), ImportError> {
    if !report.problems.is_empty() {
        return Err(ImportError::Problems(std::mem::take(&mut report.problems)));
    }
    if plan.conflict_count > 0 {
        return Err(ImportError::Conflict {
            count: plan.conflict_count,
            cells: plan.conflicts.clone(),
        });
    }
    if report.revised > 0 && reason.is_none() {
        return Err(ImportError::NoReason(report.revised));
    }
    Ok(())
}

pub(super) fn report(resolved: &mut Resolved, plan: &Plan) -> Report {
    let places = resolved
        .cells
        .iter()
        .map(|cell| cell.place)
        .zip(plan.outcomes.iter().copied());
    let rejected = resolved.rejected.iter().map(|place| (*place, Outcome::Rejected));
    let mut outcomes: Vec<_> = places.chain(rejected).collect();
    outcomes.sort_by_key(|(place, _)| *place);
    Report {
        tables: resolved.tables.clone(),
        figures: outcomes.len(),
        created: plan.count(Outcome::Created),
        revised: plan.count(Outcome::Revised),
        unchanged: plan.count(Outcome::Unchanged),
        rejected: resolved.rejected.len(),
        blank: resolved.tally.blank,
        left_out: resolved.tally.left_out,
        outcomes,
        revisions: plan.revisions.clone(),
        problems: std::mem::take(&mut resolved.problems),
        ..Report::default()
    }
}

pub(super) fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
