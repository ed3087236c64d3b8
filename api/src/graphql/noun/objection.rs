//! Objections to scores, and their decisions.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entity::objection as stored;

use super::evaluation_run::{EvaluationMove, decimal};
use super::org_unit::OrgUnit;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::evaluation_choice::ObjectionState;
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::time::DateTime;
use crate::service::objection::{DecisionOptions, NewObjection, RevisedFigure};
use crate::service::snapshot::Snapshot;

/// An objection to the points of a criterion.
#[derive(SimpleObject)]
pub(crate) struct Objection {
    /// Number.
    id: ID,
    /// Organisation.
    org_unit: OrgUnit,
    /// Period.
    period: Option<Period>,
    /// Code of the criterion.
    node: String,
    /// What is objected.
    statement: String,
    /// Who raised it.
    author: String,
    /// When it was raised.
    recorded_at: Option<DateTime>,
    /// How far it is.
    state: ObjectionState,
    /// The decision and its reason; null while it is open.
    decision: Option<String>,
    /// Who decided.
    decided_by: Option<String>,
    /// When it was decided.
    decided_at: Option<DateTime>,
    /// Number of the batch that revised figures, where it did.
    batch: Option<ID>,
}

impl Objection {
    fn new(snapshot: &Arc<Snapshot>, row: stored::Model) -> Result<Self, Error> {
        let ordinal = snapshot.catalog.tree().ordinal(row.org_id);
        let ordinal = ordinal.ok_or_else(|| Error::internal("an objection without organisation"))?;
        Ok(Self {
            id: ID(row.id.to_string()),
            org_unit: OrgUnit::new(snapshot, ordinal)?,
            period: analytics::period::Period::from_months(row.start_month, row.end_month).map(Period),
            node: row.node,
            statement: row.statement,
            author: row.author,
            recorded_at: DateTime::from_micros(row.recorded_at),
            state: row.state.into(),
            decision: row.decision,
            decided_by: row.decided_by,
            decided_at: row.decided_at.and_then(DateTime::from_micros),
            batch: row.batch_id.map(|id| ID(id.to_string())),
        })
    }
}

#[derive(Default)]
pub(crate) struct ObjectionQuery;

/// Queries of objections.
#[Object]
impl ObjectionQuery {
    /// Objections to the scores of a framework, in the order in which they were raised.
    async fn objections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the framework.")] framework: String,
        #[graphql(desc = "Version of the framework; the newest that is published when left out.")] version: Option<
            String,
        >,
        #[graphql(desc = "Only those of this period.")] period: Option<Period>,
    ) -> Result<Vec<Objection>> {
        let snapshot = ctx.snapshot()?;
        let service = ctx.service()?;
        let asked = (framework.as_str(), version.as_deref());
        let rows = service
            .objections(ctx.sight()?, asked, period.map(|period| period.0))
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| Objection::new(&snapshot, row))
            .collect::<Result<_, Error>>()?)
    }
}

/// An objection that is to be raised.
#[derive(InputObject)]
struct ObjectEvaluationInput {
    /// Code of the framework.
    framework: String,
    /// Its version; the newest that is published when left out.
    version: Option<String>,
    /// Code of the organisation.
    org: String,
    /// Period.
    period: Period,
    /// Code of the criterion.
    node: String,
    /// What is objected, with the document it rests on.
    statement: String,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
}

/// What was raised.
#[derive(SimpleObject)]
struct ObjectEvaluationPayload {
    /// The objection.
    objection: Objection,
}

/// How an objection is decided.
#[derive(InputObject)]
struct DecideObjectionInput {
    /// Number of the objection.
    objection: ID,
    /// Whether it is granted. Then figures or points change, and only then.
    uphold: bool,
    /// The decision and its reason.
    decision: String,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
    /// Figures that are revised, with the reason `APPEAL`.
    #[graphql(default)]
    figures: Vec<RevisedFigureInput>,
    /// Final points of the criterion, where points are decided and not a figure.
    points: Option<f64>,
    /// Write; otherwise only what would move is told.
    #[graphql(default)]
    commit: bool,
}

/// A figure that is revised.
#[derive(InputObject)]
struct RevisedFigureInput {
    /// Code of the indicator: the criterion's, or one that it is computed from.
    indicator: String,
    /// Period; the evaluation's when left out.
    period: Option<Period>,
    /// Figure in the indicator's own unit.
    value: f64,
}

/// What a decision did, or would do.
#[derive(SimpleObject)]
struct DecideObjectionPayload {
    /// The objection.
    objection: Objection,
    /// Every organisation whose score, rank or points move.
    moved: Vec<EvaluationMove>,
    /// Whether it was written.
    committed: bool,
}

#[derive(Default)]
pub(crate) struct ObjectionMutation;

/// Mutations of objections.
#[Object]
impl ObjectionMutation {
    /// Objects to the points of a criterion.
    async fn object_evaluation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The objection.")] input: ObjectEvaluationInput,
    ) -> Result<ObjectEvaluationPayload> {
        let new = NewObjection {
            framework: input.framework,
            version: input.version,
            org: input.org,
            period: input.period.0,
            node: input.node,
            statement: input.statement,
            caller: ctx.caller()?.on_behalf(input.on_behalf_of.as_deref())?,
        };
        let row = ctx.service()?.object(&new).await?;
        let objection = Objection::new(&ctx.snapshot()?, row)?;
        Ok(ObjectEvaluationPayload { objection })
    }

    /// Decides an objection, or tells what that would move: a dry run unless `commit` is true.
    async fn decide_objection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] input: DecideObjectionInput,
    ) -> Result<DecideObjectionPayload> {
        let number = input.objection.parse();
        let figure = |figure: RevisedFigureInput| {
            Ok(RevisedFigure {
                value: decimal("value", figure.value)?,
                indicator: figure.indicator,
                period: figure.period.map(|period| period.0),
            })
        };
        let options = DecisionOptions {
            objection: number.map_err(|_| Error::input("`objection` is no number", "objections lists them"))?,
            uphold: input.uphold,
            decision: input.decision,
            caller: ctx.caller()?.on_behalf(input.on_behalf_of.as_deref())?,
            figures: input.figures.into_iter().map(figure).collect::<Result<_, Error>>()?,
            points: input.points.map(|points| decimal("points", points)).transpose()?,
            commit: input.commit,
        };
        let service = ctx.service()?;
        let decided = service.decide_objection(&options).await?;
        let snapshot = service.snapshot().await?;
        Ok(DecideObjectionPayload {
            objection: Objection::new(&snapshot, decided.objection)?,
            moved: EvaluationMove::all(&snapshot, decided.moved)?,
            committed: options.commit,
        })
    }
}
