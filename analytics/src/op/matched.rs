//! Like for like (可比口径): both periods put together from the organisations that have figures in both.

use std::collections::HashSet;

use super::rollup::Below;
use super::window::Window;
use crate::error::Error;
use crate::indicator::Indicator;
use crate::measure::Measure;

/// Both sides over the same organisations.
pub(super) struct Pair {
    pub(super) current: Measure,
    pub(super) base: Measure,
    /// Organisations with figures in only one of the periods.
    pub(super) dropped: Vec<u32>,
}

/// Both sides over the organisations below `org` that have figures in both; `None` where nothing is rolled up: an organisation's own figures in both periods
/// are comparable as they are.
pub(super) fn matched(
    now: &Window<'_>,
    then: &Window<'_>,
    indicator: &Indicator,
    org: u32,
) -> Result<Option<Pair>, Error> {
    let inputs = inputs(now, indicator);
    if inputs.is_empty() {
        return Ok(None);
    }
    if !indicator.summed && own_in_both(now, then, &inputs, org)? {
        return Ok(None);
    }
    let (after, before) = (now.below(&inputs, org)?, then.below(&inputs, org)?);
    if after.contributions.is_empty() && before.contributions.is_empty() {
        return Ok(None);
    }
    let orgs = |below: &Below| -> HashSet<u32> {
        below
            .contributions
            .iter()
            .map(|contribution| contribution.org)
            .collect()
    };
    let (later, earlier) = (orgs(&after), orgs(&before));
    let kept: Vec<u32> = later.intersection(&earlier).copied().collect();
    let mut dropped: Vec<u32> = later.symmetric_difference(&earlier).copied().collect();
    dropped.sort_unstable();
    let side = |window: &Window<'_>, below: &Below| together(window, indicator, &inputs, &below.only(&kept));
    Ok(Some(Pair {
        current: side(now, &after),
        base: side(then, &before),
        dropped,
    }))
}

/// The stored indicators that a value is put together from.
fn inputs<'a>(window: &Window<'a>, indicator: &'a Indicator) -> Vec<&'a Indicator> {
    let indicators = window.data.indicators;
    let read = indicators.closure(&[indicator.id]);
    read.into_iter()
        .filter_map(|id| indicators.get(id))
        .filter(|input| input.parts.is_none() && input.formula.is_none())
        .collect()
}

fn own_in_both(now: &Window<'_>, then: &Window<'_>, inputs: &[&Indicator], org: u32) -> Result<bool, Error> {
    for input in inputs {
        if now.own(input, org)?.value.is_none() || then.own(input, org)?.value.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The value of `indicator` over what was kept.
fn together(window: &Window<'_>, indicator: &Indicator, inputs: &[&Indicator], below: &Below) -> Measure {
    let of = |indicator: &Indicator| -> Measure {
        let place = inputs.iter().position(|input| input.id == indicator.id);
        let value = place.and_then(|place| below.together(place, indicator.over_orgs));
        match value {
            Some(_) => Measure {
                value,
                rolled_up: value,
                ..window.frame(below)
            },
            None => window.absent(window.missing),
        }
    };
    evaluate(window, indicator, below, &of)
}

fn evaluate(window: &Window<'_>, indicator: &Indicator, below: &Below, of: &dyn Fn(&Indicator) -> Measure) -> Measure {
    let indicators = window.data.indicators;
    if let Some((numerator, denominator)) = indicator.parts {
        let part = |id: i64| {
            indicators
                .get(id)
                .map(|part| evaluate(window, part, below, of))
                .and_then(|measure| measure.value)
        };
        return match part(numerator).zip(part(denominator)) {
            Some((top, bottom)) => window.quotient(indicator, top, bottom, below),
            None => window.absent(window.missing),
        };
    }
    match &indicator.formula {
        Some(formula) => {
            let input = |code| {
                indicators.by_code(code).map_or_else(
                    || window.absent(window.missing),
                    |input| evaluate(window, input, below, of),
                )
            };
            let inputs: Vec<Measure> = formula.variables().map(input).collect();
            window.derived(indicator, formula, &inputs)
        }
        None => of(indicator),
    }
}
