//! From what the store holds to the value that counts, by the kind of the indicator.

use super::recipe::{How, Recipe};
use super::window::Window;
use crate::measure::Measure;

impl Window<'_> {
    /// The value of `recipe` for `org`.
    pub(super) fn measure(&self, recipe: &Recipe<'_>, org: u32) -> Measure {
        match &recipe.how {
            How::Stored(series) => self.additive(series, org),
            How::Ratio { printed, parts } => self.ratio(printed, parts, org),
            How::Derived { formula, inputs } => {
                let input = |input: &Option<Recipe<'_>>| match input {
                    Some(input) => self.measure(input, org),
                    None => self.absent(self.missing),
                };
                let inputs: Vec<Measure> = inputs.iter().map(input).collect();
                self.derived(recipe.indicator, formula, &inputs)
            }
        }
    }
}
