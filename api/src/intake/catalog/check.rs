//! A catalogue held against itself: codes, references, circles, units and formulas.

pub mod framework;
mod indicator;
mod org;
mod org_succession;
mod rule;
mod unit;

use std::sync::Arc;

use self::rule::unique;
use super::entry::{BreakdownItem, Catalog, Placed};
use crate::intake::problem::Problem;

/// Every fault of a catalogue; none when it can be used.
#[must_use]
pub fn check(catalog: &Catalog) -> Vec<Problem> {
    let mut problems = Vec::new();
    unique(&catalog.units, "unit", |entry| &entry.code, &mut problems);
    unique(&catalog.themes, "theme", |entry| &entry.code, &mut problems);
    unique(&catalog.orgs, "organisation", |entry| &entry.code, &mut problems);
    unique(&catalog.breakdowns, "breakdown", |entry| &entry.code, &mut problems);
    unique(&catalog.indicators, "indicator", |entry| &entry.code, &mut problems);
    for placed in &catalog.breakdowns {
        let item = |entry: &BreakdownItem| Placed {
            file: Arc::clone(&placed.file),
            entry: entry.clone(),
        };
        let items: Vec<Placed<BreakdownItem>> = placed.entry.item.iter().map(item).collect();
        unique(&items, "item", |entry| &entry.code, &mut problems);
    }
    unit::check(catalog, &mut problems);
    org::check(catalog, &mut problems);
    org_succession::check(catalog, &mut problems);
    indicator::check(catalog, &mut problems);
    for placed in &catalog.frameworks {
        if let Err(faults) = framework::build(placed, |_| framework::Lookup::Unchecked) {
            problems.extend(faults);
        }
    }
    problems
}
