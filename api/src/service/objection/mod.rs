//! Objections to a score: raised, decided once, and where one is granted, revised with the reason APPEAL; with every score and rank that it moves.

mod revision;

use std::sync::Arc;

use analytics::period::Period;
use entity::choice::ObjectionState;
use entity::objection;
use serde_json::json;

use self::revision::{Case, overlay};
pub use self::revision::{DecisionOptions, RevisedFigure};
use super::Service;
use super::access::{Act, Caller, Sight};
use super::audit::{Event, record};
use super::evaluation::mark::published;
use super::evaluation::moved::{Moved, moved, seen, seen_before};
use super::evaluation::{EvaluationQuery, place_of};
use crate::error::Error;

/// The longest statement or decision.
const MOST_CHARACTERS: usize = 4000;

/// What is objected to.
#[derive(Clone, Debug)]
pub struct NewObjection {
    /// Code of the framework.
    pub framework: String,
    /// Its version; the newest that is published when left out.
    pub version: Option<String>,
    /// Code of the organisation.
    pub org: String,
    /// The period.
    pub period: Period,
    /// Code of the criterion.
    pub node: String,
    /// What is objected.
    pub statement: String,
    /// Who objects.
    pub caller: Caller,
}

/// What a decision did, or would do.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The objection.
    pub objection: objection::Model,
    /// Every score and rank that moves.
    pub moved: Vec<Moved>,
    /// The batch that revised the figures.
    pub batch: Option<i64>,
}

impl Service {
    /// Raises an objection and gives its number.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes, [`Error::Input`] where nothing is said or the node has no points there.
    pub async fn object(&self, new: &NewObjection) -> Result<objection::Model, Error> {
        said("statement", &new.statement)?;
        let tx = self.db.begin_write().await?;
        let snapshot = self.snapshot().await?;
        let scheme = self.scheme(&snapshot, &new.framework, new.version.as_deref()).await?;
        published(&scheme)?;
        let (ordinal, _) = place_of(&scheme, &snapshot.catalog, (&new.org, new.period, &new.node))?;
        let org_id = snapshot.catalog.tree().id(ordinal);
        let org_id = org_id.ok_or_else(|| Error::internal("an organisation without key"))?;
        new.caller.need_org(Act::Import, &snapshot.catalog, org_id, None)?;
        let id = objection::insert(
            &tx,
            objection::New {
                framework_id: scheme.row.id,
                org_id,
                start_month: new.period.start_month(),
                end_month: new.period.end_month(),
                node: new.node.clone(),
                statement: new.statement.trim().to_owned(),
                author: new.caller.author(),
                recorded_at: tx.now().await?,
                state: ObjectionState::Open,
                decision: None,
                decided_by: None,
                decided_at: None,
                batch_id: None,
            },
        )
        .await?;
        let event = Event::new("object_evaluation", format!("objection {id}")).after(json!({
            "framework": scheme.row.code, "org": new.org, "period": new.period.to_string(), "node": new.node,
        }));
        record(&tx, &new.caller, event).await?;
        tx.commit().await?;
        self.objection(id).await
    }

    /// An objection.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    async fn objection(&self, id: i64) -> Result<objection::Model, Error> {
        objection::by_ids(&self.db, &[id])
            .await?
            .pop()
            .ok_or_else(|| Error::NotFound {
                what: "objection",
                name: id.to_string(),
                hint: Some("objections lists them".to_owned()),
            })
    }

    /// Decides an objection, or tells what that would move: figures are revised with the reason APPEAL, points as a final mark.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it was decided already, [`Error::Input`] for figures the criterion does not rest on.
    pub async fn decide_objection(&self, options: &DecisionOptions) -> Result<Decided, Error> {
        said("decision", &options.decision)?;
        let case = self.case(options).await?;
        let sight = Sight::new(Arc::clone(&case.snapshot), &options.caller);
        let query = EvaluationQuery {
            version: Some(case.scheme.row.version.clone()),
            sources: false,
            draws: 0,
            ..EvaluationQuery::whole(case.scheme.row.code.clone(), case.period)
        };
        let (_, before) = self.evaluated(Arc::clone(&case.snapshot), &query).await?;
        if !options.commit {
            told_beforehand(&sight, &case)?;
            let overlay = overlay(&case, options)?;
            let snapshot = Arc::clone(&case.snapshot);
            let after = self
                .result(&self.db, snapshot, &case.scheme, (&query, None), overlay)
                .await?;
            return Ok(Decided {
                objection: case.row,
                moved: seen_before(&sight, moved(&before, &after)),
                batch: None,
            });
        }
        let batch = self.revise(&case, options).await?;
        let (_, after) = self.evaluated(self.snapshot().await?, &query).await?;
        Ok(Decided {
            objection: self.objection(options.objection).await?,
            moved: seen(&sight, moved(&before, &after)),
            batch,
        })
    }
}

/// Refuses to tell beforehand what a figure would move where that rests on figures of others who may not be read: two guesses would tell the best and the worst
/// of them.
fn told_beforehand(sight: &Sight, case: &Case) -> Result<(), Error> {
    if sight.is_all() || !case.moves_relative() {
        return Ok(());
    }
    Err(Error::Forbidden {
        message: "what this would move rests on organisations that you may not read".to_owned(),
        hint: Some("decide it, or ask somebody who may read all of them".to_owned()),
    })
}

fn said(what: &'static str, text: &str) -> Result<(), Error> {
    let length = text.trim().chars().count();
    if length == 0 || length > MOST_CHARACTERS {
        return Err(Error::input(
            format!("the {what} has {length} characters"),
            "write 1 to 4000, and name the document it rests on",
        ));
    }
    Ok(())
}
