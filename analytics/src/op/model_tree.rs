//! Roll-up over the tree held against a naive model: who is below whom in a period is looked up in the list of links, for every question anew.

use proptest::prelude::*;

use super::model_world::{BOTTOM, ORGS, REST, SHARE, TOP, WHOLE, World, any_world, near, run, run_for, year};
use super::{Baseline, Comparability, Comparison};
use crate::flag::Flag;
use crate::reason::Reason;
use crate::status::Status;

/// The figures that count below an organisation where what is below counts before its own.
fn counted(world: &World, org: i64, at: i32) -> Vec<f64> {
    let of = |child: i64| {
        if world.is_silenced(WHOLE, child, at) {
            return Vec::new();
        }
        let deeper = counted(world, child, at);
        if deeper.is_empty() {
            world.number(WHOLE, child, at).into_iter().collect()
        } else {
            deeper
        }
    };
    world.children(org, at).into_iter().flat_map(of).collect()
}

/// BOTTOM − TOP: of the organisation's own figures, or of one of its own and one from all of what is below, or over those below that have both.
fn rest(world: &World, org: i64, at: i32) -> Option<f64> {
    let side = |part: i64| match world.number(part, org, at) {
        Some(own) => (Some(own), true),
        None => match world.rolled(part, org, at, None) {
            Some((value, present, expected)) => (Some(value), present == expected),
            None => (None, false),
        },
    };
    let own = [TOP, BOTTOM]
        .iter()
        .filter(|part| world.number(**part, org, at).is_some())
        .count();
    let ((top, all_of_top), (bottom, all_of_bottom)) = (side(TOP), side(BOTTOM));
    if world.is_silenced(REST, org, at) {
        return None;
    }
    if own == 2 || (own == 1 && all_of_top && all_of_bottom) {
        return Some(bottom? - top?);
    }
    let both = world.below(&[TOP, BOTTOM], org, at).units;
    (!both.is_empty()).then(|| both.iter().map(|(_, values)| values[1] - values[0]).sum())
}

proptest! {
    #[test]
    fn a_difference_is_that_of_who_has_both(world in any_world()) {
        let (tree, rows) = run_for(&[REST], &world, Comparability::All, Baseline::Period(Some(year(2020))));
        for row in &rows {
            let org = tree.id(row.org).unwrap();
            for (measure, at) in [(&row.current, 2021), (&row.base, 2020)] {
                prop_assert!(near(measure.value, rest(&world, org, at)), "{measure:?} is not {:?}", rest(&world, org, at));
                let says = |status: Status| [TOP, BOTTOM].iter().any(|part| world.figure(*part, org, at).is_some_and(|figure| figure.status == status));
                if says(Status::Suppressed) || says(Status::NotApplicable) {
                    prop_assert_eq!(measure.status, if says(Status::Suppressed) { Status::Suppressed } else { Status::NotApplicable });
                }
            }
        }
    }

    #[test]
    fn what_is_summed_from_below_loses_no_figure(world in any_world()) {
        let (tree, rows) = run_for(&[WHOLE], &world, Comparability::All, Baseline::Period(Some(year(2020))));
        for row in &rows {
            let org = tree.id(row.org).unwrap();
            let below = counted(&world, org, 2021);
            let own = world.number(WHOLE, org, 2021);
            let expected = match below.is_empty() {
                _ if world.is_silenced(WHOLE, org, 2021) => None,
                true => own,
                false => Some(below.iter().sum()),
            };
            prop_assert!(near(row.current.value, expected), "{:?} is not {expected:?}", row.current);
        }
    }

    #[test]
    fn every_total_is_what_the_links_and_figures_say(world in any_world()) {
        let (tree, rows) = run(&world, Comparability::All, Baseline::Period(Some(year(2020))));
        for row in &rows {
            let org = tree.id(row.org).unwrap();
            for (measure, at) in [(&row.current, 2021), (&row.base, 2020)] {
                let (own, rolled) = (world.own(row.indicator, org, at), world.rolled(row.indicator, org, at, None));
                prop_assert!(near(measure.reported_here, own), "{measure:?} here {own:?}");
                if let Some(own) = own {
                    prop_assert!(near(measure.value, Some(own)) && near(measure.rolled_up, rolled.map(|rolled| rolled.0)));
                } else if row.indicator == SHARE && world.divides_by_zero(org, at) {
                    prop_assert_eq!((measure.value, measure.reason), (None, Some(Reason::DenominatorZero)));
                    prop_assert!(near(measure.rolled_up, rolled.map(|rolled| rolled.0)));
                } else if world.is_silenced(row.indicator, org, at) {
                    prop_assert_eq!((measure.value, measure.rolled_up), (None, None));
                } else {
                    prop_assert!(near(measure.value, rolled.map(|rolled| rolled.0)), "{measure:?} is not {rolled:?}");
                    if let Some((_, present, expected)) = rolled {
                        prop_assert_eq!((measure.coverage.present as usize, measure.coverage.expected as usize), (present, expected));
                        prop_assert_eq!(measure.flags.contains(Flag::Incomplete), present < expected);
                        prop_assert_eq!(measure.coverage.missing_orgs.len(), expected - present);
                    }
                }
            }
        }
    }

    #[test]
    fn like_for_like_takes_only_who_is_in_both(world in any_world()) {
        let (tree, rows) = run(&world, Comparability::Matched, Baseline::Period(Some(year(2020))));
        let (_, plain) = run(&world, Comparability::All, Baseline::Period(Some(year(2020))));
        for (row, plain) in rows.iter().zip(&plain) {
            let org = tree.id(row.org).unwrap();
            let parts: &[i64] = if row.indicator == SHARE { &[TOP, BOTTOM] } else { std::slice::from_ref(&row.indicator) };
            let own_in_both = parts.iter().all(|part| world.number(*part, org, 2021).is_some() && world.number(*part, org, 2020).is_some());
            let is_silent = parts.iter().any(|part| [2020, 2021].iter().any(|at| world.figure(*part, org, *at).is_some_and(|figure| matches!(figure.status, Status::Suppressed | Status::NotApplicable))));
            let units = |at| -> Vec<i64> { world.below(parts, org, at).units.into_iter().map(|(unit, _)| unit).collect() };
            let (after, before) = (units(2021), units(2020));
            if is_silent || own_in_both || (after.is_empty() && before.is_empty()) {
                prop_assert!(row.dropped.is_empty());
                prop_assert_eq!((&row.current, &row.base), (&plain.current, &plain.base));
                continue;
            }
            let kept: Vec<i64> = after.iter().copied().filter(|unit| before.contains(unit)).collect();
            let mut dropped: Vec<i64> = after.iter().chain(&before).copied().filter(|unit| !kept.contains(unit)).collect();
            dropped.extend([2020, 2021].iter().flat_map(|at| world.below(parts, org, *at).missing));
            dropped.sort_unstable();
            dropped.dedup();
            let mut found: Vec<i64> = row.dropped.iter().map(|org| tree.id(*org).unwrap()).collect();
            found.sort_unstable();
            prop_assert_eq!(found, dropped);
            for (measure, at) in [(&row.current, 2021), (&row.base, 2020)] {
                prop_assert!(near(measure.value, world.rolled(row.indicator, org, at, Some(&kept)).map(|rolled| rolled.0)));
            }
        }
    }

    #[test]
    fn a_move_between_the_periods_is_a_change_of_boundary(world in any_world()) {
        let (tree, rows) = run(&world, Comparability::All, Baseline::Period(Some(year(2020))));
        for row in rows.iter().filter(|row| row.current.value.is_some() && row.base.value.is_some()) {
            let everybody_below = |at| {
                let mut all = Vec::new();
                let mut stack = vec![tree.id(row.org).unwrap()];
                while let Some(org) = stack.pop() {
                    stack.extend(world.children(org, at));
                    all.push(org);
                }
                all.sort_unstable();
                all
            };
            prop_assert_eq!(row.change.reason == Reason::BoundaryChanged, everybody_below(2020) != everybody_below(2021));
        }
    }

    #[test]
    fn parents_and_peers_are_those_of_the_period(world in any_world()) {
        let (tree, rows) = run(&world, Comparability::All, Baseline::Parent);
        for row in &rows {
            let org = tree.id(row.org).unwrap();
            let parent = (0..ORGS).find(|other| world.children(*other, 2021).contains(&org));
            let same = rows.iter().find(|other| other.indicator == row.indicator && tree.id(other.org) == parent);
            prop_assert_eq!(row.base.value, same.and_then(|same| same.current.value));
        }
        let (_, by_peers) = run(&world, Comparability::All, Baseline::Peers);
        for row in &by_peers {
            let org = tree.id(row.org).unwrap();
            let siblings = |other: i64| (0..ORGS).any(|parent| world.children(parent, 2021).contains(&org) && world.children(parent, 2021).contains(&other));
            let values = rows.iter().filter(|other| other.indicator == row.indicator && other.org != row.org && siblings(tree.id(other.org).unwrap()));
            // A sum that lacks some is too small to stand beside whole ones.
            let is_cut = |other: &&Comparison| [TOP, BOTTOM].contains(&other.indicator) && other.current.flags.contains(Flag::Incomplete);
            let mut values: Vec<f64> = values.filter(|other| !is_cut(other)).filter_map(|other| other.current.value).collect();
            values.sort_by(f64::total_cmp);
            let middle = values.len() / 2;
            let median = match values.len() {
                0 => None,
                odd if odd % 2 == 1 => Some(values[middle]),
                _ => Some((values[middle - 1] + values[middle]) / 2.0),
            };
            prop_assert!(near(row.base.value, median));
        }
    }
}
