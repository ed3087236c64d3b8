//! Like for like (可比口径): both periods put together from the organisations that have figures in both.

use std::collections::{BTreeMap, BTreeSet};

use super::joint::Joint;
use super::own::Own;
use super::recipe::Recipe;
use super::rollup::Sink;
use super::series::Series;
use super::window::Window;
use crate::indicator::OverOrgs;
use crate::measure::Measure;
use crate::tree::OrgTree;

/// Both sides over the same organisations.
pub(super) struct Pair {
    pub(super) current: Measure,
    pub(super) base: Measure,
    /// Organisations that should count and have no figures in one of the periods, or in both.
    pub(super) dropped: Vec<u32>,
}

/// By organisation that counts: its values, or those of all that became part of it.
type Counted = BTreeMap<u32, Vec<Vec<Own>>>;

struct Units<'a> {
    tree: &'a OrgTree,
    counted: Counted,
    /// Those who should count and do not, or of which a predecessor does not.
    missing: BTreeSet<u32>,
}

impl Sink for Units<'_> {
    fn unit(&mut self, org: u32, own: &[Own]) {
        self.counted.entry(self.tree.heir(org)).or_default().push(own.to_vec());
    }

    fn missing(&mut self, org: u32, _: &[Own]) {
        self.missing.insert(self.tree.heir(org));
    }
}

/// Both sides over the organisations below `org` that have figures in both; `None` where nothing is rolled up: an organisation's own figures in both periods
/// are comparable as they are.
pub(super) fn matched(now: &Window<'_>, then: &Window<'_>, recipe: &Recipe<'_>, org: u32) -> Option<Pair> {
    let (inputs, summed) = (recipe.inputs(), recipe.is_summed());
    let tree = now.data.tree;
    // What is not put together from below, and what is withheld or cannot exist, is as it is.
    if inputs.is_empty()
        || recipe.indicator.over_orgs == OverOrgs::None
        || [now, then].into_iter().any(|window| is_silent(window, &inputs, org))
        || (!summed && own_in_both(now, then, &inputs, org))
    {
        return None;
    }
    let units = |window: &Window<'_>| {
        let mut units = Units {
            tree,
            counted: Counted::new(),
            missing: BTreeSet::new(),
        };
        window.gather(&inputs, summed, org, &mut units);
        units.counted.retain(|heir, _| !units.missing.contains(heir));
        (units.counted, units.missing)
    };
    let ((after, missing), (before, missed)) = (units(now), units(then));
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
    dropped.extend(missing.into_iter().chain(missed));
    dropped.sort_unstable();
    dropped.dedup();
    let side = |window: &Window<'_>, units: &Counted| {
        let mut joint = Joint::of(&inputs);
        for (org, all) in units.iter().filter(|(org, _)| dropped.binary_search(org).is_err()) {
            all.iter().for_each(|own| joint.unit(*org, own));
        }
        joint.value(window, recipe)
    };
    Some(Pair {
        current: side(now, &after),
        base: side(then, &before),
        dropped,
    })
}

/// Whether the organisation itself withholds an input, or cannot have it.
fn is_silent(window: &Window<'_>, inputs: &[Series<'_>], org: u32) -> bool {
    inputs.iter().any(|series| series.own(window, org).status.is_silent())
}

fn own_in_both(now: &Window<'_>, then: &Window<'_>, inputs: &[Series<'_>], org: u32) -> bool {
    let is_there = |window: &Window<'_>, series: &Series<'_>| series.own(window, org).value.is_some();
    inputs
        .iter()
        .all(|series| is_there(now, series) && is_there(then, series))
}
