//! Like for like (可比口径): both periods put together from the organisations that have figures in both.

use std::collections::{BTreeMap, BTreeSet};

use super::ratio::quotient;
use super::recipe::{How, Recipe};
use super::rollup::{Sink, Tally};
use super::series::{Own, Series};
use super::window::Window;
use crate::measure::Measure;
use crate::tree::OrgTree;

/// Both sides over the same organisations.
pub(super) struct Pair {
    pub(super) current: Measure,
    pub(super) base: Measure,
    /// Organisations with figures in only one of the periods.
    pub(super) dropped: Vec<u32>,
}

/// By organisation that counts: its values, or those of all that became part of it.
type Counted = BTreeMap<u32, Vec<Vec<Own>>>;

struct Units<'a> {
    tree: &'a OrgTree,
    counted: Counted,
    /// Those of which a predecessor has no figure.
    halved: BTreeSet<u32>,
}

impl Sink for Units<'_> {
    fn unit(&mut self, org: u32, own: &[Own]) {
        self.counted.entry(self.tree.heir(org)).or_default().push(own.to_vec());
    }

    fn missing(&mut self, org: u32, _: bool) {
        let heir = self.tree.heir(org);
        if heir != org {
            self.halved.insert(heir);
        }
    }
}

/// Both sides over the organisations below `org` that have figures in both; `None` where nothing is rolled up: an organisation's own figures in both periods
/// are comparable as they are.
pub(super) fn matched(now: &Window<'_>, then: &Window<'_>, recipe: &Recipe<'_>, org: u32) -> Option<Pair> {
    let (inputs, summed) = (recipe.inputs(), recipe.indicator.summed);
    let tree = now.data.tree;
    if inputs.is_empty() || (!summed && own_in_both(now, then, &inputs, org)) {
        return None;
    }
    let units = |window: &Window<'_>| {
        let mut units = Units {
            tree,
            counted: Counted::new(),
            halved: BTreeSet::new(),
        };
        window.gather(&inputs, summed, org, &mut units);
        units.counted.retain(|heir, _| !units.halved.contains(heir));
        units.counted
    };
    let (after, before) = (units(now), units(then));
    let neither = after.is_empty() && before.is_empty();
    // An organisation itself on one side and what became part of it on the other are the same.
    if neither || (tree.is_heir(org) && (after.is_empty() || before.is_empty())) {
        return None;
    }
    let only_here = |here: &Counted, there: &Counted| -> Vec<u32> {
        here.keys().filter(|org| !there.contains_key(org)).copied().collect()
    };
    let mut dropped = only_here(&after, &before);
    dropped.extend(only_here(&before, &after));
    dropped.sort_unstable();
    let side = |window: &Window<'_>, units: &Counted| {
        let kept: Vec<(u32, &Vec<Own>)> = units
            .iter()
            .filter(|(org, _)| dropped.binary_search(org).is_err())
            .flat_map(|(org, all)| all.iter().map(|own| (*org, own)))
            .collect();
        Kept {
            inputs: &inputs,
            units: kept,
        }
        .value(window, recipe)
    };
    Some(Pair {
        current: side(now, &after),
        base: side(then, &before),
        dropped,
    })
}

fn own_in_both(now: &Window<'_>, then: &Window<'_>, inputs: &[Series<'_>], org: u32) -> bool {
    let is_there = |window: &Window<'_>, series: &Series<'_>| series.own(window, org).value.is_some();
    inputs
        .iter()
        .all(|series| is_there(now, series) && is_there(then, series))
}

/// What was kept of one period.
struct Kept<'a> {
    inputs: &'a [Series<'a>],
    units: Vec<(u32, &'a Vec<Own>)>,
}

impl Kept<'_> {
    /// The sums of the inputs named by their indicators.
    fn tally(&self, indicators: &[i64]) -> Tally {
        let place = |id: &i64| self.inputs.iter().position(|series| series.indicator.id == *id);
        let places: Vec<usize> = indicators.iter().filter_map(place).collect();
        let mut tally = Tally::default();
        for (org, own) in &self.units {
            let picked: Vec<Own> = places.iter().filter_map(|place| own.get(*place).copied()).collect();
            tally.unit(*org, &picked);
        }
        tally
    }

    fn value(&self, window: &Window<'_>, recipe: &Recipe<'_>) -> Measure {
        let absent = || window.absent(window.missing);
        match &recipe.how {
            How::Stored(series) => {
                let tally = self.tally(&[series.indicator.id]);
                window.rolled(series.indicator.over_orgs, tally).unwrap_or_else(absent)
            }
            How::Ratio { parts, .. } => {
                let tally = self.tally(&parts.map(|part| part.indicator.id));
                let sum = |index| tally.together(index, parts[index].indicator.over_orgs);
                match sum(0).zip(sum(1)) {
                    Some((top, bottom)) => quotient(recipe.indicator, top, bottom, tally.into_frame(window)),
                    None => absent(),
                }
            }
            How::Derived { formula, inputs } => {
                let input = |input: &Option<Recipe<'_>>| match input {
                    Some(input) => self.value(window, input),
                    None => absent(),
                };
                let inputs: Vec<Measure> = inputs.iter().map(input).collect();
                window.derived(recipe.indicator, formula, &inputs)
            }
        }
    }
}
