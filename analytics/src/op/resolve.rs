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
                let inputs = self.inputs(inputs, org);
                self.evened(recipe, formula, &inputs, |series, joint| {
                    self.gather(series, recipe.is_summed(), org, joint);
                })
            }
        }
    }

    /// The values of a formula's inputs for `org`, one a variable.
    pub(super) fn inputs(&self, inputs: &[Option<Recipe<'_>>], org: u32) -> Vec<Measure> {
        let value = |input: &Option<Recipe<'_>>| match input {
            Some(input) => self.measure(input, org),
            None => self.absent(self.missing),
        };
        inputs.iter().map(value).collect()
    }
}
