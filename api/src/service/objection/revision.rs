//! What the decision of an objection changes: supposed, or written with the reason APPEAL.

use std::sync::Arc;

use analytics::decimal;
use analytics::period::Period;
use entity::choice::{MarkStage, ObjectionState, RevisionReason};
use entity::db::Tx;
use entity::objection;
use futures_util::FutureExt;
use rust_decimal::Decimal;
use serde_json::json;

use crate::error::Error;
use crate::service::Service;
use crate::service::access::{Act, Caller};
use crate::service::audit::{Event, record};
use crate::service::evaluation::mark::{MarkOptions, NewMark};
use crate::service::evaluation::overlay::Overlay;
use crate::service::framework::{Scheme, unit_scale};
use crate::service::import::{Beside, Options};
use crate::service::selector;
use crate::service::snapshot::Snapshot;

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

/// An objection with everything that its decision looks at.
pub(super) struct Case {
    pub(super) row: objection::Model,
    pub(super) scheme: Arc<Scheme>,
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) period: Period,
    org: u32,
    org_code: String,
    /// The figures that are revised, with the keys of their indicators.
    figures: Vec<(i64, Period, Decimal)>,
}

impl Case {
    /// Whether a revised figure has a say in a criterion that holds organisations against each other.
    pub(super) fn moves_relative(&self) -> bool {
        let specs = self.snapshot.catalog.specs();
        let criteria = self.scheme.core.nodes.iter().filter_map(|node| node.criterion.as_ref());
        criteria
            .filter(|criterion| criterion.rule.is_relative())
            .any(|criterion| {
                let says = criterion.indicator.map_or_else(Vec::new, |id| specs.closure(&[id]));
                self.figures.iter().any(|(indicator, ..)| says.contains(indicator))
            })
    }
}

impl Service {
    pub(super) async fn case(&self, options: &DecisionOptions) -> Result<Case, Error> {
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
        if options.points.is_some() && !options.figures.is_empty() {
            return Err(Error::input(
                "`figures` and `points` are two decisions",
                "give `figures` where a figure was wrong, `points` where the judgement was",
            ));
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
        let mut case = Case {
            row,
            scheme,
            snapshot,
            period,
            org,
            org_code,
            figures: Vec::new(),
        };
        case.figures = figures(&case, options)?;
        Ok(case)
    }

    /// Writes the decision with what it changes, in one transaction: of two decisions one is written, with nothing of the other.
    pub(super) async fn revise(&self, case: &Case, options: &DecisionOptions) -> Result<Option<i64>, Error> {
        if options.figures.is_empty() {
            let tx = self.db.begin_write().await?;
            if let Some(points) = options.points {
                self.marks_in(&tx, &final_mark(case, options, points), Act::Decide)
                    .await?;
            }
            decide(&tx, case.row.id, options, None).await?;
            tx.commit().await?;
            return Ok(None);
        }
        let (id, decision) = (case.row.id, options.clone());
        let beside = Beside::new(move |tx, batch| {
            let decision = decision.clone();
            async move { decide(tx, id, &decision, Some(batch)).await }.boxed()
        });
        let import = Options {
            commit: true,
            caller: options.caller.clone(),
            act: Some(Act::Decide),
            reason: Some(RevisionReason::Appeal),
            again: true,
            beside: Some(beside),
            ..Options::default()
        };
        let name = format!("objection-{id}.csv");
        let report = self.import(&name, file(case, options).into_bytes(), &import).await;
        let report = report.map_err(Error::from)?;
        if report.batch.is_none() {
            return Err(Error::input(
                "the figures stand as they are decided already",
                "give other figures, or turn the objection down",
            ));
        }
        Ok(report.batch)
    }
}

/// The mark of a decision about points.
fn final_mark(case: &Case, options: &DecisionOptions, points: Decimal) -> MarkOptions {
    let mark = NewMark {
        org: case.org_code.clone(),
        node: case.row.node.clone(),
        points: Some(points),
        evidence: Some(format!("objection {}: {}", case.row.id, options.decision.trim())),
    };
    MarkOptions {
        framework: case.scheme.row.code.clone(),
        version: Some(case.scheme.row.version.clone()),
        period: case.period,
        stage: MarkStage::Final,
        caller: options.caller.clone(),
        marks: vec![mark],
    }
}

/// Decides an objection that is still open.
async fn decide(tx: &Tx, id: i64, options: &DecisionOptions, batch: Option<i64>) -> Result<(), Error> {
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
    objection::decide(tx, id, decision).await.map_err(|error| match error {
        entity::error::Error::NotFound => decided(id),
        error => error.into(),
    })?;
    let event = Event::new("decide_objection", format!("objection {id}")).after(json!({
        "upheld": options.uphold, "batch": batch, "points": options.points.map(|points| points.to_string()),
    }));
    record(tx, &options.caller, event).await
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
pub(super) fn overlay(case: &Case, options: &DecisionOptions) -> Result<Overlay, Error> {
    let mut overlay = Overlay::default();
    for &(indicator, period, value) in &case.figures {
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
fn file(case: &Case, options: &DecisionOptions) -> String {
    let catalog = &case.snapshot.catalog;
    let mut text = "indicator,org,period,value,unit,note\n".to_owned();
    for (figure, (indicator, period, value)) in options.figures.iter().zip(&case.figures) {
        let unit = catalog
            .indicator(*indicator)
            .and_then(|indicator| catalog.unit(indicator.unit_id));
        let unit = unit.map_or("", |unit| unit.label_zh.as_str());
        let (code, org, number) = (&figure.indicator, &case.org_code, case.row.id);
        text.push_str(&format!("{code},{org},{period},{value},{unit},objection {number}\n"));
    }
    text
}

fn decided(id: i64) -> Error {
    Error::Conflict {
        message: format!("objection {id} was decided already"),
        hint: Some("raise a new one against the score as it is now".to_owned()),
    }
}
