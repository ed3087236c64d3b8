//! What changed figures move besides themselves: totals above them, rates computed from them, and ranks among their peers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::data::Data;
use super::ranking::{Ranking, RankingRequest, ranking};
use crate::error::Error;
use crate::measure::Measure;
use crate::period::Period;

/// A figure that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChangedFigure {
    /// Key of the indicator.
    pub indicator: i64,
    /// Ordinal of the organisation.
    pub org: u32,
    /// The period.
    pub period: Period,
}

/// A value or a rank that moves.
#[derive(Clone, Debug)]
pub struct Effect {
    /// Key of the indicator.
    pub indicator: i64,
    /// Ordinal of the organisation.
    pub org: u32,
    /// The period.
    pub period: Period,
    /// The value before.
    pub before: Measure,
    /// The value after.
    pub after: Measure,
    /// Its rank among its peers before; `None` when it had none.
    pub rank_before: Option<u32>,
    /// Its rank among its peers after.
    pub rank_after: Option<u32>,
}

/// The effects, as far as they were looked for.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// By indicator, period and organisation.
    pub rows: Vec<Effect>,
    /// Groups of peers that were not looked at, because there are more than asked for.
    pub unseen: usize,
}

/// Organisations that are ranked together.
type Group = (i64, Period, Vec<u32>);

/// Values and ranks that differ between `before` and `after`, which differ in the figures `changed`. Looked at are the indicators of these figures and those
/// computed from them, in their periods and the years that hold these, for the organisations, all above them, and the peers of each; at most `most` groups of
/// peers.
///
/// # Errors
/// [`Error::Plan`] when a chunk is not what it was built as.
pub fn effects(before: Data<'_>, after: Data<'_>, changed: &[ChangedFigure], most: usize) -> Result<Effects, Error> {
    let groups = groups(&after, changed);
    let mut effects = Effects {
        unseen: groups.len().saturating_sub(most),
        ..Effects::default()
    };
    let mut rows: BTreeMap<(i64, Period, u32), Effect> = BTreeMap::new();
    for (indicator, period, orgs) in groups.into_iter().take(most) {
        let request = RankingRequest {
            indicator,
            orgs,
            period,
            minimum_denominator: None,
        };
        let (Some(old), Some(new)) = (ranking(before, &request)?, ranking(after, &request)?) else {
            continue;
        };
        let (old, new) = (places(&old), places(&new));
        for (org, (after, rank_after)) in new {
            let Some((before, rank_before)) = old.get(&org) else {
                continue;
            };
            let is_same = before.value == after.value && before.status == after.status && *rank_before == rank_after;
            if !is_same {
                rows.insert(
                    (indicator, period, org),
                    Effect {
                        indicator,
                        org,
                        period,
                        before: (*before).clone(),
                        after: after.clone(),
                        rank_before: *rank_before,
                        rank_after,
                    },
                );
            }
        }
    }
    effects.rows = rows.into_values().collect();
    Ok(effects)
}

fn groups(data: &Data<'_>, changed: &[ChangedFigure]) -> BTreeSet<Group> {
    let mut dependents: HashMap<i64, Vec<i64>> = HashMap::new();
    let mut groups = BTreeSet::new();
    for figure in changed {
        let computed = dependents
            .entry(figure.indicator)
            .or_insert_with(|| data.indicators.dependents(figure.indicator));
        let mut periods = vec![figure.period];
        if figure.period.start_year() * 12 + 11 >= figure.period.end_month() {
            periods.extend(Period::year(figure.period.start_year()).filter(|year| *year != figure.period));
        }
        for period in periods {
            let mut at = Some(figure.org);
            // No tree is deeper than it has members.
            for _ in 0..=data.tree.len() {
                let Some(org) = at else { break };
                let mut peers = data.tree.peers(org, period);
                peers.push(org);
                peers.sort_unstable();
                groups.extend(computed.iter().map(|indicator| (*indicator, period, peers.clone())));
                at = data.tree.parent(org, Some(period));
            }
        }
    }
    groups
}

fn places(ranking: &Ranking) -> HashMap<u32, (&Measure, Option<u32>)> {
    let ranked = ranking.rows.iter().map(|row| (row.org, (&row.measure, Some(row.rank))));
    let excluded = ranking.excluded.iter().map(|row| (row.org, (&row.measure, None)));
    ranked.chain(excluded).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fact::FactStore;
    use crate::op::model_world::{BOTTOM, Figure, SHARE, TOP, World, any_world, indicators, store, tree, year};
    use crate::status::Status;

    /// The world with one figure more, or another in its place.
    fn changed(world: &World, org: i64, value: i32) -> World {
        let mut other = world.clone();
        other
            .figures
            .retain(|figure| (figure.indicator, figure.org, figure.year) != (TOP, org, 2021));
        other.figures.push(Figure {
            indicator: TOP,
            org,
            year: 2021,
            value: Some(f64::from(value)),
            status: Status::Normal,
        });
        other
    }

    proptest! {
        /// Nothing moves that is not told: all values and ranks of the period are the same before and after, but those among the effects.
        #[test]
        fn what_moves_is_told_and_nothing_else(world in any_world(), org in 0i64..8, value in -2i32..9) {
            let other = changed(&world, org, value);
            let (tree, indicators, targets) = (tree(&world), indicators(), FactStore::default());
            let (old, new) = (store(&world, &tree), store(&other, &tree));
            let data = |store| Data { store, targets: &targets, indicators: &indicators, tree: &tree };
            let (before, after) = (data(&old), data(&new));
            let figure = ChangedFigure {
                indicator: TOP,
                org: after.tree.ordinal(org).unwrap(),
                period: year(2021),
            };
            let told = effects(before, after, &[figure], usize::MAX).unwrap();
            prop_assert_eq!(told.unseen, 0);
            for indicator in [TOP, BOTTOM, SHARE] {
                for org in 0..u32::try_from(after.tree.len()).unwrap() {
                    let mut orgs = after.tree.peers(org, year(2021));
                    orgs.push(org);
                    let request = RankingRequest { indicator, orgs, period: year(2021), minimum_denominator: None };
                    let (old, new) = (ranking(before, &request).unwrap().unwrap(), ranking(after, &request).unwrap().unwrap());
                    let (old, new) = (places(&old)[&org], places(&new)[&org]);
                    let moves = old.0.value != new.0.value || old.0.status != new.0.status || old.1 != new.1;
                    let is_told = told.rows.iter().any(|row| (row.indicator, row.org, row.period) == (indicator, org, year(2021)));
                    prop_assert_eq!(moves, is_told, "{} {}", indicator, org);
                }
            }
        }
    }
}
