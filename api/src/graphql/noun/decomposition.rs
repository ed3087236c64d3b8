//! Why a total changed.

use std::sync::Arc;

use analytics::decimal;
use analytics::sentence::Against;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::change::Change;
use super::indicator::Indicator;
use super::measure::{Measure, StandsOn};
use super::org_unit::OrgUnit;
use super::unit::unit_scale;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::evidence::Wants;
use crate::graphql::scalar::choice::{Baseline, Hierarchy, Presence};
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::submission_choice::Include;
use crate::graphql::scalar::time::DateTime;
use crate::service::decompose::{Answer, Question};
use crate::service::hierarchy::View;

/// What is to be taken apart.
#[derive(Debug, InputObject)]
pub(crate) struct DecomposeInput {
    /// Code of the indicator: a count, an amount, or a ratio with both parts.
    indicator: String,
    /// Code of the organisation whose change it is.
    org: String,
    /// Current period.
    period: Period,
    /// What it is held against: `PREVIOUS_YEAR`, `PREVIOUS_PERIOD` or `PERIOD`.
    #[graphql(default_with = "Some(Baseline::PreviousYear)")]
    baseline: Option<Baseline>,
    /// Base of the baseline `PERIOD`.
    base_period: Option<Period>,
    /// Under which tree periods are put side by side.
    #[graphql(default_with = "Some(Hierarchy::AsReported)")]
    hierarchy: Option<Hierarchy>,
    /// Period in whose last month the tree of the hierarchy `AS_OF` was valid.
    hierarchy_at: Option<Period>,
    /// Figures as they were known at this time; now when left out.
    as_of: Option<DateTime>,
    /// Which figures: the published ones, or those that were handed in as well. Goes without `asOf`.
    #[graphql(default_with = "Some(Include::Published)")]
    include: Option<Include>,
}

/// A change taken apart by the organisations directly below. `total` is exactly the sum of the contributions and `residual`. Numbers are in the indicator's unit; those of rates are percentage points.
#[derive(SimpleObject)]
pub(crate) struct Decomposition {
    /// What changed.
    indicator: Indicator,
    /// Whose change it is.
    org_unit: OrgUnit,
    /// Current period.
    period: Period,
    /// Base period.
    base_period: Period,
    /// Current value of the whole.
    current: Measure,
    /// Base value of the whole.
    base: Measure,
    /// Change of the whole.
    change: Change,
    /// Current − base; null where one of them is missing.
    total: Option<f64>,
    /// One for each organisation directly below in either period, in the order of the tree.
    contributions: Vec<Contribution>,
    /// What they do not explain: the whole reports a figure of its own that is not the sum of what is below.
    residual: Option<f64>,
    /// Under which tree it was computed.
    hierarchy: Hierarchy,
    /// Period whose last month has that tree; null where each period has its own.
    hierarchy_at: Option<Period>,
    /// Recording time up to which figures were taken in.
    as_of: Option<DateTime>,
}

/// The part of one organisation in a change.
#[derive(SimpleObject)]
pub(crate) struct Contribution {
    /// Organisation.
    org_unit: OrgUnit,
    /// Its current value.
    current: Measure,
    /// Its base value.
    base: Measure,
    /// In which periods it counts; one that enters or leaves counts as a whole.
    presence: Presence,
    /// Its part of the change.
    contribution: f64,
    /// Its part of `total`, 1 for all of it; null where the whole did not change. Shares need not lie between 0 and 1.
    share: Option<f64>,
    /// Of a ratio: what its own rate moved, at its mean weight in the denominators.
    rate_effect: Option<f64>,
    /// Of a ratio: what its weight moved, by how far its rate lies from that of the whole.
    mix_effect: Option<f64>,
}

#[derive(Default)]
pub(crate) struct DecompositionQuery;

/// Queries of decompositions.
#[Object]
impl DecompositionQuery {
    /// Takes a change apart: who below contributed what, and for rates whether it was the rates or the mix.
    async fn decompose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be taken apart.")] input: DecomposeInput,
    ) -> Result<Decomposition> {
        let question = Question {
            indicator: input.indicator,
            org: input.org,
            period: input.period.0,
            baseline: input.baseline.unwrap_or(Baseline::PreviousYear).into(),
            base_period: input.base_period.map(|period| period.0),
            view: View::new(
                input.hierarchy.unwrap_or(Hierarchy::AsReported).into(),
                input.hierarchy_at.map(|period| period.0),
            )?,
            as_of: input.as_of.map(DateTime::micros),
            include: input.include.unwrap_or(Include::Published).into(),
        };
        let answer = ctx.service()?.decompose(ctx.sight()?, question).await?;
        let parts = &answer.decomposition.contributions;
        let (period, base) = (answer.request.period, answer.request.base);
        let paths: [&[&str]; 4] = [
            &["current"],
            &["base"],
            &["contributions", "current"],
            &["contributions", "base"],
        ];
        let wants = Wants::of(ctx, &paths);
        let mut cited = Vec::new();
        if wants.lineage() {
            let orgs = std::iter::once(answer.request.org).chain(parts.iter().map(|part| part.org));
            let cells = orgs.flat_map(|org| [(org, period), (org, base)]).collect();
            let indicator = answer.request.indicator;
            cited = ctx.service()?.lineage_of(&answer.edition, indicator, cells).await?;
        }
        let sides = parts.iter().flat_map(|part| [&part.current, &part.base]);
        let whole = [&answer.decomposition.current, &answer.decomposition.base];
        let keys = wants.keys(sides.chain(whole), cited.iter().flatten());
        wants.prepare(ctx, keys).await?;
        Ok(told(answer, cited)?)
    }
}

fn told(answer: Answer, cited: Vec<Vec<analytics::op::Cited>>) -> Result<Decomposition, Error> {
    let Answer {
        decomposition: found,
        request,
        edition,
    } = answer;
    let (snapshot, indicator) = (&edition.snapshot, request.indicator);
    let scale = unit_scale(snapshot, indicator, false)?;
    let in_unit = |value: f64| decimal::in_unit(value, scale);
    let mut cited = cited.into_iter();
    let mut value = |org: u32, measure| {
        let stands_on = StandsOn::Figures(cited.next().unwrap_or_default());
        Measure::new(&edition, indicator, org, measure, stands_on)
    };
    let (current, base) = (value(request.org, found.current), value(request.org, found.base));
    let mut contributions = Vec::with_capacity(found.contributions.len());
    for part in found.contributions {
        let share = found
            .total
            .filter(|total| *total != 0.0)
            .map(|total| part.contribution / total);
        contributions.push(Contribution {
            org_unit: OrgUnit::new(snapshot, part.org)?,
            current: value(part.org, part.current),
            base: value(part.org, part.base),
            presence: part.presence.into(),
            contribution: in_unit(part.contribution),
            share: share.map(decimal::clean),
            rate_effect: part.rate_effect.map(in_unit),
            mix_effect: part.mix_effect.map(in_unit),
        });
    }
    Ok(Decomposition {
        indicator: Indicator::new(snapshot, indicator)?,
        org_unit: OrgUnit::new(snapshot, request.org)?,
        period: Period(request.period),
        base_period: Period(request.base),
        current,
        base,
        change: Change {
            snapshot: Arc::clone(snapshot),
            indicator,
            period: request.period,
            against: Against::Period(Some(request.base)),
            change: found.change,
        },
        total: found.total.map(in_unit),
        contributions,
        residual: found.residual.map(in_unit),
        hierarchy: edition.hierarchy.into(),
        hierarchy_at: edition.hierarchy_at.map(Period),
        as_of: edition.as_of.and_then(DateTime::from_micros),
    })
}
