//! Sealed runs of evaluations: published, verified, and asked what would have been.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entity::evaluation_run;
use rust_decimal::Decimal;

use super::evaluation::{Evaluation, Shared};
use super::figure::number;
use super::org_unit::OrgUnit;
use crate::error::Error;
use crate::export::evaluation::report;
use crate::graphql::context::Ask;
use crate::graphql::scalar::evaluation_choice::Verdict;
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::time::DateTime;
use crate::service::Service;
use crate::service::access::Sight;
use crate::service::evaluation::Sealed;
use crate::service::evaluation::moved;
use crate::service::evaluation::what_if::OtherWeight;
use crate::service::snapshot::Snapshot;

/// Runs that a list gives.
const MOST_RUNS: u64 = 200;

pub(crate) struct EvaluationRun {
    sight: Sight,
    sealed: Arc<Sealed>,
}

impl EvaluationRun {
    pub(crate) fn new(sight: Sight, sealed: Arc<Sealed>) -> Self {
        Self { sight, sealed }
    }

    async fn evaluation(&self, service: &Service, evaluation: report::Evaluation) -> Result<Evaluation, Error> {
        let (scheme, seal) = (&self.sealed.scheme, Some(self.sealed.seal()));
        Ok(Evaluation(Arc::new(Shared {
            snapshot: Arc::clone(&self.sight.snapshot),
            is_whole: self.sight.is_all(),
            scheme: Arc::clone(&self.sealed.scheme),
            dossier: service
                .dossier(&self.sight, scheme, evaluation, (seal, Vec::new()))
                .await?,
        })))
    }
}

/// A sealed run: the framework's version, the time it was known at, the results and a hash. It is never changed.
#[Object]
impl EvaluationRun {
    /// Number, for `evaluationRun`.
    async fn id(&self) -> ID {
        ID(self.sealed.row.id.to_string())
    }

    /// Period.
    async fn period(&self) -> Result<Period, Error> {
        let period = self.sealed.period();
        period
            .map(Period)
            .ok_or_else(|| Error::internal("a run without period"))
    }

    /// Recording time up to which everything was taken in.
    async fn as_of(&self) -> Option<DateTime> {
        DateTime::from_micros(self.sealed.row.as_of)
    }

    /// SHA-256 of the sealed result in hexadecimal.
    async fn hash(&self) -> &str {
        &self.sealed.row.hash
    }

    /// Whether the stored bytes still have this hash.
    async fn intact(&self) -> bool {
        self.sealed.is_intact
    }

    /// Who published it.
    async fn author(&self) -> &str {
        &self.sealed.row.author
    }

    /// Note.
    async fn note(&self) -> Option<&str> {
        self.sealed.row.note.as_deref()
    }

    /// When it was published.
    async fn published_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.sealed.row.recorded_at)
    }

    /// The result as it was sealed.
    async fn result(&self, ctx: &Context<'_>) -> Result<Evaluation> {
        let evaluation = self.sealed.evaluation.clone();
        Ok(self.evaluation(ctx.service()?, evaluation).await?)
    }

    /// Recomputes the run from the database, as of the time it was sealed at, and compares bytes.
    async fn verification(&self, ctx: &Context<'_>) -> Result<EvaluationVerification> {
        let verified = ctx.service()?.verify_evaluation(&self.sight, &self.sealed).await?;
        Ok(EvaluationVerification {
            verdict: verified.verdict.into(),
            differences: verified.differences,
            more: i32::try_from(verified.more).unwrap_or(i32::MAX),
        })
    }

    /// Scores the sealed inputs by other weights. Nothing is stored.
    async fn what_if(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Criteria with another weight; a dimension weighs what they weigh together, and all total as before."
        )]
        weights: Vec<WeightInput>,
    ) -> Result<EvaluationWhatIf> {
        let weights: Vec<OtherWeight> = weights
            .into_iter()
            .map(OtherWeight::try_from)
            .collect::<Result<_, Error>>()?;
        let service = ctx.service()?;
        let found = service.what_if(&self.sight, &self.sealed, &weights).await?;
        Ok(EvaluationWhatIf {
            moved: EvaluationMove::all(&self.sight.snapshot, found.moved)?,
            result: self.evaluation(service, found.evaluation).await?,
        })
    }
}

/// Another weight of a criterion.
#[derive(InputObject)]
struct WeightInput {
    /// Code of the criterion.
    node: String,
    /// Code of the track; every track where it counts when left out.
    track: Option<String>,
    /// Full marks.
    weight: f64,
}

impl TryFrom<WeightInput> for OtherWeight {
    type Error = Error;

    fn try_from(input: WeightInput) -> Result<Self, Error> {
        Ok(Self {
            weight: decimal("weight", input.weight)?,
            node: input.node,
            track: input.track,
        })
    }
}

/// A number of the schema as the decimal that a person would write for it.
pub(crate) fn decimal(what: &'static str, value: f64) -> Result<Decimal, Error> {
    let number = analytics::decimal::exact(value).filter(|number| number.abs() <= Decimal::from(1_000_000_000_000_i64));
    number.ok_or_else(|| {
        Error::input(
            format!("{what} {value} is no number of this size"),
            "keep it below 10^12",
        )
    })
}

/// What would have been.
#[derive(SimpleObject)]
struct EvaluationWhatIf {
    /// The result by the other weights.
    result: Evaluation,
    /// Organisations that would have stood elsewhere.
    moved: Vec<EvaluationMove>,
}

/// What a verification found.
#[derive(SimpleObject)]
struct EvaluationVerification {
    /// What came out.
    verdict: Verdict,
    /// Where sealed and recomputed differ, at most a hundred places; none for who may not read all organisations.
    differences: Vec<String>,
    /// How many more there are.
    more: i32,
}

/// An organisation whose score or rank moves.
#[derive(SimpleObject)]
pub(crate) struct EvaluationMove {
    /// Organisation.
    org_unit: OrgUnit,
    /// Published score before.
    score_before: Option<f64>,
    /// Published score after.
    score_after: Option<f64>,
    /// Rank before.
    rank_before: Option<u32>,
    /// Rank after.
    rank_after: Option<u32>,
    /// Code of the grade before.
    grade_before: Option<String>,
    /// Code of the grade after.
    grade_after: Option<String>,
    /// Nodes whose points move.
    nodes: Vec<EvaluationNodeMove>,
}

/// A node whose points move.
#[derive(SimpleObject)]
struct EvaluationNodeMove {
    /// Code of the node.
    node: String,
    /// Points before.
    before: Option<f64>,
    /// Points after.
    after: Option<f64>,
}

impl EvaluationMove {
    pub(crate) fn all(snapshot: &Arc<Snapshot>, moved: Vec<moved::Moved>) -> Result<Vec<Self>, Error> {
        let told = |moved: moved::Moved| {
            let ordinal = snapshot.catalog.org_by_code(&moved.org);
            let ordinal = ordinal.ok_or_else(|| Error::internal("an organisation that is gone"))?;
            Ok(Self {
                org_unit: OrgUnit::new(snapshot, ordinal)?,
                score_before: number(moved.before),
                score_after: number(moved.after),
                rank_before: moved.rank_before,
                rank_after: moved.rank_after,
                grade_before: moved.grade_before,
                grade_after: moved.grade_after,
                nodes: moved
                    .nodes
                    .into_iter()
                    .map(|(node, before, after)| EvaluationNodeMove {
                        node,
                        before: number(before),
                        after: number(after),
                    })
                    .collect(),
            })
        };
        moved.into_iter().map(told).collect()
    }
}

/// A sealed run in a list.
#[derive(SimpleObject)]
struct EvaluationRunHeading {
    /// Number, for `evaluationRun`.
    id: ID,
    /// Period.
    period: Option<Period>,
    /// SHA-256 of the sealed result in hexadecimal.
    hash: String,
    /// Who published it.
    author: String,
    /// Note.
    note: Option<String>,
    /// When it was published.
    published_at: Option<DateTime>,
}

impl From<evaluation_run::Model> for EvaluationRunHeading {
    fn from(row: evaluation_run::Model) -> Self {
        Self {
            id: ID(row.id.to_string()),
            period: analytics::period::Period::from_months(row.start_month, row.end_month).map(Period),
            hash: row.hash,
            author: row.author,
            note: row.note,
            published_at: DateTime::from_micros(row.recorded_at),
        }
    }
}

#[derive(Default)]
pub(crate) struct EvaluationRunQuery;

/// Queries of sealed runs.
#[Object]
impl EvaluationRunQuery {
    /// A sealed run; null when there is none of this number.
    async fn evaluation_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of the run.")] id: ID,
    ) -> Result<Option<EvaluationRun>> {
        let Ok(id) = id.parse() else { return Ok(None) };
        let sight = ctx.sight()?;
        let sealed = ctx.service()?.evaluation_run(sight, id).await?;
        Ok(sealed.map(|sealed| EvaluationRun {
            sight: sight.clone(),
            sealed: Arc::new(sealed),
        }))
    }

    /// The newest sealed runs, newest first.
    async fn evaluation_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this framework, by its code.")] framework: Option<String>,
        #[graphql(default = 20, desc = "How many, at most 200.")] first: u32,
    ) -> Result<Vec<EvaluationRunHeading>> {
        ctx.sight()?.need_whole()?;
        let most = u64::from(first).min(MOST_RUNS);
        let runs = ctx.service()?.evaluation_runs(framework.as_deref(), most).await?;
        Ok(runs.into_iter().map(Into::into).collect())
    }
}
