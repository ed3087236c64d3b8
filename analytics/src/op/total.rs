//! One value of several organisations together, by the indicator's own rule: the totals row of a table.

use std::collections::HashSet;

use super::data::Data;
use super::recipe::{How, Recipe};
use super::rollup::Tally;
use super::window::Window;
use crate::error::Error;
use crate::indicator::{OverOrgs, OverTime};
use crate::measure::Measure;
use crate::period::Period;
use crate::reason::Reason;

/// The value of `orgs` together in each of `periods`. An organisation below another of them is in that one's value and does not count again; one that did
/// not exist in a period does not count in it. Empty for an unknown indicator.
///
/// # Errors
/// [`Error::Plan`] when a chunk is not what it was built as.
pub fn totals(data: Data<'_>, indicator: i64, orgs: &[u32], periods: &[Period]) -> Result<Vec<Measure>, Error> {
    let Some(indicator) = data.indicators.get(indicator) else {
        return Ok(Vec::new());
    };
    let recipe = Recipe::of(&data, indicator)?;
    let asked: HashSet<u32> = orgs.iter().copied().collect();
    let total = |period: &Period| {
        let window = Window::current(&data, *period);
        let tops: Vec<u32> = orgs
            .iter()
            .copied()
            .filter(|org| data.tree.exists(*org, *period) && !is_below(&data, &asked, *org, *period))
            .collect();
        match tops.as_slice() {
            [only] => window.measure(&recipe, *only),
            tops => window.together(&recipe, tops),
        }
    };
    Ok(periods.iter().map(total).collect())
}

/// Whether `org` is below one of `asked`.
fn is_below(data: &Data<'_>, asked: &HashSet<u32>, org: u32, period: Period) -> bool {
    let mut at = data.tree.parent(org, Some(period));
    // A circle that existed in the past must not hold the walk.
    for _ in 0..=data.tree.len() {
        match at {
            Some(above) if asked.contains(&above) => return true,
            Some(above) => at = data.tree.parent(above, Some(period)),
            None => return false,
        }
    }
    false
}

impl Window<'_> {
    fn together(&self, recipe: &Recipe<'_>, orgs: &[u32]) -> Measure {
        match &recipe.how {
            _ if recipe.indicator.over_orgs == OverOrgs::None => self.absent(Reason::NotAggregable),
            How::Derived { formula, inputs } => {
                let input = |input: &Option<Recipe<'_>>| match input {
                    Some(input) => self.together(input, orgs),
                    None => self.absent(self.missing),
                };
                let inputs: Vec<Measure> = inputs.iter().map(input).collect();
                self.evened(recipe, formula, &inputs, |series, joint| {
                    self.gather_from(series, recipe.is_summed(), orgs, joint);
                })
            }
            How::Stored(series) => {
                let tally = self.tally_of(std::slice::from_ref(series), recipe.indicator.summed, orgs);
                let frame = tally.clone();
                let reason = frame.reason(self.missing);
                self.rolled(series.indicator.over_orgs, tally)
                    .unwrap_or_else(|| self.nothing(frame, reason))
            }
            How::Ratio { printed, parts } => {
                let tally = self.tally_of(parts, recipe.indicator.summed, orgs);
                let frame = tally.clone();
                self.ratio_of_sums(recipe.indicator, tally).unwrap_or_else(|| {
                    let prints = |org: &u32| {
                        printed.own_by(OverTime::None, self, *org).value.is_some()
                            || self.is_printed_below(printed, *org)
                    };
                    let is_printed = orgs.iter().any(prints);
                    self.nothing(
                        frame,
                        if is_printed {
                            Reason::NotAggregable
                        } else {
                            self.missing
                        },
                    )
                })
            }
        }
    }

    /// No value, and who is missing in it.
    pub(super) fn nothing(&self, tally: Tally, reason: Reason) -> Measure {
        Measure {
            coverage: tally.into_frame(self).coverage,
            ..self.absent(reason)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::model_world::{
        BOTTOM, MEAN, MOST, ORGS, SHARE, TOP, any_world, indicators, near, store, tree, year,
    };
    use super::*;
    use crate::fact::FactStore;

    proptest! {
        #[test]
        fn the_total_of_all_children_is_what_rolls_up_from_them(world in any_world()) {
            let tree = tree(&world);
            let (store, targets, indicators) = (store(&world, &tree), FactStore::default(), indicators());
            let data = Data { store: &store, targets: &targets, indicators: &indicators, tree: &tree };
            for org in 0..ORGS {
                let children: Vec<u32> = world.children(org, 2021).iter().map(|child| tree.ordinal(*child).unwrap()).collect();
                if children.len() < 2 {
                    continue;
                }
                for indicator in [TOP, BOTTOM, SHARE, MEAN, MOST] {
                    let total = totals(data, indicator, &children, &[year(2021)]).unwrap().remove(0);
                    let wanted = world.rolled(indicator, org, 2021, None);
                    prop_assert!(near(total.value, wanted.map(|(value, ..)| value)), "{indicator} of {org}: {total:?}");
                    if let Some((_, present, expected)) = wanted {
                        prop_assert_eq!((total.coverage.present as usize, total.coverage.expected as usize), (present, expected));
                    }
                }
            }
        }

        #[test]
        fn who_is_below_another_does_not_count_again(world in any_world()) {
            let tree = tree(&world);
            let (store, targets, indicators) = (store(&world, &tree), FactStore::default(), indicators());
            let data = Data { store: &store, targets: &targets, indicators: &indicators, tree: &tree };
            let all: Vec<u32> = (0..ORGS).map(|org| tree.ordinal(org).unwrap()).collect();
            let value = |orgs: &[u32]| totals(data, TOP, orgs, &[year(2021)]).unwrap()[0].value;
            prop_assert!(near(value(&all), value(&[tree.ordinal(0).unwrap()])));
        }
    }
}
