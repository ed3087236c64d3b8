//! Roll-up over the tree held against a naive model: who is below whom in a period is looked up in the list of links, for every question anew.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Baseline, Comparability, Comparison, Data, Request, compare};
use crate::fact::{Columns, FactStore, State};
use crate::flag::{Flag, Flags};
use crate::indicator::{Indicator, IndicatorKind, Indicators, OverOrgs, OverTime, Polarity};
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;
use crate::tree::{Edge, Node, OrgTree};

const TOP: i64 = 1;
const BOTTOM: i64 = 2;
const SHARE: i64 = 3;
const MEAN: i64 = 4;
const MOST: i64 = 5;
const ORGS: i64 = 8;

/// A small world: who is under whom, and who says what.
#[derive(Clone, Debug)]
struct World {
    edges: Vec<Edge>,
    optional: Vec<bool>,
    figures: Vec<Figure>,
}

#[derive(Clone, Debug)]
struct Figure {
    indicator: i64,
    org: i64,
    year: i32,
    value: Option<f64>,
    status: Status,
}

fn year(year: i32) -> Period {
    Period::year(year).unwrap()
}

/// Every organisation but the first is under one with a smaller number; some move under another one in 2021.
fn any_world() -> impl Strategy<Value = World> {
    let links = (1..ORGS)
        .map(|child| {
            (0..child, prop::option::weighted(0.2, 0..child))
                .prop_map(move |link| (child, link))
                .boxed()
        })
        .collect::<Vec<_>>();
    let status = prop_oneof![9 => Just(Status::Normal), 1 => Just(Status::LowerBound), 1 => Just(Status::Missing), 1 => Just(Status::Suppressed), 1 => Just(Status::NotApplicable)];
    let indicator = prop_oneof![Just(TOP), Just(BOTTOM), Just(SHARE), Just(MEAN), Just(MOST)];
    let figure =
        (indicator, 0..ORGS, 2020..2022i32, -2..9i32, status).prop_map(|(indicator, org, year, value, status)| {
            Figure {
                indicator,
                org,
                year,
                value: status.has_value().then(|| f64::from(value)),
                status,
            }
        });
    (
        links,
        prop::collection::vec(prop::bool::weighted(0.2), ORGS as usize),
        prop::collection::vec(figure, 0..60),
    )
        .prop_map(|(links, optional, figures)| {
            let mut edges = Vec::new();
            for (child, (parent, moved)) in links {
                let end = moved.map(|_| year(2020).end_month());
                edges.push(Edge {
                    child,
                    parent,
                    valid_from: None,
                    valid_to: end,
                });
                edges.extend(moved.map(|parent| Edge {
                    child,
                    parent,
                    valid_from: end.map(|end| end + 1),
                    valid_to: None,
                }));
            }
            let mut once: Vec<Figure> = Vec::new();
            for figure in figures {
                if !once.iter().any(|other| {
                    (other.indicator, other.org, other.year) == (figure.indicator, figure.org, figure.year)
                }) {
                    once.push(figure);
                }
            }
            World {
                edges,
                optional,
                figures: once,
            }
        })
}

fn indicators() -> Indicators {
    let indicator = |id, kind, over_orgs, parts: Option<(i64, i64)>| Indicator {
        id,
        code: format!("i{id}"),
        kind,
        over_orgs,
        over_time: OverTime::Sum,
        summed: false,
        polarity: Polarity::Neutral,
        unit_scale: Decimal::ONE,
        is_rate: parts.is_some(),
        parts,
        formula: None,
        breaks: Vec::new(),
    };
    [
        indicator(TOP, IndicatorKind::Count, OverOrgs::Sum, None),
        indicator(BOTTOM, IndicatorKind::Count, OverOrgs::Sum, None),
        indicator(SHARE, IndicatorKind::Ratio, OverOrgs::RatioOfSums, Some((TOP, BOTTOM))),
        indicator(MEAN, IndicatorKind::Amount, OverOrgs::Mean, None),
        indicator(MOST, IndicatorKind::Amount, OverOrgs::Max, None),
    ]
    .into_iter()
    .collect()
}

fn store(world: &World, tree: &OrgTree) -> FactStore {
    let chunk = |indicator: i64| {
        let mut columns = Columns::default();
        for (id, figure) in (0i64..)
            .zip(&world.figures)
            .filter(|(_, figure)| figure.indicator == indicator)
        {
            let state = State {
                status: figure.status,
                flags: Flags::NONE,
                decimals: 0,
            };
            columns.push(
                tree.ordinal(figure.org).unwrap(),
                0,
                year(figure.year),
                figure.value,
                state,
                id,
            );
        }
        (indicator, columns)
    };
    FactStore::build(1, [TOP, BOTTOM, SHARE, MEAN, MOST].map(chunk), tree.len()).unwrap()
}

/// What is below an organisation, by the words of the semantics.
#[derive(Debug, Default)]
struct Naive {
    units: Vec<(i64, Vec<f64>)>,
    missing: Vec<i64>,
}

impl World {
    fn figure(&self, indicator: i64, org: i64, year: i32) -> Option<&Figure> {
        self.figures
            .iter()
            .find(|figure| (figure.indicator, figure.org, figure.year) == (indicator, org, year))
    }

    fn number(&self, indicator: i64, org: i64, year: i32) -> Option<f64> {
        self.figure(indicator, org, year)?.value
    }

    fn children(&self, org: i64, at: i32) -> Vec<i64> {
        let month = year(at).end_month();
        let holds = |edge: &&Edge| {
            edge.parent == org
                && edge.valid_from.is_none_or(|from| from <= month)
                && edge.valid_to.is_none_or(|to| month <= to)
        };
        self.edges.iter().filter(holds).map(|edge| edge.child).collect()
    }

    fn below(&self, indicators: &[i64], org: i64, at: i32) -> Naive {
        let mut naive = Naive::default();
        for child in self.children(org, at) {
            let values: Vec<f64> = indicators
                .iter()
                .filter_map(|indicator| self.number(*indicator, child, at))
                .collect();
            let said = |status: Status| {
                indicators.iter().any(|indicator| {
                    self.figure(*indicator, child, at)
                        .is_some_and(|figure| figure.status == status)
                })
            };
            if values.len() == indicators.len() {
                naive.units.push((child, values));
            } else if said(Status::NotApplicable) {
            } else if !said(Status::Suppressed) && !self.children(child, at).is_empty() {
                let deeper = self.below(indicators, child, at);
                naive.units.extend(deeper.units);
                naive.missing.extend(deeper.missing);
            } else if !values.is_empty() || said(Status::Suppressed) || !self.optional[child as usize] {
                naive.missing.push(child);
            }
        }
        naive
    }

    /// Value and coverage of what is below.
    fn rolled(&self, indicator: i64, org: i64, at: i32, only: Option<&[i64]>) -> Option<(f64, usize, usize)> {
        let parts: &[i64] = if indicator == SHARE {
            &[TOP, BOTTOM]
        } else {
            &[indicator]
        };
        let mut naive = self.below(parts, org, at);
        if let Some(kept) = only {
            naive.units.retain(|(unit, _)| kept.contains(unit));
            naive.missing.clear();
        }
        let column = |index: usize| -> Vec<f64> { naive.units.iter().map(|(_, values)| values[index]).collect() };
        let sum = |index: usize| column(index).iter().sum::<f64>();
        let count = naive.units.len();
        let value = match indicator {
            _ if count == 0 => return None,
            SHARE if sum(1) == 0.0 => return None,
            SHARE => sum(0) / sum(1),
            MEAN => sum(0) / count as f64,
            MOST => column(0).into_iter().fold(f64::MIN, f64::max),
            _ => sum(0),
        };
        Some((value, count, count + naive.missing.len()))
    }

    /// Both parts are reported, and give no ratio.
    fn divides_by_zero(&self, org: i64, at: i32) -> bool {
        self.number(TOP, org, at).is_some() && self.number(BOTTOM, org, at) == Some(0.0)
    }

    /// The figure itself is withheld or said not to exist.
    fn is_silenced(&self, indicator: i64, org: i64, at: i32) -> bool {
        let silent = |figure: &Figure| matches!(figure.status, Status::Suppressed | Status::NotApplicable);
        let parts: &[i64] = if indicator == SHARE {
            &[SHARE, TOP, BOTTOM]
        } else {
            &[indicator]
        };
        parts.iter().any(|part| self.figure(*part, org, at).is_some_and(silent))
    }

    fn own(&self, indicator: i64, org: i64, at: i32) -> Option<f64> {
        if indicator == SHARE {
            let parts = self.number(TOP, org, at).zip(self.number(BOTTOM, org, at));
            return match parts {
                Some((_, 0.0)) => None,
                Some((top, bottom)) => Some(top / bottom),
                None => self.number(SHARE, org, at),
            };
        }
        self.number(indicator, org, at)
    }
}

fn near(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() <= 1e-9 * right.abs().max(1.0),
        (left, right) => left == right,
    }
}

fn run(world: &World, comparability: Comparability, baseline: Baseline) -> (OrgTree, Vec<Comparison>) {
    let nodes: Vec<Node> = (0..ORGS)
        .map(|id| Node {
            id,
            valid_from: None,
            valid_to: None,
            level: 0,
            optional: world.optional[id as usize],
        })
        .collect();
    let tree = OrgTree::build(&nodes, &world.edges).unwrap();
    let (store, indicators) = (store(world, &tree), indicators());
    let request = Request {
        indicators: vec![TOP, BOTTOM, SHARE, MEAN, MOST],
        orgs: (0..ORGS as u32).collect(),
        period: year(2021),
        baseline,
        comparability,
        across_breaks: false,
    };
    let rows = compare(
        Data {
            store: &store,
            targets: &FactStore::default(),
            indicators: &indicators,
            tree: &tree,
        },
        &request,
    )
    .unwrap();
    (tree, rows)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

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
        for row in &rows {
            let org = tree.id(row.org).unwrap();
            let parts: &[i64] = if row.indicator == SHARE { &[TOP, BOTTOM] } else { std::slice::from_ref(&row.indicator) };
            let own_in_both = parts.iter().all(|part| world.number(*part, org, 2021).is_some() && world.number(*part, org, 2020).is_some());
            let units = |at| -> Vec<i64> { world.below(parts, org, at).units.into_iter().map(|(unit, _)| unit).collect() };
            let (after, before) = (units(2021), units(2020));
            if own_in_both || (after.is_empty() && before.is_empty()) {
                prop_assert!(row.dropped.is_empty());
                continue;
            }
            let kept: Vec<i64> = after.iter().copied().filter(|unit| before.contains(unit)).collect();
            let mut dropped: Vec<i64> = after.iter().chain(&before).copied().filter(|unit| !kept.contains(unit)).collect();
            dropped.sort_unstable();
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
            let mut values: Vec<f64> = values.filter_map(|other| other.current.value).collect();
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
