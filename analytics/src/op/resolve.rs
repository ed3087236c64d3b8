//! From what the store holds to the value that counts, by the kind of the indicator.

use super::window::Window;
use crate::error::Error;
use crate::indicator::Indicator;
use crate::measure::Measure;

/// The value of `indicator` for `org`.
pub(super) fn measure(window: &Window<'_>, indicator: &Indicator, org: u32) -> Result<Measure, Error> {
    let indicators = window.data.indicators;
    if let Some((numerator, denominator)) = indicator.parts {
        return match (indicators.get(numerator), indicators.get(denominator)) {
            (Some(numerator), Some(denominator)) => window.ratio(indicator, org, [numerator, denominator]),
            _ => Ok(window.absent(window.missing)),
        };
    }
    let Some(formula) = &indicator.formula else {
        return window.additive(indicator, org);
    };
    let mut inputs = Vec::new();
    for code in formula.variables() {
        inputs.push(match indicators.by_code(code) {
            Some(input) => measure(window, input, org)?,
            None => window.absent(window.missing),
        });
    }
    Ok(window.derived(indicator, formula, &inputs))
}
