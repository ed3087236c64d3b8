//! Derived indicators: a formula over the values of others, evaluated after these were rolled up.

use super::window::{Window, carried};
use crate::decimal::to_f64;
use crate::flag::Flags;
use crate::formula::Formula;
use crate::indicator::Indicator;
use crate::measure::Measure;
use crate::reason::Reason;
use crate::status::Status;

impl Window<'_> {
    /// The formula over `inputs`, one a variable; missing as soon as one is.
    pub(super) fn derived(&self, indicator: &Indicator, formula: &Formula, inputs: &[Measure]) -> Measure {
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
        let values: Option<Vec<f64>> = inputs.iter().map(|input| input.value).collect();
        let Some(values) = values else {
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
                    value * to_f64(indicator.unit_scale)
                } else {
                    value
                });
                measure.status = inputs
                    .iter()
                    .map(|input| input.status)
                    .reduce(Status::quotient)
                    .unwrap_or(Status::Normal);
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
