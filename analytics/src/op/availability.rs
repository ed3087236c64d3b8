//! What is stored, before anybody asks for a number: one polars plan over the columns of all indicators asked for.

use std::collections::HashSet;

use polars::prelude::*;

use super::data::Data;
use crate::error::Error;
use crate::fact::State;
use crate::period::Period;
use crate::status::Status;

/// Which part of the store.
#[derive(Clone, Debug)]
pub struct AvailabilityRequest {
    /// Keys of the indicators, in the order of the answer.
    pub indicators: Vec<i64>,
    /// Ordinals of the organisations; all when none are named.
    pub orgs: Option<Vec<u32>>,
    /// Only figures of just this period.
    pub exact: Option<Period>,
    /// Only figures in one of these states.
    pub statuses: Option<Vec<Status>>,
    /// Only totals, or only items of breakdowns.
    pub totals: Option<bool>,
    /// Only figures that begin in this month or later.
    pub from: Option<i32>,
    /// Only figures that end in this month or earlier.
    pub to: Option<i32>,
}

/// What one indicator has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorAvailability {
    /// Key of the indicator.
    pub indicator: i64,
    /// Stored figures, with a number or without.
    pub observations: u32,
    /// Organisations that have any.
    pub orgs: u32,
    /// By period, in order.
    pub periods: Vec<PeriodAvailability>,
}

/// What one period has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodAvailability {
    /// The period.
    pub period: Period,
    /// Organisations that have any.
    pub orgs: u32,
    /// Figures with a number.
    pub with_value: u32,
    /// Figures said not to be reported.
    pub missing: u32,
    /// Figures said not to exist.
    pub not_applicable: u32,
    /// Figures that are withheld.
    pub suppressed: u32,
}

/// What is stored of each indicator; one without figures is there with none.
///
/// # Errors
/// [`Error::Plan`] when the engine refuses the plan.
pub fn availability(data: Data<'_>, request: &AvailabilityRequest) -> Result<Vec<IndicatorAvailability>, Error> {
    let mut answer: Vec<IndicatorAvailability> = request
        .indicators
        .iter()
        .map(|indicator| IndicatorAvailability {
            indicator: *indicator,
            observations: 0,
            orgs: 0,
            periods: Vec::new(),
        })
        .collect();
    let Some(frame) = frame(&data, request)? else {
        return Ok(answer);
    };
    let totals = frame.lazy().filter(condition(request));
    let periods = totals
        .clone()
        .group_by([col("place"), col("start"), col("months")])
        .agg(
            Status::VALUELESS
                .map(|status| is(status).sum().alias(status.to_string()))
                .into_iter()
                .chain([len().alias("all"), col("org").n_unique().alias("orgs")])
                .collect::<Vec<_>>(),
        )
        .sort(["place", "start", "months"], SortMultipleOptions::default());
    let orgs = totals
        .group_by([col("place")])
        .agg([col("org").n_unique().alias("orgs")]);
    read_periods(&periods.collect()?, &mut answer)?;
    let orgs = orgs.collect()?;
    let (places, counts) = (
        orgs.column("place")?.u32()?,
        orgs.column("orgs")?.cast(&DataType::UInt32)?,
    );
    for (place, count) in places.into_no_null_iter().zip(counts.u32()?.into_no_null_iter()) {
        if let Some(indicator) = answer.get_mut(place as usize) {
            indicator.orgs = count;
        }
    }
    Ok(answer)
}

fn is(status: Status) -> Expr {
    let number = u32::from(status as u8);
    state().eq(lit(number)).cast(DataType::UInt32)
}

/// The status in the packed state.
fn state() -> Expr {
    col("state") % lit(State::STATUSES)
}

fn condition(request: &AvailabilityRequest) -> Expr {
    let end = || col("start") + col("months") - lit(1i32);
    let mut condition = lit(true);
    if let Some(totals) = request.totals {
        let is_total = col("breakdown").eq(lit(0u32));
        condition = condition.and(if totals { is_total } else { is_total.not() });
    }
    if let Some(period) = request.exact {
        let starts = col("start").eq(lit(period.start_month()));
        condition = condition.and(starts).and(end().eq(lit(period.end_month())));
    }
    if let Some(statuses) = &request.statuses {
        let any = statuses.iter().map(|status| state().eq(lit(u32::from(*status as u8))));
        condition = condition.and(any.reduce(Expr::or).unwrap_or_else(|| lit(false)));
    }
    if let Some(from) = request.from {
        condition = condition.and(col("start").gt_eq(lit(from)));
    }
    if let Some(to) = request.to {
        condition = condition.and(end().lt_eq(lit(to)));
    }
    condition
}

/// The columns of all indicators asked for, each under its place in the answer.
fn frame(data: &Data<'_>, request: &AvailabilityRequest) -> Result<Option<DataFrame>, Error> {
    let orgs: Option<HashSet<u32>> = request.orgs.as_ref().map(|orgs| orgs.iter().copied().collect());
    let mut all: Option<DataFrame> = None;
    for (place, indicator) in (0u32..).zip(&request.indicators) {
        let Some(chunk) = data.store.chunk(*indicator).filter(|chunk| !chunk.is_empty()) else {
            continue;
        };
        let mut frame = chunk.frame(0..chunk.len())?;
        if let Some(orgs) = &orgs {
            let is_asked: BooleanChunked = frame
                .column("org")?
                .u32()?
                .into_no_null_iter()
                .map(|org| orgs.contains(&org))
                .collect();
            frame = frame.filter(&is_asked)?;
        }
        let height = frame.height();
        frame.with_column(Column::new_scalar("place".into(), Scalar::from(place), height))?;
        match &mut all {
            None => all = Some(frame),
            Some(all) => {
                all.vstack_mut_owned(frame)?;
            }
        }
    }
    Ok(all)
}

fn read_periods(found: &DataFrame, answer: &mut [IndicatorAvailability]) -> Result<(), Error> {
    let numbers = |name: &str| -> Result<Vec<u32>, Error> {
        let column = found.column(name)?.cast(&DataType::UInt32)?;
        Ok(column.u32()?.into_no_null_iter().collect())
    };
    let (places, all, orgs) = (numbers("place")?, numbers("all")?, numbers("orgs")?);
    let [missing, not_applicable, suppressed] = Status::VALUELESS.map(|status| numbers(&status.to_string()));
    let (missing, not_applicable, suppressed) = (missing?, not_applicable?, suppressed?);
    let (starts, lengths) = (found.column("start")?.i32()?, found.column("months")?.i32()?);
    for row in 0..found.height() {
        let period = starts
            .get(row)
            .zip(lengths.get(row))
            .and_then(|(start, months)| Period::from_months(start, start.checked_add(months)? - 1));
        let (Some(period), Some(indicator)) = (period, answer.get_mut(places[row] as usize)) else {
            continue;
        };
        indicator.observations += all[row];
        indicator.periods.push(PeriodAvailability {
            period,
            orgs: orgs[row],
            with_value: all[row] - missing[row] - not_applicable[row] - suppressed[row],
            missing: missing[row],
            not_applicable: not_applicable[row],
            suppressed: suppressed[row],
        });
    }
    Ok(())
}
