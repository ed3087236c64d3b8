//! Self-score, review and final score: what people say of a criterion, each with its author, time and evidence.

use std::sync::Arc;

use analytics::period::Period;
use analytics::score::framework::Rule;
use entity::choice::MarkStage;
use entity::db::Tx;
use entity::evaluation_mark;
use rust_decimal::Decimal;
use serde_json::json;

use super::place::place_of;
use crate::error::Error;
use crate::service::Service;
use crate::service::access::{Act, Caller};
use crate::service::audit::{Event, record};
use crate::service::framework::Scheme;

/// The longest evidence.
const MOST_CHARACTERS: usize = 4000;
/// Marks that an event of the audit trail names.
const MOST_NAMED: usize = 20;

/// Marks of one framework and period.
#[derive(Clone, Debug)]
pub struct MarkOptions {
    /// Code of the framework.
    pub framework: String,
    /// Its version; the newest that is published when left out.
    pub version: Option<String>,
    /// The period.
    pub period: Period,
    /// Who speaks.
    pub stage: MarkStage,
    /// Who.
    pub caller: Caller,
    /// The marks: all or none.
    pub marks: Vec<NewMark>,
}

/// One mark.
#[derive(Clone, Debug)]
pub struct NewMark {
    /// Code of the organisation.
    pub org: String,
    /// Code of the criterion.
    pub node: String,
    /// The points; none takes an earlier mark back.
    pub points: Option<Decimal>,
    /// The evidence or reason.
    pub evidence: Option<String>,
}

impl Service {
    /// Stores marks as new revisions and gives their keys.
    ///
    /// # Errors
    /// [`Error::Input`] for points outside the full marks or a decision without its reason, [`Error::Conflict`] for a draft, [`Error::Forbidden`].
    pub async fn mark_evaluation(&self, options: &MarkOptions) -> Result<Vec<i64>, Error> {
        let act = match options.stage {
            MarkStage::SelfScore => Act::Import,
            MarkStage::Review | MarkStage::Final => Act::Review,
        };
        self.give_marks(options, act).await
    }

    async fn give_marks(&self, options: &MarkOptions, act: Act) -> Result<Vec<i64>, Error> {
        let tx = self.db.begin_write().await?;
        let ids = self.marks_in(&tx, options, act).await?;
        tx.commit().await?;
        Ok(ids)
    }

    /// The same within a transaction.
    pub(in crate::service) async fn marks_in(
        &self,
        tx: &Tx,
        options: &MarkOptions,
        act: Act,
    ) -> Result<Vec<i64>, Error> {
        let snapshot = self.snapshot().await?;
        let scheme = self
            .scheme(&snapshot, &options.framework, options.version.as_deref())
            .await?;
        published(&scheme)?;
        let months = (options.period.start_month(), options.period.end_month());
        let known = evaluation_mark::known(tx, &[scheme.row.id], months, None).await?;
        let recorded_at = tx.now().await?;
        let (mut rows, mut replaced) = (Vec::new(), Vec::new());
        for mark in &options.marks {
            let at = (mark.org.as_str(), options.period, mark.node.as_str());
            let (ordinal, place) = place_of(&scheme, &snapshot.catalog, at)?;
            held(&scheme, place, options.stage, mark)?;
            let org_id = snapshot
                .catalog
                .tree()
                .id(ordinal)
                .ok_or_else(|| Error::internal("an organisation without key"))?;
            let is_same = |row: &&evaluation_mark::Model| {
                row.org_id == org_id && row.node == mark.node && row.stage == options.stage
            };
            options.caller.need_org(act, &snapshot.catalog, org_id, None)?;
            let before = known.iter().find(is_same);
            replaced.extend(before.map(|row| row.id));
            rows.push(evaluation_mark::New {
                framework_id: scheme.row.id,
                org_id,
                start_month: months.0,
                end_month: months.1,
                node: mark.node.clone(),
                stage: options.stage,
                revision: before.map_or(1, |row| row.revision + 1),
                points: mark.points.map(|points| points.normalize().to_string()),
                evidence: mark.evidence.clone(),
                author: options.caller.author(),
                recorded_at,
                superseded_at: None,
            });
        }
        let mut distinct = replaced.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() != replaced.len() {
            return Err(twice());
        }
        evaluation_mark::supersede(tx, &replaced, recorded_at).await?;
        let mut ids = Vec::with_capacity(rows.len());
        for row in rows {
            ids.push(evaluation_mark::insert(tx, row).await.map_err(|error| match error {
                entity::error::Error::Conflict { .. } => twice(),
                error => error.into(),
            })?);
        }
        let object = format!("{} {}", scheme.row.code, options.period);
        let marks = options.marks.iter().map(|mark| format!("{} {}", mark.org, mark.node));
        let marks: Vec<String> = marks.take(MOST_NAMED).collect();
        let event = Event::new("mark_evaluation", object).after(json!({
            "stage": format!("{:?}", options.stage), "count": ids.len(), "marks": marks,
        }));
        record(tx, &options.caller, event).await?;
        Ok(ids)
    }
}

fn twice() -> Error {
    Error::input(
        "a criterion of an organisation is marked twice",
        "send one mark for each",
    )
}

/// Drafts may change under what is said of them.
pub(in crate::service) fn published(scheme: &Arc<Scheme>) -> Result<(), Error> {
    if scheme.is_published() {
        return Ok(());
    }
    Err(Error::Conflict {
        message: format!("version `{}` of `{}` is a draft", scheme.row.version, scheme.row.code),
        hint: Some("publish the framework first: a draft may still change".to_owned()),
    })
}

fn held(scheme: &Scheme, place: usize, stage: MarkStage, mark: &NewMark) -> Result<(), Error> {
    let node = &scheme.core.nodes[place];
    let Some(criterion) = &node.criterion else {
        return Ok(());
    };
    let full = match &criterion.rule {
        Rule::Bonus { cap, .. } | Rule::Penalty { cap, .. } => *cap,
        Rule::Veto { .. } => {
            let message = format!("`{}` is a veto: it happens or not, by its indicator", mark.node);
            return Err(Error::input(message, "revise the figure of its indicator"));
        }
        _ => node.weights.iter().copied().flatten().max().unwrap_or_default(),
    };
    if let Some(points) = mark.points
        && (points < Decimal::ZERO || points > full)
    {
        let message = format!(
            "{points} points for `{}` of organisation `{}` are outside 0 to {full}",
            mark.node, mark.org
        );
        return Err(Error::input(
            message,
            "give points within the full marks, and those of a penalty as a positive number",
        ));
    }
    let evidence = mark.evidence.as_deref().unwrap_or_default().trim();
    if evidence.chars().count() > MOST_CHARACTERS {
        return Err(Error::input(
            "the evidence is too long",
            "write at most 4000 characters and name the document",
        ));
    }
    let must_say = stage == MarkStage::Final || (stage == MarkStage::Review && criterion.rule.is_given());
    if must_say && evidence.is_empty() {
        let message = format!("the points for `{}` of `{}` have no evidence", mark.node, mark.org);
        return Err(Error::input(message, "say in `evidence` what they rest on"));
    }
    Ok(())
}
