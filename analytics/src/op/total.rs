//! One value of several organisations together, by the indicator's own rule: the totals row of a table.

use std::collections::HashSet;

use super::data::Data;
use super::ratio::quotient;
use super::recipe::{How, Recipe};
use super::rollup::{Sink, Tally};
use super::series::{Basis, Own, Series};
use super::window::Window;
use crate::error::Error;
use crate::indicator::OverOrgs;
use crate::measure::Measure;
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;

/// The value of `orgs` together in each of `periods`. An organisation below another of them is in that one's value and does not count again; one that did
/// not exist in a period does not count in it. Empty for an unknown indicator.
///
/// # Errors
/// [`Error::Plan`] when a chunk is not what it was built as.
pub fn totals(data: Data<'_>, indicator: i64, orgs: &[u32], periods: &[Period]) -> Result<Vec<Measure>, Error> {
    let Some(indicator) = data.indicators.get(indicator) else {
        return Ok(Vec::new());
    };
    let recipe = Recipe::of(&data, indicator)?;
    let asked: HashSet<u32> = orgs.iter().copied().collect();
    let total = |period: &Period| {
        let window = Window::current(&data, *period);
        let tops: Vec<u32> = orgs
            .iter()
            .copied()
            .filter(|org| data.tree.exists(*org, *period) && !is_below(&data, &asked, *org, *period))
            .collect();
        match tops.as_slice() {
            [only] => window.measure(&recipe, *only),
            tops => window.together(&recipe, tops),
        }
    };
    Ok(periods.iter().map(total).collect())
}

/// Whether `org` is below one of `asked`.
fn is_below(data: &Data<'_>, asked: &HashSet<u32>, org: u32, period: Period) -> bool {
    let mut at = data.tree.parent(org, Some(period));
    // A circle that existed in the past must not hold the walk.
    for _ in 0..=data.tree.len() {
        match at {
            Some(above) if asked.contains(&above) => return true,
            Some(above) => at = data.tree.parent(above, Some(period)),
            None => return false,
        }
    }
    false
}

impl Window<'_> {
    fn together(&self, recipe: &Recipe<'_>, orgs: &[u32]) -> Measure {
        match &recipe.how {
            How::Derived { formula, inputs } => {
                let input = |input: &Option<Recipe<'_>>| match input {
                    Some(input) => self.together(input, orgs),
                    None => self.absent(self.missing),
                };
                let inputs: Vec<Measure> = inputs.iter().map(input).collect();
                self.derived(recipe.indicator, formula, &inputs)
            }
            _ if recipe.indicator.over_orgs == OverOrgs::None => self.absent(Reason::NotAggregable),
            How::Stored(series) => self.side_by_side(series, orgs),
            How::Ratio { printed, parts } => self.ratio_together(printed, parts, orgs),
        }
    }

    fn side_by_side(&self, series: &Series<'_>, orgs: &[u32]) -> Measure {
        let mut tally = Tally::default();
        for org in orgs {
            let measure = self.additive(series, *org);
            match measure.value {
                Some(value) => tally.unit(*org, &[part(value, &measure)]),
                None => self.lacks(&mut tally, *org, &measure, false),
            }
        }
        self.rolled(series.indicator.over_orgs, tally.clone())
            .unwrap_or_else(|| Measure {
                coverage: tally.into_frame(self).coverage,
                ..self.absent(self.missing)
            })
    }

    /// The ratio of the sums over those that have both parts; printed rates are never put together.
    fn ratio_together(&self, printed: &Series<'_>, parts: &[Series<'_>; 2], orgs: &[u32]) -> Measure {
        let (mut tally, mut is_printed) = (Tally::default(), false);
        for org in orgs {
            let measure = self.ratio(printed, parts, *org);
            match (measure.numerator, measure.denominator) {
                (Some(top), Some(bottom)) => tally.unit(*org, &[part(top, &measure), part(bottom, &measure)]),
                (top, bottom) => {
                    is_printed |= measure.value.is_some() || measure.reason == Some(Reason::NotAggregable);
                    self.lacks(&mut tally, *org, &measure, top.is_some() || bottom.is_some());
                }
            }
        }
        let (top, bottom) = (tally.together(0, OverOrgs::Sum), tally.together(1, OverOrgs::Sum));
        let frame = tally.into_frame(self);
        match (top, bottom) {
            (Some(top), Some(bottom)) => quotient(printed.indicator, top, bottom, frame),
            _ => Measure {
                coverage: frame.coverage,
                ..self.absent(if is_printed {
                    Reason::NotAggregable
                } else {
                    self.missing
                })
            },
        }
    }

    /// What cannot exist is not missing, nor is what is not owed.
    fn lacks(&self, tally: &mut Tally, org: u32, measure: &Measure, half: bool) {
        let is_owed =
            measure.value.is_some() || measure.status == Status::Suppressed || !self.data.tree.is_optional(org);
        if measure.status != Status::NotApplicable && (half || is_owed) {
            tally.missing(org, half);
        }
    }
}

/// A part of a total with the state of the value it comes from.
fn part(value: f64, measure: &Measure) -> Own {
    Own {
        value: Some(value),
        status: measure.status,
        flags: measure.flags,
        present: 1,
        expected: 1,
        reason: None,
        basis: Basis::Nothing,
        partial: None,
    }
}
