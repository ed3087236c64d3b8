//! Rankings of organisations.

use std::collections::HashMap;
use std::sync::Arc;

use analytics::decimal;
use analytics::op::Cited;
use analytics::op::ranking;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::indicator::Indicator;
use super::measure::{Measure, StandsOn};
use super::org_unit::{OrgSelector, OrgUnit};
use super::unit::unit_scale;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::evidence::Wants;
use crate::graphql::scalar::choice::{ExclusionReason, Hierarchy};
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::submission_choice::Include;
use crate::graphql::scalar::time::DateTime;
use crate::service::edition::Edition;
use crate::service::hierarchy::View;
use crate::service::ranking::Question;
use crate::service::selector;
use crate::service::snapshot::Snapshot;

/// What is to be ranked.
#[derive(Debug, InputObject)]
pub(crate) struct RankingInput {
    /// Code of the indicator.
    indicator: String,
    /// Which organisations.
    orgs: OrgSelector,
    /// Period.
    period: Period,
    /// Leave out ratios over a smaller denominator, in the denominator's own unit: a rate of three cases says little.
    minimum_denominator: Option<f64>,
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

/// Organisations by rank: the best first, by the indicator's polarity.
#[derive(SimpleObject)]
pub(crate) struct Ranking {
    /// What is ranked.
    indicator: Indicator,
    /// Period.
    period: Period,
    /// Whether a good rank is good; a neutral indicator is ranked by size, and that is no judgement.
    judged: bool,
    /// Those ranked; of one rank in the order asked for.
    rows: Vec<RankingRow>,
    /// Those not ranked, with the reason.
    excluded: Vec<RankingExclusion>,
    /// Median of those ranked, in the indicator's unit.
    median: Option<f64>,
    /// Organisation directly above all of them, where it is one.
    parent: Option<OrgUnit>,
    /// Value of `parent`.
    parent_value: Option<Measure>,
    /// When it was computed.
    computed_at: DateTime,
    /// Under which tree it was computed.
    hierarchy: Hierarchy,
    /// Period whose last month has that tree; null where each period has its own.
    hierarchy_at: Option<Period>,
    /// Recording time up to which figures were taken in: asked with it again, the ranks are the same.
    as_of: Option<DateTime>,
}

/// An organisation in its place.
#[derive(SimpleObject)]
pub(crate) struct RankingRow {
    /// Its rank; ties share one, and the next rank is left out: 1, 2, 2, 4.
    rank: u32,
    /// Whether another has the same rank.
    tied: bool,
    /// Organisation.
    org_unit: OrgUnit,
    /// Its value.
    value: Measure,
    /// Of the others ranked, how many per hundred are worse (PERCENTRANK of spreadsheets); null when it stands alone.
    percentile: Option<f64>,
    /// 1 for the best quarter, 4 for the last; null when it stands alone.
    quartile: Option<i32>,
    /// Organisations of one band cannot be told apart at 5 %: its leader and none of this value differ. Equal values share one; the leader has the best value, and of those the largest denominator. For ratios with both parts; else a rank is a band.
    band: u32,
    /// Its rank a year earlier among the same organisations; null when it was not ranked then.
    previous_rank: Option<u32>,
    /// Places won since a year earlier, negative when lost.
    movement: Option<i64>,
}

/// An organisation that is not ranked.
#[derive(SimpleObject)]
pub(crate) struct RankingExclusion {
    /// Organisation.
    org_unit: OrgUnit,
    /// Its value, as far as there is one.
    value: Measure,
    /// Why it is not ranked.
    reason: ExclusionReason,
}

#[derive(Default)]
pub(crate) struct RankingQuery;

/// Queries of rankings.
#[Object]
impl RankingQuery {
    /// Ranks organisations by one indicator. Who cannot be compared is listed with the reason and never ranked.
    async fn ranking(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be ranked.")] input: RankingInput,
    ) -> Result<Ranking> {
        let snapshot = ctx.snapshot()?;
        let question = Question {
            minimum_denominator: minimum(&snapshot, &input)?,
            indicator: input.indicator,
            orgs: input.orgs.into(),
            period: input.period.0,
            view: View::new(
                input.hierarchy.unwrap_or(Hierarchy::AsReported).into(),
                input.hierarchy_at.map(|period| period.0),
            )?,
            as_of: input.as_of.map(DateTime::micros),
            include: input.include.unwrap_or(Include::Published).into(),
            max_cells: ctx.limits()?.max_cells,
        };
        let indicator = selector::indicator(&snapshot.catalog, &question.indicator)?.id;
        let (found, edition) = ctx.service()?.ranking(ctx.sight()?, question).await?;
        let paths: [&[&str]; 3] = [&["rows", "value"], &["excluded", "value"], &["parentValue"]];
        let wants = Wants::of(ctx, &paths);
        let mut cited = HashMap::new();
        if wants.lineage() {
            let orgs = all(&found).map(|(org, _)| (org, input.period.0)).collect::<Vec<_>>();
            let lists = ctx.service()?.lineage_of(&edition, indicator, orgs.clone()).await?;
            cited.extend(orgs.into_iter().map(|(org, _)| org).zip(lists));
        }
        let measures = all(&found).map(|(_, measure)| measure);
        let keys = wants.keys(measures, cited.values().flatten());
        wants.prepare(ctx, keys).await?;
        Ok(answer(found, &edition, indicator, input.period, cited)?)
    }
}

/// Every value of a ranking with its organisation.
fn all(found: &ranking::Ranking) -> impl Iterator<Item = (u32, &analytics::measure::Measure)> {
    let rows = found.rows.iter().map(|row| (row.org, &row.measure));
    let excluded = found.excluded.iter().map(|row| (row.org, &row.measure));
    let parent = found.parent.iter().map(|(org, measure)| (*org, measure));
    rows.chain(excluded).chain(parent)
}

/// The smallest denominator in the base unit of its quantity.
fn minimum(snapshot: &Snapshot, input: &RankingInput) -> Result<Option<f64>, Error> {
    let Some(minimum) = input.minimum_denominator else {
        return Ok(None);
    };
    let Some(denominator) = selector::indicator(&snapshot.catalog, &input.indicator)?.denominator_id else {
        return Err(Error::input(
            format!("`{}` has no denominator", input.indicator),
            "leave minimumDenominator out",
        ));
    };
    Ok(Some(
        minimum * decimal::to_f64(unit_scale(snapshot, denominator, false)?),
    ))
}

fn answer(
    found: ranking::Ranking,
    edition: &Edition,
    indicator: i64,
    period: Period,
    mut cited: HashMap<u32, Vec<Cited>>,
) -> Result<Ranking, Error> {
    let snapshot = &edition.snapshot;
    let mut value = |org: u32, measure| {
        let stands_on = StandsOn::Figures(cited.remove(&org).unwrap_or_default());
        Measure::new(edition, indicator, org, measure, stands_on)
    };
    let mut rows = Vec::with_capacity(found.rows.len());
    for row in found.rows {
        rows.push(RankingRow {
            rank: row.rank,
            tied: row.tied,
            org_unit: OrgUnit::new(snapshot, row.org)?,
            percentile: row.percentile.map(decimal::clean),
            quartile: row.quartile.map(i32::from),
            band: row.band,
            previous_rank: row.previous_rank,
            movement: row.movement(),
            value: value(row.org, row.measure),
        });
    }
    let mut excluded = Vec::with_capacity(found.excluded.len());
    for row in found.excluded {
        excluded.push(RankingExclusion {
            org_unit: OrgUnit::new(snapshot, row.org)?,
            value: value(row.org, row.measure),
            reason: row.reason.into(),
        });
    }
    let (parent, parent_value) = match found.parent {
        Some((org, measure)) => (Some(OrgUnit::new(snapshot, org)?), Some(value(org, measure))),
        None => (None, None),
    };
    let scale = unit_scale(snapshot, indicator, false)?;
    Ok(Ranking {
        indicator: Indicator::new(&Arc::clone(snapshot), indicator)?,
        period,
        judged: found.judged,
        rows,
        excluded,
        median: found.median.map(|median| decimal::in_unit(median, scale)),
        parent,
        parent_value,
        computed_at: DateTime::now(),
        hierarchy: edition.hierarchy.into(),
        hierarchy_at: edition.hierarchy_at.map(Period),
        as_of: edition.as_of.and_then(DateTime::from_micros),
    })
}
