//! Taking an import back: every figure is again what it was before the batch, as a new revision.

use std::collections::{BTreeSet, HashMap};

use entity::choice::{ObservationStatus, RevisionReason, Topic};
use entity::db::Tx;
use entity::observation::{self, Key, Model, New};
use entity::{change_feed, import_batch, target};
use serde_json::json;

use super::error::ImportError;
use crate::error::Error;
use crate::service::Service;
use crate::service::access::{Act, Caller};
use crate::service::audit::{Event, record};

/// How a batch is to be undone.
#[derive(Clone, Debug)]
pub struct UndoOptions {
    /// The batch.
    pub batch: i64,
    /// Write; without it nothing is changed.
    pub commit: bool,
    /// Who undoes it.
    pub caller: Caller,
    /// Why.
    pub reason: RevisionReason,
}

/// What undoing did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UndoReport {
    /// Figures that are again what they were before.
    pub restored: usize,
    /// Figures that are no longer there, because the batch had brought the first of them.
    pub withdrawn: usize,
    /// The batch that was written.
    pub batch: Option<i64>,
}

impl Service {
    /// Takes back what a batch brought. An undone batch can be undone in turn, which brings its figures again.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown batch, [`ImportError::Undone`], [`ImportError::Superseded`] when later batches changed some of its figures: undo
    /// these first. Nothing is changed then.
    pub async fn undo(&self, options: &UndoOptions) -> Result<UndoReport, ImportError> {
        options.caller.may(Act::Undo)?;
        let tx = self.db.begin_write().await?;
        let Some(batch) = import_batch::by_ids(&tx, &[options.batch]).await?.pop() else {
            return Err(ImportError::Failed(Error::NotFound {
                what: "import batch",
                name: options.batch.to_string(),
                hint: Some("`importBatches` lists them".to_owned()),
            }));
        };
        let figures = observation::of_batch(&tx, batch.id).await?;
        let targets: Vec<Model> = target::of_batch(&tx, batch.id)
            .await?
            .into_iter()
            .map(Into::into)
            .collect();
        let catalog = self.follower.catalog(&tx).await?;
        let keys = |rows: &[Model]| {
            rows.iter()
                .map(|row| (row.indicator_id, row.org_id))
                .collect::<Vec<_>>()
        };
        options.caller.need(Act::Undo, &catalog, keys(&figures))?;
        options.caller.need(Act::SetTargets, &catalog, keys(&targets))?;
        if let Some(undo) = import_batch::undo_of(&tx, batch.id).await? {
            return Err(ImportError::Undone(undo.id));
        }
        let later = figures
            .iter()
            .chain(&targets)
            .filter(|row| row.superseded_at.is_some())
            .count();
        if later > 0 {
            return Err(ImportError::Superseded(later));
        }
        let (indicators, orgs) = (ids(&figures, |row| row.indicator_id), ids(&figures, |row| row.org_id));
        let before = observation::replaced_at(&tx, &indicators, &orgs, batch.recorded_at).await?;
        let targets_before =
            target::replaced_at(&tx, &ids(&targets, |row| row.indicator_id), batch.recorded_at).await?;
        let undoing = Undoing {
            recorded_at: tx.now().await?,
            options,
        };
        let mut report = UndoReport::default();
        let figures_back = undoing.back(&figures, before, true, &mut report);
        let targets_back = undoing.back(
            &targets,
            targets_before.into_iter().map(Into::into).collect(),
            false,
            &mut report,
        );
        if !options.commit {
            tx.rollback().await?;
            return Ok(report);
        }
        let id = undoing.write(&tx, &batch, &report, figures_back, targets_back).await?;
        let event = Event::new("undo", format!("batch {}", batch.id)).after(json!({
            "batch": id, "restored": report.restored, "withdrawn": report.withdrawn,
        }));
        record(&tx, &options.caller, event).await?;
        tx.commit().await?;
        report.batch = Some(id);
        Ok(report)
    }
}

struct Undoing<'a> {
    recorded_at: i64,
    options: &'a UndoOptions,
}

/// Revisions to be stored, and the ids of those they replace.
struct Back {
    rows: Vec<New>,
    replaced: Vec<i64>,
}

impl Undoing<'_> {
    /// For each row of the batch the revision that says what stood before it.
    fn back(&self, rows: &[Model], before: Vec<Model>, can_withdraw: bool, report: &mut UndoReport) -> Back {
        let before: HashMap<Key, Model> = before.into_iter().map(|row| (Key::from(&row), row)).collect();
        let mut back = Back {
            rows: Vec::with_capacity(rows.len()),
            replaced: rows.iter().map(|row| row.id).collect(),
        };
        for row in rows {
            let known = before.get(&Key::from(row)).filter(|_| row.revision > 1);
            let gone = known.is_none_or(|known| known.withdrawn);
            report.withdrawn += usize::from(gone);
            report.restored += usize::from(!gone);
            let mut new = match known {
                Some(known) => New::from(known),
                None => New {
                    value: None,
                    status: ObservationStatus::Missing,
                    decimals: 0,
                    printed: None,
                    unit_id: None,
                    flags: String::new(),
                    note: None,
                    source_id: None,
                    locator: None,
                    withdrawn: can_withdraw,
                    ..New::from(row)
                },
            };
            new.revision = row.revision + 1;
            new.reason = Some(self.options.reason);
            new.recorded_at = self.recorded_at;
            new.superseded_at = None;
            back.rows.push(new);
        }
        back
    }

    async fn write(
        &self,
        tx: &Tx,
        batch: &import_batch::Model,
        report: &UndoReport,
        figures: Back,
        targets: Back,
    ) -> Result<i64, Error> {
        let id = import_batch::insert(
            tx,
            import_batch::New {
                content_hash: format!("undo:{}", batch.id),
                file_name: batch.file_name.clone(),
                author: self.options.caller.author(),
                reason: Some(self.options.reason),
                idempotency_key: None,
                recorded_at: self.recorded_at,
                created_count: 0,
                revised_count: i64::try_from(report.restored + report.withdrawn).unwrap_or(i64::MAX),
                unchanged_count: 0,
                mapping: None,
                undoes: Some(batch.id),
                submission_id: None,
            },
        )
        .await?;
        let mut changes = Vec::new();
        for (topic, back) in [(Topic::Observations, figures), (Topic::Targets, targets)] {
            let touched: BTreeSet<i64> = back.rows.iter().map(|row| row.indicator_id).collect();
            let rows: Vec<New> = back
                .rows
                .into_iter()
                .map(|row| New {
                    batch_id: Some(id),
                    ..row
                })
                .collect();
            if topic == Topic::Observations {
                observation::supersede(tx, &back.replaced, self.recorded_at).await?;
                observation::insert_many(tx, &rows).await?;
            } else {
                target::supersede(tx, &back.replaced, self.recorded_at).await?;
                let rows: Vec<target::New> = rows.into_iter().map(Into::into).collect();
                target::insert_many(tx, &rows).await?;
            }
            changes.extend(touched.into_iter().map(|indicator| change_feed::New {
                topic,
                indicator_id: Some(indicator),
                batch_id: Some(id),
                recorded_at: self.recorded_at,
            }));
        }
        change_feed::append(tx, changes).await?;
        Ok(id)
    }
}

fn ids(rows: &[Model], id: fn(&Model) -> i64) -> Vec<i64> {
    let distinct: BTreeSet<i64> = rows.iter().map(id).collect();
    distinct.into_iter().collect()
}
