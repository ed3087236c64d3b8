//! A value put together over the organisations that have all that it is made of.

use super::own::Own;
use super::recipe::{How, Recipe};
use super::rollup::{Sink, Tally};
use super::series::Series;
use super::window::Window;
use crate::flag::Flag;
use crate::formula::Formula;
use crate::indicator::{Indicator, OverOrgs};
use crate::measure::Measure;
use crate::reason::Reason;

/// The organisations that count, each with one value an input.
pub(super) struct Joint<'a> {
    inputs: &'a [Series<'a>],
    units: Vec<(u32, Vec<Own>)>,
    /// Who should count and does not, with what it has of the inputs.
    missing: Vec<(u32, Vec<Own>)>,
}

impl Sink for Joint<'_> {
    fn unit(&mut self, org: u32, own: &[Own]) {
        self.units.push((org, own.to_vec()));
    }

    fn missing(&mut self, org: u32, own: &[Own]) {
        self.missing.push((org, own.to_vec()));
    }
}

impl<'a> Joint<'a> {
    /// Nobody yet.
    pub(super) fn of(inputs: &'a [Series<'a>]) -> Self {
        Self {
            inputs,
            units: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// The sums of the inputs named by their indicators.
    fn tally(&self, indicators: &[i64]) -> Tally {
        let place = |id: &i64| self.inputs.iter().position(|series| series.indicator.id == *id);
        let places: Vec<usize> = indicators.iter().filter_map(place).collect();
        let mut tally = Tally::default();
        for (org, own) in &self.units {
            let picked: Vec<Own> = places.iter().filter_map(|place| own.get(*place).copied()).collect();
            tally.unit(*org, &picked);
        }
        for (org, own) in &self.missing {
            tally.missing(*org, own);
        }
        tally
    }

    /// The value of `recipe` over them.
    pub(super) fn value(&self, window: &Window<'_>, recipe: &Recipe<'_>) -> Measure {
        match &recipe.how {
            How::Stored(series) => {
                let tally = self.tally(&[series.indicator.id]);
                let frame = tally.clone();
                let rolled = window.rolled(series.indicator.over_orgs, tally);
                let reason = frame.reason(window.missing);
                rolled.unwrap_or_else(|| window.nothing(frame, reason))
            }
            How::Ratio { parts, .. } => {
                let tally = self.tally(&parts.map(|part| part.indicator.id));
                let frame = tally.clone();
                let ratio = window.ratio_of_sums(recipe.indicator, tally);
                let reason = frame.reason(window.missing);
                ratio.unwrap_or_else(|| window.nothing(frame, reason))
            }
            How::Derived { formula, inputs } => {
                let input = |input: &Option<Recipe<'_>>| match input {
                    Some(input) => self.value(window, input),
                    None => window.absent(window.missing),
                };
                let inputs: Vec<Measure> = inputs.iter().map(input).collect();
                window.derived(recipe, formula, &inputs)
            }
        }
    }
}

/// How a formula comes to its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Out of the values of its inputs.
    Plain,
    /// Over the organisations below that have all inputs: a difference of sums over different organisations would take what is missing for 0.
    Joint,
    /// Not at all: an input is put together from below, and the indicator is not.
    Closed,
}

impl Way {
    /// The way to the value of `indicator` out of `inputs`.
    pub(super) fn of(indicator: &Indicator, inputs: &[Measure]) -> Self {
        let is_silent = |input: &Measure| input.value.is_none() && input.status.is_silent();
        let rolled = || inputs.iter().filter(|input| input.flags.contains(Flag::RolledUp));
        if rolled().next().is_none() || inputs.iter().any(is_silent) {
            return Self::Plain;
        }
        if indicator.over_orgs == OverOrgs::None {
            return Self::Closed;
        }
        let is_partly = rolled().any(|input| input.flags.contains(Flag::Incomplete));
        if is_partly || rolled().count() == inputs.len() {
            Self::Joint
        } else {
            Self::Plain
        }
    }
}

impl Window<'_> {
    /// A derived value out of `inputs`, one a variable; `gather` finds the organisations that have all of them.
    pub(super) fn evened(
        &self,
        recipe: &Recipe<'_>,
        formula: &Formula,
        inputs: &[Measure],
        gather: impl FnOnce(&[Series<'_>], &mut Joint<'_>),
    ) -> Measure {
        match Way::of(recipe.indicator, inputs) {
            Way::Plain => self.derived(recipe, formula, inputs),
            Way::Closed => self.absent(Reason::NotAggregable),
            Way::Joint => {
                let series = recipe.inputs();
                let mut joint = Joint::of(&series);
                gather(&series, &mut joint);
                joint.value(self, recipe)
            }
        }
    }
}
