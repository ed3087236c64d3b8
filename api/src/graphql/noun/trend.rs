//! Series over many periods.

use std::sync::Arc;

use analytics::op::trend as trend_op;
use analytics::sentence::Against;
use analytics::{decimal, trend};
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::change::Change;
use super::indicator::{Indicator, IndicatorSelector};
use super::measure::{Measure, StandsOn};
use super::org_unit::{OrgSelector, OrgUnit};
use super::unit::unit_scale;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::evidence::Wants;
use crate::graphql::scalar::choice::{Hierarchy, ReasonCode, TrendDirection, TrendGuard};
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::submission_choice::Include;
use crate::graphql::scalar::time::DateTime;
use crate::service::edition::Edition;
use crate::service::hierarchy::View;
use crate::service::trend::Question;

/// Which series.
#[derive(Debug, InputObject)]
pub(crate) struct TrendInput {
    /// Which indicators: one series each for every organisation.
    indicators: IndicatorSelector,
    /// Which organisations.
    orgs: OrgSelector,
    /// First period.
    from: Period,
    /// Last period, of the same type and length.
    to: Period,
    /// Give moving averages over so many periods, 2 to 120.
    moving_average: Option<i32>,
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

/// One indicator of one organisation over all periods asked for, holes included.
#[derive(SimpleObject)]
pub(crate) struct Series {
    /// What is counted.
    indicator: Indicator,
    /// Whose figures they are.
    org_unit: OrgUnit,
    /// One place a period, in order; where there is no value, its state and reason say why.
    points: Vec<SeriesPoint>,
    /// Whether it rises or falls; null where `guard` says why not.
    trend: Option<Trend>,
    /// Why there is no trend; null where there is one.
    guard: Option<TrendGuard>,
    /// From the last period but one to the last; null for a single period.
    last_change: Option<Change>,
    /// Under which tree it was computed.
    hierarchy: Hierarchy,
    /// Period whose last month has that tree; null where each period has its own.
    hierarchy_at: Option<Period>,
    /// Recording time up to which figures were taken in.
    as_of: Option<DateTime>,
}

/// One place of a series.
#[derive(SimpleObject)]
pub(crate) struct SeriesPoint {
    /// Period.
    period: Period,
    /// Value, or why there is none.
    value: Measure,
    /// Mean of this place and those before it, in the indicator's unit, where all are there and no break lies between them.
    moving_average: Option<f64>,
    /// Why this place is not comparable with the one before it; null where it is.
    series_break: Option<ReasonCode>,
}

/// A trend over at least four comparable values: Theil–Sen slope and Mann–Kendall test.
#[derive(SimpleObject)]
pub(crate) struct Trend {
    /// The word, at 5 %.
    direction: TrendDirection,
    /// Theil–Sen slope: median of the slopes of all pairs, in the indicator's unit a period.
    slope: f64,
    /// Level of the Theil–Sen line at the first period, in the indicator's unit.
    intercept: f64,
    /// Mann–Kendall S: rising pairs − falling pairs.
    s: f64,
    /// Kendall's tau: S over the number of pairs.
    tau: f64,
    /// Two-sided p-value of "no monotone trend", corrected for ties.
    p_value: f64,
    /// Values it rests on.
    points: u32,
}

#[derive(Default)]
pub(crate) struct TrendQuery;

/// Queries of series.
#[Object]
impl TrendQuery {
    /// Series of indicators over many periods of one type, dense, with a state on each hole.
    async fn trend(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which series.")] input: TrendInput,
    ) -> Result<Vec<Series>> {
        let question = Question {
            indicators: input.indicators.into(),
            orgs: input.orgs.into(),
            from: input.from.0,
            to: input.to.0,
            moving_average: input.moving_average,
            view: View::new(
                input.hierarchy.unwrap_or(Hierarchy::AsReported).into(),
                input.hierarchy_at.map(|period| period.0),
            )?,
            as_of: input.as_of.map(DateTime::micros),
            include: input.include.unwrap_or(Include::Published).into(),
            max_cells: ctx.limits()?.max_cells,
        };
        let (found, edition) = ctx.service()?.trend(ctx.sight()?, question).await?;
        let wants = Wants::of(ctx, &[&["points", "value"]]);
        let mut lineage = vec![Vec::new(); found.len()];
        if wants.lineage() {
            for (series, lists) in found.iter().zip(&mut lineage) {
                let cells = series.points.iter().map(|point| (series.org, point.period)).collect();
                *lists = ctx.service()?.lineage_of(&edition, series.indicator, cells).await?;
            }
        }
        let measures = found
            .iter()
            .flat_map(|series| &series.points)
            .map(|point| &point.measure);
        let keys = wants.keys(measures, lineage.iter().flatten().flatten());
        wants.prepare(ctx, keys).await?;
        let series = found.into_iter().zip(lineage);
        Ok(series
            .map(|(series, cited)| told(series, &edition, cited))
            .collect::<Result<_, Error>>()?)
    }
}

fn told(
    series: trend_op::TrendSeries,
    edition: &Edition,
    cited: Vec<Vec<analytics::op::Cited>>,
) -> Result<Series, Error> {
    let (snapshot, indicator) = (&edition.snapshot, series.indicator);
    let scale = unit_scale(snapshot, indicator, false)?;
    let in_unit = |value: f64| decimal::in_unit(value, scale);
    let periods: Vec<analytics::period::Period> = series.points.iter().map(|point| point.period).collect();
    let last_change = match (series.last_change, periods.as_slice()) {
        (Some(change), [.., before, last]) => Some(Change {
            snapshot: Arc::clone(snapshot),
            indicator,
            period: *last,
            against: Against::Period(Some(*before)),
            change,
        }),
        _ => None,
    };
    let mut cited = cited.into_iter();
    let point = |point: trend_op::Point| SeriesPoint {
        period: Period(point.period),
        moving_average: point.moving_average.map(in_unit),
        series_break: point.series_break.map(Into::into),
        value: Measure::new(
            edition,
            indicator,
            series.org,
            point.measure,
            StandsOn::Figures(cited.next().unwrap_or_default()),
        ),
    };
    Ok(Series {
        indicator: Indicator::new(snapshot, indicator)?,
        org_unit: OrgUnit::new(snapshot, series.org)?,
        points: series.points.into_iter().map(point).collect(),
        trend: series.trend.map(|trend: trend::Trend| Trend {
            direction: trend.direction.into(),
            slope: in_unit(trend.slope),
            intercept: in_unit(trend.intercept),
            s: trend.s,
            tau: trend.tau,
            p_value: trend.p_value,
            points: u32::try_from(trend.points).unwrap_or(u32::MAX),
        }),
        guard: series.guard.map(Into::into),
        last_change,
        hierarchy: edition.hierarchy.into(),
        hierarchy_at: edition.hierarchy_at.map(Period),
        as_of: edition.as_of.and_then(DateTime::from_micros),
    })
}
