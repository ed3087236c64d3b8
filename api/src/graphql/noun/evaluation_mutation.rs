//! Sealing evaluations, and marks on their criteria.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::evaluation_run::{EvaluationRun, decimal};
use super::org_unit::OrgSelector;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::evaluation_choice::MarkStage;
use crate::graphql::scalar::period::Period;
use crate::service::evaluation::mark::{MarkOptions, NewMark};
use crate::service::evaluation::{EvaluationQuery, PublishOptions};

/// Marks of one request.
const MOST_MARKS: usize = 5000;

/// An evaluation that is to be sealed.
#[derive(InputObject)]
struct PublishEvaluationInput {
    /// Code of the framework.
    framework: String,
    /// Its version; the newest that is published when left out.
    version: Option<String>,
    /// Period.
    period: Period,
    /// Which of the organisations in the tracks; all when left out.
    orgs: Option<OrgSelector>,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
    /// Note.
    note: Option<String>,
}

/// What was sealed.
#[derive(SimpleObject)]
struct PublishEvaluationPayload {
    /// The run.
    run: EvaluationRun,
}

/// Marks of one framework and period.
#[derive(InputObject)]
struct MarkEvaluationInput {
    /// Code of the framework.
    framework: String,
    /// Its version; the newest that is published when left out.
    version: Option<String>,
    /// Period.
    period: Period,
    /// Who speaks.
    stage: MarkStage,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
    /// The marks: all or none.
    marks: Vec<MarkInput>,
}

/// One mark.
#[derive(InputObject)]
struct MarkInput {
    /// Code of the organisation.
    org: String,
    /// Code of the criterion.
    node: String,
    /// Points, those of a penalty as a positive number; null takes an earlier mark back.
    points: Option<f64>,
    /// Evidence or reason; required for a final mark, and for a review of what a reviewer gives.
    evidence: Option<String>,
}

/// What was marked.
#[derive(SimpleObject)]
struct MarkEvaluationPayload {
    /// How many marks were stored.
    marked: i32,
}

#[derive(Default)]
pub(crate) struct EvaluationMutation;

/// Mutations of evaluations.
#[Object]
impl EvaluationMutation {
    /// Evaluates as of now and seals the result: framework version, time, results and a hash, for ever.
    async fn publish_evaluation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be sealed.")] input: PublishEvaluationInput,
    ) -> Result<PublishEvaluationPayload> {
        let service = ctx.service()?;
        let options = PublishOptions {
            query: EvaluationQuery {
                version: input.version,
                orgs: input.orgs.map(Into::into).unwrap_or_default(),
                ..EvaluationQuery::whole(input.framework, input.period.0)
            },
            caller: ctx.caller()?.on_behalf(input.on_behalf_of.as_deref())?,
            note: input.note,
        };
        let sealed = service.publish_evaluation(&options).await?;
        let run = EvaluationRun::new(service.sight(ctx.caller()?).await?, Arc::new(sealed));
        Ok(PublishEvaluationPayload { run })
    }

    /// Stores self-scores, reviews or final scores as new revisions, all or none. An evaluation takes them in from then on.
    async fn mark_evaluation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The marks.")] input: MarkEvaluationInput,
    ) -> Result<MarkEvaluationPayload> {
        if input.marks.len() > MOST_MARKS {
            let asked = input.marks.len() as u64;
            let hint = "send them in several requests";
            return Err(Error::Limit {
                what: "a number of marks",
                asked,
                allowed: MOST_MARKS as u64,
                hint,
            }
            .into());
        }
        let mark = |mark: MarkInput| {
            Ok(NewMark {
                org: mark.org,
                node: mark.node,
                points: mark.points.map(|points| decimal("points", points)).transpose()?,
                evidence: mark.evidence,
            })
        };
        let options = MarkOptions {
            framework: input.framework,
            version: input.version,
            period: input.period.0,
            stage: input.stage.into(),
            caller: ctx.caller()?.on_behalf(input.on_behalf_of.as_deref())?,
            marks: input.marks.into_iter().map(mark).collect::<Result<_, Error>>()?,
        };
        let stored = ctx.service()?.mark_evaluation(&options).await?;
        Ok(MarkEvaluationPayload {
            marked: i32::try_from(stored.len()).unwrap_or(i32::MAX),
        })
    }
}
