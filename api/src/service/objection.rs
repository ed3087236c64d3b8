//! Objections to a score: raised, decided once, and where one is granted, revised with the reason APPEAL; with every score and rank that it moves.

use std::fmt::Write as _;
use std::sync::Arc;

use analytics::decimal;
use analytics::period::Period;
use entity::choice::{MarkStage, ObjectionState, RevisionReason};
use entity::objection;
use rust_decimal::Decimal;
use serde_json::json;

use super::Service;
use super::access::{Act, Caller, Sight};
use super::audit::{Event, record};
use super::evaluation::mark::{MarkOptions, NewMark, published};
use super::evaluation::moved::{Moved, moved, seen};
use super::evaluation::overlay::Overlay;
use super::evaluation::{EvaluationQuery, place_of};
use super::framework::{Scheme, unit_scale};
use super::import::Options;
use super::selector;
use super::snapshot::Snapshot;
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

/// How an objection is decided.
#[derive(Clone, Debug)]
pub struct DecisionOptions {
    /// Number of the objection.
    pub objection: i64,
    /// Whether it is granted.
    pub uphold: bool,
    /// The decision and its reason.
    pub decision: String,
    /// Who decides.
    pub caller: Caller,
    /// The figures that are revised.
    pub figures: Vec<RevisedFigure>,
    /// The final points, where points are decided and not a figure.
    pub points: Option<Decimal>,
    /// Write; otherwise only what would move is told.
    pub commit: bool,
}

/// A figure that is revised.
#[derive(Clone, Debug)]
pub struct RevisedFigure {
    /// Code of the indicator: the criterion's, or one that it is computed from.
    pub indicator: String,
    /// The period; the evaluation's when left out.
    pub period: Option<Period>,
    /// The figure in the indicator's own unit.
    pub value: Decimal,
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

/// An objection with everything that its decision looks at.
struct Case {
    row: objection::Model,
    scheme: Arc<Scheme>,
    snapshot: Arc<Snapshot>,
    period: Period,
    org: u32,
    org_code: String,
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
            let overlay = overlay(&case, options)?;
            let snapshot = Arc::clone(&case.snapshot);
            let after = self
                .result(&self.db, snapshot, &case.scheme, (&query, None), overlay)
                .await?;
            return Ok(Decided {
                objection: case.row,
                moved: seen(&sight, moved(&before, &after)),
                batch: None,
            });
        }
        let batch = self.revise(&case, options).await?;
        let tx = self.db.begin_write().await?;
        let decision = objection::Decision {
            state: if options.uphold {
                ObjectionState::Upheld
            } else {
                ObjectionState::Dismissed
            },
            text: options.decision.trim().to_owned(),
            author: options.caller.author(),
            at: tx.now().await?,
            batch_id: batch,
        };
        objection::decide(&tx, case.row.id, decision)
            .await
            .map_err(|error| match error {
                entity::error::Error::NotFound => decided(case.row.id),
                error => error.into(),
            })?;
        let event = Event::new("decide_objection", format!("objection {}", case.row.id)).after(json!({
            "upheld": options.uphold, "batch": batch, "points": options.points.map(|points| points.to_string()),
        }));
        record(&tx, &options.caller, event).await?;
        tx.commit().await?;
        let (_, after) = self.evaluated(self.snapshot().await?, &query).await?;
        Ok(Decided {
            objection: self.objection(options.objection).await?,
            moved: seen(&sight, moved(&before, &after)),
            batch,
        })
    }

    async fn case(&self, options: &DecisionOptions) -> Result<Case, Error> {
        let row = self.objection(options.objection).await?;
        let snapshot = self.snapshot().await?;
        options
            .caller
            .need_org(Act::Decide, &snapshot.catalog, row.org_id, None)?;
        if row.state != ObjectionState::Open {
            return Err(decided(row.id));
        }
        let has_change = !options.figures.is_empty() || options.points.is_some();
        if options.uphold != has_change {
            return Err(if options.uphold {
                Error::input(
                    "an objection that is granted changes something",
                    "give `figures` or `points`",
                )
            } else {
                Error::input(
                    "an objection that is turned down changes nothing",
                    "leave `figures` and `points` out",
                )
            });
        }
        let scheme = Arc::new(self.scheme_of(&snapshot.catalog, row.framework_id).await?);
        let period = Period::from_months(row.start_month, row.end_month);
        let org = snapshot.catalog.tree().ordinal(row.org_id);
        let (Some(period), Some(org)) = (period, org) else {
            return Err(Error::internal("an objection without period or organisation"));
        };
        let org_code = snapshot
            .catalog
            .org(org)
            .map(|org| org.code.clone())
            .unwrap_or_default();
        let case = Case {
            row,
            scheme,
            snapshot,
            period,
            org,
            org_code,
        };
        figures(&case, options)?;
        Ok(case)
    }

    /// Writes what the decision changes. Done twice, it is done once: the batch carries the number of the objection.
    async fn revise(&self, case: &Case, options: &DecisionOptions) -> Result<Option<i64>, Error> {
        if let Some(points) = options.points {
            let mark = NewMark {
                org: case.org_code.clone(),
                node: case.row.node.clone(),
                points: Some(points),
                evidence: Some(format!("objection {}: {}", case.row.id, options.decision.trim())),
            };
            let options = MarkOptions {
                framework: case.scheme.row.code.clone(),
                version: Some(case.scheme.row.version.clone()),
                period: case.period,
                stage: MarkStage::Final,
                caller: options.caller.clone(),
                marks: vec![mark],
            };
            self.give_marks(&options, Act::Decide).await?;
        }
        if options.figures.is_empty() {
            return Ok(None);
        }
        let name = format!("objection-{}.csv", case.row.id);
        let import = Options {
            commit: true,
            caller: options.caller.clone(),
            act: Some(Act::Decide),
            reason: Some(RevisionReason::Appeal),
            again: true,
            idempotency_key: Some(format!("objection-{}", case.row.id)),
            ..Options::default()
        };
        let report = self
            .import(&name, file(case, options)?.into_bytes(), &import)
            .await
            .map_err(Error::from)?;
        Ok(report.batch.or(report.known.map(|batch| batch.id)))
    }
}

fn decided(id: i64) -> Error {
    Error::Conflict {
        message: format!("objection {id} was decided already"),
        hint: Some("raise a new one against the score as it is now".to_owned()),
    }
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

/// The figures with their keys: each must have a say in the criterion.
fn figures(case: &Case, options: &DecisionOptions) -> Result<Vec<(i64, Period, Decimal)>, Error> {
    let catalog = &case.snapshot.catalog;
    let node = case.scheme.core.nodes.iter().find(|node| node.code == case.row.node);
    let criterion = node.and_then(|node| node.criterion.as_ref());
    let says = criterion
        .and_then(|criterion| criterion.indicator)
        .map_or_else(Vec::new, |id| catalog.specs().closure(&[id]));
    options
        .figures
        .iter()
        .map(|figure| {
            let indicator = selector::indicator(catalog, &figure.indicator)?.id;
            if !says.contains(&indicator) {
                let codes: Vec<&str> = says
                    .iter()
                    .filter_map(|id| Some(catalog.indicator(*id)?.code.as_str()))
                    .collect();
                let message = format!("`{}` has no say in `{}`", figure.indicator, case.row.node);
                return Err(Error::input(
                    message,
                    format!("the criterion rests on {}", codes.join(", ")),
                ));
            }
            Ok((indicator, figure.period.unwrap_or(case.period), figure.value))
        })
        .collect()
}

/// What the decision would change, as something that is supposed.
fn overlay(case: &Case, options: &DecisionOptions) -> Result<Overlay, Error> {
    let mut overlay = Overlay::default();
    for (indicator, period, value) in figures(case, options)? {
        let scale = unit_scale(&case.snapshot.catalog, indicator)?;
        let value = decimal::in_base(value, scale)
            .ok_or_else(|| Error::input(format!("{value} is too large"), "give it in the indicator's own unit"))?;
        overlay.figure(indicator, case.org, period, value);
    }
    if let Some(points) = options.points {
        overlay.decide(case.row.org_id, &case.row.node, points);
    }
    Ok(overlay)
}

/// The figures as a file, so that they go the way of every other figure: checked, revised, recorded.
fn file(case: &Case, options: &DecisionOptions) -> Result<String, Error> {
    let catalog = &case.snapshot.catalog;
    let mut text = "indicator,org,period,value,unit,note\n".to_owned();
    for (figure, (indicator, period, value)) in options.figures.iter().zip(figures(case, options)?) {
        let unit = catalog
            .indicator(indicator)
            .and_then(|indicator| catalog.unit(indicator.unit_id));
        let unit = unit.map_or("", |unit| unit.label_zh.as_str());
        let row = (
            figure.indicator.as_str(),
            case.org_code.as_str(),
            period,
            value,
            unit,
            case.row.id,
        );
        writeln!(
            text,
            "{},{},{},{},{},objection {}",
            row.0, row.1, row.2, row.3, row.4, row.5
        )
        .map_err(Error::internal)?;
    }
    Ok(text)
}
