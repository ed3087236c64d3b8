//! Derived indicators: a formula over the values of others, evaluated after these were rolled up.

use rust_decimal::Decimal;

use super::recipe::Recipe;
use super::window::{Window, carried};
use crate::decimal;
use crate::flag::Flags;
use crate::formula::Formula;
use crate::measure::Measure;
use crate::reason::Reason;
use crate::status::Status;

impl Window<'_> {
    /// The formula over `inputs`, one a variable of a derived recipe; missing as soon as one is.
    pub(super) fn derived(&self, recipe: &Recipe<'_>, formula: &Formula, inputs: &[Measure]) -> Measure {
        let indicator = recipe.indicator;
        let mut measure = self.absent(self.missing);
        measure.flags = inputs.iter().fold(Flags::NONE, |flags, input| {
            flags.union(input.flags).union(carried(input.status))
        });
        // The input with the widest gap tells how much of the result is covered.
        let narrowest = inputs
            .iter()
            .min_by_key(|input| i64::from(input.coverage.present) - i64::from(input.coverage.expected));
        if let Some(input) = narrowest {
            measure.coverage = input.coverage.clone();
        }
        // A rate is read as people write it: `100 - rate` of 80 % is 20 %.
        let read = |(scale, input): (Option<Decimal>, &Measure)| {
            input
                .value
                .map(|value| scale.map_or(value, |scale| decimal::in_unit(value, scale)))
        };
        let values: Option<Vec<f64>> = recipe.scales().zip(inputs).map(read).collect();
        let Some(values) = values else {
            // What is withheld or cannot exist says so for what is made of it.
            let says = |status: Status| {
                inputs
                    .iter()
                    .find(|input| input.value.is_none() && input.status == status)
            };
            if let Some(input) = says(Status::Suppressed).or_else(|| says(Status::NotApplicable)) {
                measure.status = input.status;
                measure.reason = input.reason;
                return measure;
            }
            let reasons = || inputs.iter().filter_map(|input| input.reason);
            measure.reason = reasons()
                .find(|reason| *reason == Reason::PeriodMismatch)
                .or_else(|| reasons().next())
                .or(measure.reason);
            return measure;
        };
        match formula.evaluate(&values) {
            // A formula that gives a rate gives it in its unit; the base unit of rates is 1.
            Some(value) => {
                measure.value = Some(if indicator.is_rate {
                    value * decimal::to_f64(indicator.unit_scale)
                } else {
                    value
                });
                measure.status = inputs
                    .iter()
                    .map(|input| input.status)
                    .fold(Status::Normal, Status::quotient);
                measure.reason = None;
            }
            None => {
                measure.status = Status::NotApplicable;
                measure.reason = Some(Reason::DenominatorZero);
            }
        }
        measure
    }
}
