//! Properties of scores on random frameworks and values, held against a plain model in doubles.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::evaluate::evaluate;
use super::framework::{Band, Bound, Criterion, Framework, Goal, Grade, Missing, Node, Rule};
use super::interval::intervals;
use super::rank::places;
use super::sheet::{Cell, Unit, UnitScore};
use super::waterfall::{against_median, medians, since};
use super::{check, warning};
use crate::decimal::to_f64;

/// A framework of three dimensions with up to four criteria each, a bonus, a penalty and a veto; the last dimension counts in the second track only.
fn framework() -> impl Strategy<Value = Framework> {
    let leaf = (1u32..20, rule(), 0usize..4);
    prop::collection::vec(prop::collection::vec(leaf, 1..5), 3).prop_map(|dimensions| {
        let mut nodes = Vec::new();
        let mut total = Decimal::ZERO;
        for (place, leaves) in dimensions.iter().enumerate() {
            let weight: u32 = leaves.iter().map(|(weight, ..)| weight).sum();
            let weights = |weight: u32| vec![Some(Decimal::from(weight)); 2];
            total += Decimal::from(weight);
            let parent = nodes.len();
            nodes.push(Node {
                code: format!("d{place}"),
                parent: None,
                weights: weights(weight),
                criterion: None,
            });
            nodes.extend(leaves.iter().enumerate().map(|(leaf, (weight, rule, missing))| Node {
                code: format!("d{place}c{leaf}"),
                parent: Some(parent),
                weights: weights(*weight),
                criterion: Some(criterion(rule.clone(), *missing)),
            }));
        }
        for (code, rule) in [
            (
                "bonus",
                Rule::Bonus {
                    each: Some(Decimal::ONE),
                    cap: Decimal::from(5),
                },
            ),
            (
                "penalty",
                Rule::Penalty {
                    each: Some(Decimal::TWO),
                    cap: Decimal::from(6),
                },
            ),
            (
                "veto",
                Rule::Veto {
                    when: Bound::AtLeast(Decimal::from(90)),
                    cap: Decimal::ONE,
                },
            ),
        ] {
            nodes.push(Node {
                code: code.to_owned(),
                parent: None,
                weights: vec![None, None],
                criterion: Some(criterion(rule, 0)),
            });
        }
        let grade = |code: &str, share: i64| Grade {
            code: code.to_owned(),
            least: total * Decimal::new(share, 2),
        };
        Framework {
            total,
            decimals: 2,
            tracks: vec!["one".to_owned(), "two".to_owned()],
            nodes,
            grades: vec![grade("good", 80), grade("fair", 0)],
        }
    })
}

fn criterion(rule: Rule, missing: usize) -> Criterion {
    Criterion {
        indicator: Some(1),
        rule,
        missing: [Missing::Zero, Missing::Reweight, Missing::PriorYear, Missing::Block][missing],
    }
}

/// Rules for which more is better and values go from 0 to 100.
fn rule() -> impl Strategy<Value = Rule> {
    let band = |bound: Option<i64>, lost: i64| Band {
        bound: bound.map(|bound| Bound::AtLeast(Decimal::from(bound))),
        lost: Decimal::new(lost, 1),
    };
    prop_oneof![
        (1i64..100).prop_map(|goal| Rule::Target {
            goal: Goal::Fixed(goal.into()),
            zero: Decimal::ZERO
        }),
        (0i64..50, 51i64..100).prop_map(|(from, to)| Rule::Linear {
            from: from.into(),
            to: to.into()
        }),
        Just(Rule::Bands(vec![band(Some(90), 0), band(Some(60), 3), band(None, 10)])),
        (1i64..100).prop_map(|bound| Rule::Threshold(Bound::AtLeast(bound.into()))),
        Just(Rule::MinMax { lower_better: false }),
        Just(Rule::Percentile { lower_better: false }),
    ]
}

fn cell() -> impl Strategy<Value = Cell> {
    let value = || prop::option::weighted(0.8, (0i64..1001).prop_map(|tenths| Decimal::new(tenths, 1)));
    (value(), value(), prop::bool::weighted(0.1)).prop_map(|(value, prior, none)| Cell {
        not_applicable: none && value.is_none(),
        value,
        prior,
        ..Cell::default()
    })
}

fn world() -> impl Strategy<Value = (Framework, Vec<Unit>)> {
    framework().prop_flat_map(|framework| {
        let unit = (0usize..2, prop::collection::vec(cell(), framework.nodes.len()));
        let units = prop::collection::vec(unit, 1..8).prop_map(|units| {
            let unit = |(key, (track, cells))| Unit { key, track, cells };
            (0u32..).zip(units).map(unit).collect()
        });
        (Just(framework), units)
    })
}

fn is_leaf(framework: &Framework, place: usize) -> bool {
    framework.nodes[place].criterion.is_some() && !framework.nodes[place].is_adjustment()
}

/// The base in doubles: a dimension's share is the weighted mean of the shares below it that count.
fn plain_base(framework: &Framework, score: &UnitScore) -> Option<f64> {
    let mean = |children: Vec<(f64, Option<f64>)>| {
        let counted: Vec<(f64, f64)> = children
            .into_iter()
            .filter_map(|(weight, share)| Some((weight, share?)))
            .collect();
        let all: f64 = counted.iter().map(|(weight, _)| weight).sum();
        (all > 0.0).then(|| counted.iter().map(|(weight, share)| weight * share).sum::<f64>() / all)
    };
    let weight = |place: usize| to_f64(framework.nodes[place].weights[score.track].unwrap_or_default());
    let share = |place: usize| {
        let node = &score.nodes[place];
        Some(to_f64(node.points?) / to_f64(node.weight?))
    };
    let dimension = |place: usize| {
        let leaves = (0..framework.nodes.len()).filter(|leaf| framework.nodes[*leaf].parent == Some(place));
        (
            weight(place),
            mean(leaves.map(|leaf| (weight(leaf), share(leaf))).collect()),
        )
    };
    let dimensions = (0..framework.nodes.len()).filter(|place| framework.nodes[*place].criterion.is_none());
    Some(mean(dimensions.map(dimension).collect())? * to_f64(framework.total))
}

proptest! {
    #[test]
    fn a_random_framework_has_no_fault_and_a_changed_weight_is_one((framework, _) in world()) {
        prop_assert_eq!(check::check(&framework, |_| None), vec![]);
        let mut heavier = framework;
        let leaf = heavier.nodes.iter().position(|node| node.parent.is_some()).unwrap();
        heavier.nodes[leaf].weights[1] = heavier.nodes[leaf].weights[1].map(|weight| weight + Decimal::new(1, 6));
        prop_assert_eq!(check::check(&heavier, |_| None).len(), 1);
    }

    #[test]
    fn the_base_is_the_weighted_mean_of_what_counts((framework, units) in world()) {
        for score in evaluate(&framework, &units) {
            let plain = plain_base(&framework, &score);
            prop_assert_eq!(plain.is_some(), score.base.is_some());
            if let (Some(plain), Some(base)) = (plain, score.base) {
                prop_assert!((plain - to_f64(base)).abs() < 1e-9, "{} {}", plain, base);
            }
        }
    }

    #[test]
    fn no_weight_is_lost_and_parts_are_the_whole((framework, units) in world()) {
        for score in evaluate(&framework, &units) {
            let leaves = || (0..score.nodes.len()).filter(|place| is_leaf(&framework, *place));
            let weights: Decimal = leaves().filter_map(|place| score.nodes[place].weight).sum();
            prop_assert_eq!(weights, if score.base.is_some() { framework.total } else { Decimal::ZERO });
            let points: Decimal = leaves().filter_map(|place| score.nodes[place].points).sum();
            let tops = (0..score.nodes.len()).filter(|place| framework.nodes[*place].criterion.is_none());
            prop_assert_eq!(tops.filter_map(|place| score.nodes[place].points).sum::<Decimal>(), points);
            prop_assert_eq!(score.base.unwrap_or_default(), points);
        }
    }

    #[test]
    fn a_total_is_bounded_and_lies_between_what_missing_could_make_it((framework, units) in world()) {
        for score in evaluate(&framework, &units) {
            let most = framework.total + Decimal::from(5);
            prop_assert!(score.vetoes.is_empty() || score.total.is_none_or(|total| total <= Decimal::ONE));
            if let (Some(total), Some(low), Some(high)) = (score.total, score.lowest, score.highest) {
                let dust = Decimal::new(1, 15);
                prop_assert!(total >= Decimal::ZERO && total <= most);
                prop_assert!(low <= total + dust && total <= high + dust, "{} {} {}", low, total, high);
            }
            prop_assert_eq!(score.total.is_some(), score.base.is_some() && score.blocking().next().is_none());
        }
    }

    #[test]
    fn a_better_value_never_costs_points((framework, units) in world(), which in any::<prop::sample::Index>(), more in 1i64..500) {
        let before = evaluate(&framework, &units);
        let place = which.index(framework.nodes.len());
        let mut better = units;
        for unit in better.iter_mut().take(1) {
            if let Some(value) = &mut unit.cells[place].value {
                *value += Decimal::new(more, 1);
            }
        }
        if is_leaf(&framework, place) {
            let after = evaluate(&framework, &better);
            prop_assert!(after[0].nodes[place].points >= before[0].nodes[place].points);
            prop_assert!(after[0].total >= before[0].total);
        }
    }

    #[test]
    fn weights_count_by_their_proportions((framework, units) in world(), factor in 2i64..9) {
        let mut scaled = framework.clone();
        let factor = Decimal::from(factor);
        scaled.total *= factor;
        for node in &mut scaled.nodes {
            node.weights.iter_mut().flatten().for_each(|weight| *weight *= factor);
            // What is said in points is scaled as well.
            if let Some(Criterion { rule: Rule::Bands(bands), .. }) = &mut node.criterion {
                bands.iter_mut().for_each(|band| band.lost *= factor);
            }
        }
        for (one, many) in evaluate(&framework, &units).iter().zip(evaluate(&scaled, &units)) {
            let apart = one.base.unwrap_or_default() * factor - many.base.unwrap_or_default();
            prop_assert!(apart.abs() < Decimal::new(1, 15), "{}", apart);
        }
    }

    #[test]
    fn the_order_of_the_organisations_is_nothing((framework, units) in world()) {
        let mut reversed = units.clone();
        reversed.reverse();
        let mut back = evaluate(&framework, &reversed);
        back.reverse();
        prop_assert_eq!(evaluate(&framework, &units), back);
    }

    #[test]
    fn a_waterfall_sums_to_the_last_digit((framework, units) in world()) {
        let scores = evaluate(&framework, &units);
        let falls = scores.iter().flat_map(|score| {
            [since(&framework, &scores[0], score), against_median(&framework, &medians(&framework, &scores, score.track), score)]
        });
        for fall in falls.flatten() {
            let steps: Decimal = fall.steps.iter().map(super::waterfall::Step::difference).sum();
            prop_assert_eq!(fall.from + steps, fall.to);
        }
    }

    #[test]
    fn a_rank_counts_those_who_read_better((framework, units) in world()) {
        let scores = evaluate(&framework, &units);
        for (score, place) in scores.iter().zip(places(&scores)) {
            let same = |other: &&UnitScore| other.track == score.track && other.published.is_some();
            let better = scores.iter().filter(same).filter(|other| other.published > score.published).count();
            let equal = scores.iter().filter(same).filter(|other| other.published == score.published).count();
            prop_assert_eq!(place.map(|place| place.rank as usize), score.published.map(|_| better + 1));
            prop_assert_eq!(place.is_some_and(|place| place.tied), score.published.is_some() && equal > 1);
        }
    }

    #[test]
    fn an_interval_is_the_same_for_the_same_seed((framework, units) in world(), seed in any::<u64>()) {
        let scores = evaluate(&framework, &units);
        let found = intervals(&framework, &scores, 50, seed);
        prop_assert_eq!(&found, &intervals(&framework, &scores, 50, seed));
        for (score, interval) in scores.iter().zip(found) {
            let ranked = scores.iter().filter(|other| other.track == score.track && other.total.is_some()).count();
            prop_assert_eq!(interval.is_some(), score.total.is_some());
            if let Some(interval) = interval {
                prop_assert!(1 <= interval.best && interval.best <= interval.worst);
                prop_assert!(interval.worst as usize <= ranked);
            }
        }
    }

    #[test]
    fn equal_values_do_not_tell_anybody_apart(framework in framework(), cell in cell(), count in 2usize..6) {
        let cells = vec![Cell { value: Some(cell.value.unwrap_or_default()), ..Cell::default() }; framework.nodes.len()];
        let units: Vec<Unit> = (0u32..).take(count).map(|key| Unit { key, track: 0, cells: cells.clone() }).collect();
        let scores = evaluate(&framework, &units);
        let warned = warning::warnings(&framework, &scores);
        for (place, node) in framework.nodes.iter().enumerate().filter(|(place, _)| is_leaf(&framework, *place)) {
            let says = |found: &&warning::Warning| found.node == place && found.kind == warning::WarningKind::NoDiscrimination;
            prop_assert!(warned.iter().any(|found| says(&found)));
            if node.criterion.as_ref().is_some_and(|criterion| criterion.rule.is_relative()) {
                prop_assert_eq!(scores[0].nodes[place].points, scores[0].nodes[place].weight);
            }
        }
    }
}
