//! Comparisons: two periods side by side.

use std::sync::Arc;

use analytics::op;
use analytics::sentence::Against;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::change::Change;
use super::indicator::{Indicator, IndicatorSelector};
use super::measure::{Measure, StandsOn};
use super::org_unit::{OrgSelector, OrgUnit};
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::evidence::Wants;
use crate::graphql::scalar::choice::{Baseline, Comparability, Hierarchy};
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::submission_choice::Include;
use crate::graphql::scalar::time::DateTime;
use crate::service::compare::{Question, against};
use crate::service::edition::Edition;
use crate::service::hierarchy::View;

/// What is to be compared.
#[derive(Debug, InputObject)]
pub(crate) struct CompareInput {
    /// Which indicators: one row each for every organisation.
    indicators: IndicatorSelector,
    /// Which organisations.
    orgs: OrgSelector,
    /// Current period.
    period: Period,
    /// What it is held against.
    #[graphql(default_with = "Some(Baseline::PreviousYear)")]
    baseline: Option<Baseline>,
    /// Base of the baseline `PERIOD`.
    base_period: Option<Period>,
    /// Years of the baseline `AVERAGE_GROWTH`.
    years: Option<i32>,
    /// Which organisations are taken into values that are put together from below.
    #[graphql(default_with = "Some(Comparability::All)")]
    comparability: Option<Comparability>,
    /// Give the numbers of a change across a break of definition or boundary as well; its reason stays.
    #[graphql(default = false)]
    across_breaks: bool,
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

/// Rows of a comparison: one an indicator and organisation asked for, whether or not its numbers are there.
#[derive(SimpleObject)]
pub(crate) struct Comparison {
    /// Rows, indicators first.
    rows: Vec<ComparisonRow>,
    /// Current period.
    period: Period,
    /// Base period; null where the baseline has none.
    base_period: Option<Period>,
    /// When it was computed.
    computed_at: DateTime,
    /// Under which tree it was computed.
    hierarchy: Hierarchy,
    /// Period whose last month has that tree; null where each period has its own.
    hierarchy_at: Option<Period>,
    /// Recording time up to which figures were taken in: asked with it again, the numbers are the same.
    as_of: Option<DateTime>,
}

pub(crate) struct ComparisonRow {
    edition: Edition,
    against: Against,
    period: analytics::period::Period,
    row: op::Comparison,
    lineage: op::Lineage,
}

impl ComparisonRow {
    fn value(&self, measure: analytics::measure::Measure, stands_on: StandsOn) -> Measure {
        Measure::new(&self.edition, self.row.indicator, self.row.org, measure, stands_on)
    }
}

/// One indicator of one organisation in both periods.
#[Object]
impl ComparisonRow {
    /// What is compared.
    async fn indicator(&self) -> Result<Indicator, Error> {
        Indicator::new(&self.edition.snapshot, self.row.indicator)
    }

    /// Whose figures are compared.
    async fn org_unit(&self) -> Result<OrgUnit, Error> {
        OrgUnit::new(&self.edition.snapshot, self.row.org)
    }

    /// Value of the current period.
    async fn current(&self) -> Measure {
        let stands_on = StandsOn::Figures(self.lineage.current.clone());
        self.value(self.row.current.clone(), stands_on)
    }

    /// Value of the base period.
    async fn base(&self) -> Measure {
        let stands_on = match self.against {
            Against::Target => StandsOn::Target,
            _ => StandsOn::Figures(self.lineage.base.clone()),
        };
        self.value(self.row.base.clone(), stands_on)
    }

    /// Organisations that a like-for-like comparison left out: they have figures in only one of the periods, or owe them in both.
    async fn dropped(&self) -> Result<Vec<OrgUnit>, Error> {
        self.row
            .dropped
            .iter()
            .map(|org| OrgUnit::new(&self.edition.snapshot, *org))
            .collect()
    }

    /// From base to current.
    async fn change(&self) -> Change {
        Change {
            snapshot: Arc::clone(&self.edition.snapshot),
            indicator: self.row.indicator,
            period: self.period,
            against: self.against,
            change: self.row.change.clone(),
        }
    }
}

#[derive(Default)]
pub(crate) struct ComparisonQuery;

/// Queries of comparisons.
#[Object]
impl ComparisonQuery {
    /// Holds a period against another for every indicator and organisation asked for. Unlike periods are never compared.
    async fn compare(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be compared.")] input: CompareInput,
    ) -> Result<Comparison> {
        let question = Question {
            indicators: input.indicators.into(),
            orgs: input.orgs.into(),
            period: input.period.0,
            baseline: input.baseline.unwrap_or(Baseline::PreviousYear).into(),
            base_period: input.base_period.map(|period| period.0),
            years: input.years,
            comparability: input.comparability.unwrap_or(Comparability::All).into(),
            across_breaks: input.across_breaks,
            view: View::new(
                input.hierarchy.unwrap_or(Hierarchy::AsReported).into(),
                input.hierarchy_at.map(|period| period.0),
            )?,
            as_of: input.as_of.map(DateTime::micros),
            include: input.include.unwrap_or(Include::Published).into(),
            max_cells: ctx.limits()?.max_cells,
        };
        let answer = ctx.service()?.compare(ctx.sight()?, question).await?;
        let wants = Wants::of(ctx, &[&["rows", "current"], &["rows", "base"]]);
        let lineage = if wants.lineage() {
            ctx.service()?.lineage(&answer).await?
        } else {
            vec![op::Lineage::default(); answer.rows.len()]
        };
        // A target stands in another table.
        let is_target = answer.request.baseline == op::Baseline::Target;
        let bases = answer.rows.iter().map(|row| &row.base).filter(|_| !is_target);
        let measures = answer.rows.iter().map(|row| &row.current).chain(bases);
        let cited = lineage.iter().flat_map(|row| row.current.iter().chain(&row.base));
        let keys = wants.keys(measures, cited);
        wants.prepare(ctx, keys).await?;
        let against = against(answer.request.baseline);
        let edition = answer.edition;
        let row = |(row, lineage)| ComparisonRow {
            edition: edition.clone(),
            against,
            period: input.period.0,
            row,
            lineage,
        };
        Ok(Comparison {
            rows: answer.rows.into_iter().zip(lineage).map(row).collect(),
            period: input.period,
            base_period: answer.request.base_period().map(Period),
            computed_at: DateTime::now(),
            hierarchy: edition.hierarchy.into(),
            hierarchy_at: edition.hierarchy_at.map(Period),
            as_of: edition.as_of.and_then(DateTime::from_micros),
        })
    }
}
