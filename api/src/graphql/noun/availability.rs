//! What is stored, before anybody asks for a number.

use async_graphql::{Context, Object, Result, SimpleObject};

use super::indicator::Indicator;
use super::observation_filter::ObservationFilter;
use crate::graphql::context::Ask;
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::submission_choice::Include;
use crate::graphql::scalar::time::DateTime;

/// What is stored of the indicators asked for.
#[derive(SimpleObject)]
pub(crate) struct Availability {
    /// One an indicator, by theme and code; those without figures are there with none.
    indicators: Vec<IndicatorAvailability>,
    /// Recording time up to which figures were taken in.
    as_of: Option<DateTime>,
}

/// What is stored of one indicator.
#[derive(SimpleObject)]
pub(crate) struct IndicatorAvailability {
    /// Indicator.
    indicator: Indicator,
    /// Figures, with a number or without.
    observations: u32,
    /// Organisations that have any.
    org_units: u32,
    /// By period, in order.
    periods: Vec<PeriodAvailability>,
}

/// What is stored of one indicator for one period.
#[derive(SimpleObject)]
pub(crate) struct PeriodAvailability {
    /// Period.
    period: Period,
    /// Organisations that have any figure.
    org_units: u32,
    /// Figures with a number, zero included.
    with_value: u32,
    /// Figures said not to be reported.
    missing: u32,
    /// Figures said not to exist.
    not_applicable: u32,
    /// Figures that are withheld.
    suppressed: u32,
}

#[derive(Default)]
pub(crate) struct AvailabilityQuery;

/// Queries of what is stored.
#[Object]
impl AvailabilityQuery {
    /// What is stored: which indicators have figures of whom, for which periods, and in which state.
    async fn availability(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which observations; all when left out.")] filter: Option<ObservationFilter>,
        #[graphql(desc = "As it was known at this time; now when left out.")] as_of: Option<DateTime>,
        #[graphql(
            desc = "Which figures: the published ones, or those that were handed in as well. Goes without `asOf`.",
            default_with = "Some(Include::Published)"
        )]
        include: Option<Include>,
    ) -> Result<Availability> {
        let include = include.unwrap_or(Include::Published).into();
        let question = filter
            .unwrap_or_default()
            .available(as_of.map(DateTime::micros), include);
        let (found, edition) = ctx.service()?.availability(ctx.sight()?, question).await?;
        let mut indicators = Vec::with_capacity(found.len());
        for indicator in found {
            indicators.push(IndicatorAvailability {
                indicator: Indicator::new(&edition.snapshot, indicator.indicator)?,
                observations: indicator.observations,
                org_units: indicator.orgs,
                periods: indicator
                    .periods
                    .into_iter()
                    .map(|period| PeriodAvailability {
                        period: Period(period.period),
                        org_units: period.orgs,
                        with_value: period.with_value,
                        missing: period.missing,
                        not_applicable: period.not_applicable,
                        suppressed: period.suppressed,
                    })
                    .collect(),
            });
        }
        Ok(Availability {
            indicators,
            as_of: edition.as_of.and_then(DateTime::from_micros),
        })
    }
}
