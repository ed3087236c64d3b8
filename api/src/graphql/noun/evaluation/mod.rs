//! Evaluations: scores that open down to their sources.

mod node;
mod shared;
mod unit;

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};

pub(crate) use self::shared::Shared;
use self::shared::{moment, period};
pub(crate) use self::unit::EvaluationUnit;
use super::figure::number;
use super::framework::Framework;
use super::org_unit::OrgSelector;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::evaluation_choice::{EvaluationWarningKind, named};
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::time::DateTime;
use crate::service::evaluation::{DRAWS, EvaluationQuery};

pub(crate) struct Evaluation(pub(crate) Arc<Shared>);

/// A framework applied to the organisations of its tracks: points, grades and ranks with everything they rest on.
#[Object]
impl Evaluation {
    /// Framework.
    async fn framework(&self) -> Framework {
        Framework {
            snapshot: Arc::clone(&self.0.snapshot),
            scheme: Arc::clone(&self.0.scheme),
        }
    }

    /// Period.
    async fn period(&self) -> Result<Period, Error> {
        period(&self.0.dossier.evaluation.period)
    }

    /// Period that changes are told against: a year earlier, under the same framework; null where the calendar has none.
    async fn previous_period(&self) -> Result<Option<Period>, Error> {
        self.0
            .dossier
            .evaluation
            .previous_period
            .as_deref()
            .map(period)
            .transpose()
    }

    /// Recording time up to which figures, targets and marks were taken in: asked with it again, the scores are the same.
    async fn as_of(&self) -> Result<Option<DateTime>> {
        Ok(moment(&self.0.dossier.evaluation.as_of))
    }

    /// Version of the rules of scoring.
    async fn engine(&self) -> u32 {
        self.0.dossier.evaluation.engine
    }

    /// Organisations by track and place in the tree; only those that the caller may read. Ranks are among all that were asked for; rules that compare with peers look at the whole track.
    async fn units(
        &self,
        #[graphql(desc = "Only those of this track, by its code.")] track: Option<String>,
    ) -> Vec<EvaluationUnit> {
        let units = self.0.dossier.evaluation.units.iter().enumerate();
        units
            .filter(|(_, unit)| track.as_ref().is_none_or(|track| unit.track == *track))
            .map(|(place, _)| EvaluationUnit {
                shared: Arc::clone(&self.0),
                place,
            })
            .collect()
    }

    /// What a reader must know beside the scores.
    async fn warnings(&self) -> Result<Vec<EvaluationWarning>, Error> {
        let warnings = self.0.dossier.evaluation.warnings.iter();
        warnings
            .map(|warning| {
                Ok(EvaluationWarning {
                    kind: named::<analytics::score::warning::WarningKind>(&warning.kind)?.into(),
                    node: warning.node.clone(),
                    track: warning.track.clone(),
                    units: warning.units,
                })
            })
            .collect()
    }

    /// Median of the published scores by track; null for who may not read all of them.
    async fn medians(&self) -> Vec<EvaluationMedian> {
        let evaluation = &self.0.dossier.evaluation;
        let tracks = evaluation.framework.tracks.iter();
        tracks
            .map(|track| {
                let units = evaluation.units.iter().filter(|unit| unit.track == track.code);
                EvaluationMedian {
                    track: track.code.clone(),
                    median: number(
                        analytics::score::rank::middle(units.filter_map(|unit| unit.now.published))
                            .filter(|_| self.0.is_whole),
                    ),
                }
            })
            .collect()
    }
}

/// What a reader must know beside the scores.
#[derive(SimpleObject)]
pub(crate) struct EvaluationWarning {
    /// What it is.
    kind: EvaluationWarningKind,
    /// Code of the criterion.
    node: String,
    /// Code of the track.
    track: String,
    /// How many organisations it touches.
    units: u32,
}

/// The middle of a track.
#[derive(SimpleObject)]
pub(crate) struct EvaluationMedian {
    /// Code of the track.
    track: String,
    /// Median of the published scores; null where nobody has one.
    median: Option<f64>,
}

#[derive(Default)]
pub(crate) struct EvaluationRootQuery;

/// Queries of evaluations.
#[Object]
impl EvaluationRootQuery {
    /// Applies a framework to the organisations of its tracks, as of now or an earlier time. Nothing is stored.
    async fn evaluation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code of the framework.")] framework: String,
        #[graphql(desc = "Version of the framework; the newest that is published when left out.")] version: Option<
            String,
        >,
        #[graphql(desc = "Period.")] period: Period,
        #[graphql(desc = "Which of the organisations in the tracks; all when left out.")] orgs: Option<OrgSelector>,
        #[graphql(desc = "Figures, targets and marks as they were known at this time; now when left out.")]
        as_of: Option<DateTime>,
    ) -> Result<Evaluation> {
        let sight = ctx.sight()?;
        let units = ctx.look_ahead().field("units");
        let query = EvaluationQuery {
            version,
            orgs: orgs.map(Into::into).unwrap_or_default(),
            as_of: as_of.map(DateTime::micros),
            sources: units.field("nodes").field("sources").exists(),
            draws: if units.field("interval").exists() { DRAWS } else { 0 },
            max_cells: ctx.limits()?.max_cells,
            ..EvaluationQuery::whole(framework, period.0)
        };
        let service = ctx.service()?;
        let (scheme, evaluation) = service.evaluate(sight, &query).await?;
        let dossier = service.dossier(sight, &scheme, evaluation, (None, Vec::new())).await?;
        Ok(Evaluation(Arc::new(Shared {
            snapshot: Arc::clone(&sight.snapshot),
            is_whole: sight.is_all(),
            scheme,
            dossier,
        })))
    }
}
