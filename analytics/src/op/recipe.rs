//! How an indicator's value is made, resolved once a question and not once a row.

use rust_decimal::Decimal;

use super::data::Data;
use super::series::Series;
use crate::error::Error;
use crate::formula::Formula;
use crate::indicator::Indicator;

/// An indicator with everything its value is made of.
pub(super) struct Recipe<'a> {
    pub(super) indicator: &'a Indicator,
    pub(super) how: How<'a>,
}

/// The way to a value.
#[allow(
    clippy::large_enum_variant,
    reason = "there are few, and they are read in the innermost loop"
)]
pub(super) enum How<'a> {
    /// It is stored.
    Stored(Series<'a>),
    /// Numerator over denominator, or as printed.
    Ratio {
        printed: Series<'a>,
        parts: [Series<'a>; 2],
    },
    /// A formula over others, one a variable; none for a variable that is no indicator.
    Derived {
        formula: &'a Formula,
        inputs: Vec<Option<Recipe<'a>>>,
    },
}

impl<'a> Recipe<'a> {
    /// The recipe of `indicator`.
    pub(super) fn of(data: &Data<'a>, indicator: &'a Indicator) -> Result<Self, Error> {
        let series = |indicator| Series::of(data.store, indicator);
        let parts = indicator.parts.and_then(|(numerator, denominator)| {
            Some((data.indicators.get(numerator)?, data.indicators.get(denominator)?))
        });
        let how = match (parts, &indicator.formula) {
            (Some((numerator, denominator)), _) => How::Ratio {
                printed: series(indicator)?,
                parts: [series(numerator)?, series(denominator)?],
            },
            (None, Some(formula)) => {
                let input = |code| {
                    data.indicators
                        .by_code(code)
                        .map(|input| Self::of(data, input))
                        .transpose()
                };
                How::Derived {
                    formula,
                    inputs: formula.variables().map(input).collect::<Result<_, _>>()?,
                }
            }
            (None, None) => How::Stored(series(indicator)?),
        };
        Ok(Self { indicator, how })
    }

    /// Whether what is below counts wherever there is anything.
    pub(super) fn is_summed(&self) -> bool {
        match &self.how {
            How::Derived { inputs, .. } => self.indicator.summed || inputs.iter().flatten().any(Self::is_summed),
            How::Stored(_) | How::Ratio { .. } => self.indicator.summed,
        }
    }

    /// The units of a formula's variables that are rates; none for the others, which are in base units.
    pub(super) fn scales(&self) -> impl Iterator<Item = Option<Decimal>> {
        let inputs = match &self.how {
            How::Derived { inputs, .. } => inputs.as_slice(),
            How::Stored(_) | How::Ratio { .. } => &[],
        };
        let rate = |input: &Recipe<'_>| input.indicator.is_rate.then_some(input.indicator.unit_scale);
        inputs.iter().map(move |input| input.as_ref().and_then(rate))
    }

    /// The stored figures that a value is put together from, each indicator once; a printed ratio is none of them.
    pub(super) fn inputs(&self) -> Vec<Series<'a>> {
        let mut found: Vec<Series<'a>> = Vec::new();
        self.visit(&mut |series, is_part| {
            if is_part && !found.iter().any(|known| known.indicator.id == series.indicator.id) {
                found.push(*series);
            }
        });
        found
    }

    /// All stored figures that have a say in the value, printed ratios included.
    pub(super) fn tracked(&self) -> Vec<Series<'a>> {
        let mut found: Vec<Series<'a>> = Vec::new();
        self.visit(&mut |series, _| {
            if !found.iter().any(|known| known.indicator.id == series.indicator.id) {
                found.push(*series);
            }
        });
        found
    }

    fn visit(&self, take: &mut dyn FnMut(&Series<'a>, bool)) {
        match &self.how {
            How::Stored(series) => take(series, true),
            How::Ratio { printed, parts } => {
                take(printed, false);
                parts.iter().for_each(|part| take(part, true));
            }
            How::Derived { inputs, .. } => inputs.iter().flatten().for_each(|input| input.visit(take)),
        }
    }

    /// Every indicator that has a say, whether or not figures of it are stored.
    pub(super) fn indicators(&self, take: &mut dyn FnMut(&'a Indicator)) {
        take(self.indicator);
        match &self.how {
            How::Stored(_) => {}
            How::Ratio { parts, .. } => parts.iter().for_each(|part| take(part.indicator)),
            How::Derived { inputs, .. } => inputs.iter().flatten().for_each(|input| input.indicators(take)),
        }
    }
}
