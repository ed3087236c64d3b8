//! Rankings, decompositions, series, lineage, availability and findings held against naive models on random worlds.

use proptest::prelude::*;

use super::availability::{AvailabilityRequest, availability};
use super::decompose::{DecomposeRequest, Presence, decompose};
use super::findings::{Evidence, FindingKind, FindingsRequest, Severity, findings};
use super::model_world::{BOTTOM, ORGS, SHARE, TOP, World, any_world, indicators, near, run, store, tree, year};
use super::ranking::{Exclusion, RankingRequest, ranking};
use super::trend::{Guard, TrendRequest, trend};
use super::{Baseline, Comparability, Data, lineage_of};
use crate::fact::FactStore;
use crate::flag::Flag;
use crate::status::Status;
use crate::tree::OrgTree;

/// The store and tree of a world, to be asked.
struct Ground {
    tree: OrgTree,
    store: FactStore,
    targets: FactStore,
    indicators: crate::indicator::Indicators,
}

impl Ground {
    fn of(world: &World) -> Self {
        let tree = tree(world);
        Self {
            store: store(world, &tree),
            targets: FactStore::default(),
            indicators: indicators(),
            tree,
        }
    }

    fn data(&self) -> Data<'_> {
        Data {
            store: &self.store,
            targets: &self.targets,
            indicators: &self.indicators,
            tree: &self.tree,
        }
    }
}

fn all_orgs() -> Vec<u32> {
    (0..u32::try_from(ORGS).unwrap()).collect()
}

proptest! {
    #[test]
    fn a_rank_is_one_more_than_those_who_are_better(world in any_world(), indicator in prop_oneof![Just(TOP), Just(SHARE)], minimum in prop::option::of(0..6i32)) {
        let ground = Ground::of(&world);
        let minimum_denominator = minimum.filter(|_| indicator == SHARE).map(f64::from);
        let request = RankingRequest { indicator, orgs: all_orgs(), period: year(2021), minimum_denominator };
        let found = ranking(ground.data(), &request).unwrap().unwrap();
        let (_, rows) = run(&world, Comparability::All, Baseline::Period(Some(year(2020))));
        let row = |org: u32| rows.iter().find(|row| row.indicator == indicator && row.org == org).unwrap();
        // Everybody stands somewhere, once.
        let mut seen: Vec<u32> = found.rows.iter().map(|row| row.org).chain(found.excluded.iter().map(|row| row.org)).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, all_orgs());
        let values: Vec<f64> = found.rows.iter().map(|row| row.measure.value.unwrap()).collect();
        for (place, ranked) in found.rows.iter().enumerate() {
            let value = values[place];
            prop_assert_eq!(Some(value), row(ranked.org).current.value);
            let better = values.iter().filter(|other| **other > value).count();
            let worse = values.iter().filter(|other| **other < value).count();
            let same = values.iter().filter(|other| **other == value).count();
            prop_assert_eq!((ranked.rank as usize, ranked.tied), (better + 1, same > 1));
            let percentile = (values.len() > 1).then(|| 100.0 * worse as f64 / (values.len() - 1) as f64);
            prop_assert_eq!(ranked.percentile, percentile);
            prop_assert!(place == 0 || (found.rows[place - 1].rank <= ranked.rank && found.rows[place - 1].band <= ranked.band));
            prop_assert!(place == 0 || values[place - 1] != value || found.rows[place - 1].band == ranked.band);
            if indicator == TOP {
                prop_assert!(!ranked.measure.flags.contains(Flag::Incomplete));
            }
            if let Some(minimum) = minimum_denominator {
                prop_assert!(ranked.measure.denominator.unwrap() >= minimum);
            }
        }
        for excluded in &found.excluded {
            match excluded.reason {
                Exclusion::Incomplete => prop_assert!(excluded.measure.value.is_some() && indicator == TOP),
                Exclusion::BelowMinimum => prop_assert!(excluded.measure.denominator.is_none_or(|found| found < minimum_denominator.unwrap())),
                _ => prop_assert!(excluded.measure.value.is_none()),
            }
        }
        // In which order they are asked for changes nothing but the order of the tied.
        let turned = RankingRequest { orgs: request.orgs.iter().rev().copied().collect(), ..request.clone() };
        let turned = ranking(ground.data(), &turned).unwrap().unwrap();
        for ranked in &found.rows {
            let again = turned.rows.iter().find(|row| row.org == ranked.org).map(|row| (row.rank, row.band));
            prop_assert_eq!(again, Some((ranked.rank, ranked.band)));
        }
        // Last year's ranks are the ranks of last year.
        let before = RankingRequest { period: year(2020), ..request };
        let before = ranking(ground.data(), &before).unwrap().unwrap();
        for ranked in &found.rows {
            let earlier = before.rows.iter().find(|row| row.org == ranked.org).map(|row| row.rank);
            prop_assert_eq!(ranked.previous_rank, earlier);
            prop_assert_eq!(ranked.movement(), earlier.map(|earlier| i64::from(earlier) - i64::from(ranked.rank)));
        }
    }

    #[test]
    fn the_parts_of_a_change_sum_to_it(world in any_world(), indicator in prop_oneof![Just(TOP), Just(SHARE)], org in 0..ORGS) {
        let ground = Ground::of(&world);
        let top = ground.tree.ordinal(org).unwrap();
        let request = DecomposeRequest { indicator, org: top, period: year(2021), base: year(2020) };
        let found = decompose(ground.data(), &request).unwrap().unwrap();
        let explained: f64 = found.contributions.iter().map(|part| part.contribution).sum();
        if let (Some(total), Some(residual)) = (found.total, found.residual) {
            prop_assert!((explained + residual - total).abs() <= 1e-12 * total.abs().max(1.0));
        }
        for part in &found.contributions {
            if let (Some(rate), Some(mix)) = (part.rate_effect, part.mix_effect) {
                prop_assert!((rate + mix - part.contribution).abs() <= 1e-12 * part.contribution.abs().max(1.0));
            }
            prop_assert!(part.presence != Presence::Absent || part.contribution == 0.0);
        }
        // Where the whole is what was rolled up from whole parts, nothing is left over.
        let is_rolled = |measure: &crate::measure::Measure| measure.flags.contains(Flag::RolledUp);
        if is_rolled(&found.current) && is_rolled(&found.base) && found.total.is_some() {
            let residual = found.residual.unwrap();
            let children_speak = found.contributions.iter().all(|part| {
                let id = ground.tree.id(part.org).unwrap();
                let printed_only = |at| indicator == SHARE && world.own(SHARE, id, at).is_some() && (world.number(TOP, id, at).is_none() || world.number(BOTTOM, id, at).is_none());
                // A rate that is withheld is not opened for the part, though what is below it counts for the whole.
                let is_withheld = |at| indicator == SHARE && world.is_silenced(SHARE, id, at);
                ![2021, 2020].into_iter().any(|at| printed_only(at) || is_withheld(at))
            });
            if children_speak {
                prop_assert!(residual.abs() <= 1e-9, "{residual} is left of {found:?}");
            }
        }
    }

    #[test]
    fn a_sum_is_the_sum_of_what_it_rests_on(world in any_world()) {
        let ground = Ground::of(&world);
        let (_, rows) = run(&world, Comparability::All, Baseline::Period(Some(year(2020))));
        for row in rows.iter().filter(|row| row.indicator == TOP || row.indicator == SHARE) {
            let cited = lineage_of(ground.data(), row.indicator, &[(row.org, year(2021))]).unwrap().remove(0);
            let sum = |indicator: i64| cited.iter().filter(|cited| cited.indicator == indicator).filter_map(|cited| cited.cell.value).reduce(|sum, value| sum + value);
            let Some(value) = row.current.value else { continue };
            if row.indicator == TOP {
                prop_assert!(near(Some(value), sum(TOP)), "{value} is not {cited:?}");
            } else if let Some(denominator) = row.current.denominator.filter(|_| row.current.numerator.is_some()) {
                prop_assert!(near(Some(denominator), sum(BOTTOM)) && near(row.current.numerator, sum(TOP)), "{:?} is not {cited:?}", row.current);
            } else {
                prop_assert!(near(Some(value), sum(SHARE)));
            }
        }
    }

    #[test]
    fn rolling_up_what_was_rolled_up_changes_nothing(world in any_world()) {
        let (tree, rows) = run(&world, Comparability::All, Baseline::Period(Some(year(2020))));
        for row in rows.iter().filter(|row| row.indicator == TOP && row.current.rolled_up.is_some()) {
            let children = tree.children(row.org, Some(year(2021)));
            let counted = |child: u32| rows.iter().find(|other| other.indicator == TOP && other.org == child).and_then(|child| child.current.value);
            let sum = children.filter_map(counted).reduce(|sum, value| sum + value);
            prop_assert!(near(row.current.rolled_up, sum), "{row:?} is not {sum:?}");
        }
    }

    #[test]
    fn matched_rests_on_no_more_than_all(world in any_world()) {
        let base = Baseline::Period(Some(year(2020)));
        let ((_, all), (_, matched)) = (run(&world, Comparability::All, base), run(&world, Comparability::Matched, base));
        for (all, matched) in all.iter().zip(&matched).filter(|(_, matched)| matched.matched) {
            prop_assert_eq!(matched.current.coverage.present, matched.base.coverage.present);
            if all.current.flags.contains(Flag::RolledUp) {
                prop_assert!(matched.current.coverage.present <= all.current.coverage.present);
            }
        }
    }

    #[test]
    fn a_series_is_what_comparing_gives_for_each_period(world in any_world(), width in 2usize..4) {
        let ground = Ground::of(&world);
        let request = TrendRequest { indicators: vec![TOP, SHARE], orgs: all_orgs(), periods: vec![year(2020), year(2021)], moving_average: Some(width) };
        let (_, rows) = run(&world, Comparability::All, Baseline::Period(Some(year(2020))));
        for series in trend(ground.data(), &request).unwrap() {
            let row = rows.iter().find(|row| (row.indicator, row.org) == (series.indicator, series.org)).unwrap();
            prop_assert_eq!(series.points[1].measure.value, row.current.value);
            prop_assert_eq!(series.points[0].measure.value, row.base.value);
            prop_assert_eq!((series.trend, series.guard), (None, Some(Guard::TooFewPoints)));
            let last = series.last_change.unwrap();
            prop_assert_eq!((last.absolute, last.percent, last.percentage_points), (row.change.absolute, row.change.percent, row.change.percentage_points));
            let mean = row.base.value.zip(row.current.value).map(|(before, now)| (before + now) / 2.0).filter(|_| series.points[1].series_break.is_none() && width == 2);
            prop_assert!(near(series.points[1].moving_average, mean));
        }
    }

    #[test]
    fn what_is_available_is_what_is_listed(world in any_world(), asked in prop::option::of(prop::collection::vec(0..8u32, 0..5))) {
        let ground = Ground::of(&world);
        let request = AvailabilityRequest { indicators: vec![BOTTOM, TOP], orgs: asked.clone(), exact: None, statuses: None, totals: Some(true), from: Some(year(2021).start_month()), to: None };
        for found in availability(ground.data(), &request).unwrap() {
            let is_asked = |org: i64| asked.as_ref().is_none_or(|orgs| orgs.contains(&ground.tree.ordinal(org).unwrap()));
            let listed: Vec<_> = world.figures.iter().filter(|figure| figure.indicator == found.indicator && figure.year == 2021 && is_asked(figure.org)).collect();
            prop_assert_eq!(found.observations as usize, listed.len());
            let count = |status: &dyn Fn(Status) -> bool| listed.iter().filter(|figure| status(figure.status)).count();
            let periods = found.periods.iter().map(|period| (period.with_value as usize, period.missing as usize, period.not_applicable as usize, period.suppressed as usize)).collect::<Vec<_>>();
            let naive = (count(&Status::has_value), count(&|status| status == Status::Missing), count(&|status| status == Status::NotApplicable), count(&|status| status == Status::Suppressed));
            prop_assert_eq!(periods, if listed.is_empty() { vec![] } else { vec![naive] });
        }
    }

    #[test]
    fn every_finding_is_so_and_none_is_left_out(world in any_world()) {
        let ground = Ground::of(&world);
        let request = FindingsRequest { indicators: vec![TOP, BOTTOM, SHARE], orgs: all_orgs(), from: None, to: None, kinds: None, least: Severity::Info };
        let found = findings(ground.data(), &request, |_| None).unwrap();
        let is_found = |kind, indicator, org: i64, at| found.iter().any(|finding| {
            let cell = &finding.cells[0];
            (finding.kind, finding.indicator, ground.tree.id(cell.org), cell.period) == (kind, indicator, Some(org), year(at))
        });
        for org in 0..ORGS {
            for at in [2020, 2021] {
                // A parent that says something else than all below it together.
                let (own, below) = (world.own(TOP, org, at), world.rolled(TOP, org, at, None));
                let differs = own.zip(below).is_some_and(|(own, (sum, present, expected))| own != sum && (present == expected || own < sum));
                prop_assert_eq!(is_found(FindingKind::ParentDiffers, TOP, org, at), differs);
                let said_missing = world.figure(TOP, org, at).is_some_and(|figure| figure.status == Status::Missing);
                prop_assert!(!said_missing || is_found(FindingKind::Missing, TOP, org, at));
                let parts = world.number(TOP, org, at).zip(world.number(BOTTOM, org, at)).filter(|(_, bottom)| *bottom != 0.0);
                let printed_wrong = parts.zip(world.number(SHARE, org, at)).is_some_and(|((top, bottom), printed)| (top / bottom + 0.5_f64.copysign(top / bottom)).trunc() != printed);
                prop_assert_eq!(is_found(FindingKind::PrintedDiffers, SHARE, org, at), printed_wrong, "{} of {}", org, at);
            }
        }
        for finding in &found {
            if let Evidence::Differ { stated, computed, .. } = finding.evidence {
                prop_assert!(stated != computed);
            }
        }
    }
}
