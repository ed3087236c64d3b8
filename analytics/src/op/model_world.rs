//! A small random world for the models: who is under whom, and who says what; and the words of the semantics over it, looked up anew for every question.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Baseline, Comparability, Comparison, Data, Request, compare};
use crate::fact::{Columns, FactStore, State};
use crate::flag::Flags;
use crate::indicator::{Indicator, IndicatorKind, Indicators, OverOrgs, OverTime, Polarity};
use crate::period::Period;
use crate::status::Status;
use crate::tree::{Edge, Node, OrgTree};

pub(super) const TOP: i64 = 1;
pub(super) const BOTTOM: i64 = 2;
pub(super) const SHARE: i64 = 3;
pub(super) const MEAN: i64 = 4;
pub(super) const MOST: i64 = 5;
/// BOTTOM − TOP.
pub(super) const REST: i64 = 6;
/// What is below counts wherever there is anything.
pub(super) const WHOLE: i64 = 7;
pub(super) const ORGS: i64 = 8;

/// A small world: who is under whom, and who says what.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) edges: Vec<Edge>,
    pub(super) optional: Vec<bool>,
    pub(super) figures: Vec<Figure>,
}

#[derive(Clone, Debug)]
pub(super) struct Figure {
    pub(super) indicator: i64,
    pub(super) org: i64,
    pub(super) year: i32,
    pub(super) value: Option<f64>,
    pub(super) status: Status,
}

pub(super) fn year(year: i32) -> Period {
    Period::year(year).unwrap()
}

/// Every organisation but the first is under one with a smaller number; some move under another one in 2021.
pub(super) fn any_world() -> impl Strategy<Value = World> {
    let links = (1..ORGS)
        .map(|child| {
            (0..child, prop::option::weighted(0.2, 0..child))
                .prop_map(move |link| (child, link))
                .boxed()
        })
        .collect::<Vec<_>>();
    let status = prop_oneof![9 => Just(Status::Normal), 1 => Just(Status::LowerBound), 1 => Just(Status::Missing), 1 => Just(Status::Suppressed), 1 => Just(Status::NotApplicable)];
    let indicator = prop_oneof![
        Just(TOP),
        Just(BOTTOM),
        Just(SHARE),
        Just(MEAN),
        Just(MOST),
        Just(WHOLE)
    ];
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

pub(super) fn indicators() -> Indicators {
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
        Indicator {
            formula: Some("i2 - i1".parse().unwrap()),
            ..indicator(REST, IndicatorKind::Derived, OverOrgs::Sum, None)
        },
        Indicator {
            summed: true,
            ..indicator(WHOLE, IndicatorKind::Count, OverOrgs::Sum, None)
        },
    ]
    .into_iter()
    .collect()
}

pub(super) fn store(world: &World, tree: &OrgTree) -> FactStore {
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
    FactStore::build(1, [TOP, BOTTOM, SHARE, MEAN, MOST, WHOLE].map(chunk), tree.len()).unwrap()
}

/// What is below an organisation, by the words of the semantics.
#[derive(Debug, Default)]
pub(super) struct Naive {
    pub(super) units: Vec<(i64, Vec<f64>)>,
    pub(super) missing: Vec<i64>,
}

impl World {
    pub(super) fn figure(&self, indicator: i64, org: i64, year: i32) -> Option<&Figure> {
        self.figures
            .iter()
            .find(|figure| (figure.indicator, figure.org, figure.year) == (indicator, org, year))
    }

    pub(super) fn number(&self, indicator: i64, org: i64, year: i32) -> Option<f64> {
        self.figure(indicator, org, year)?.value
    }

    pub(super) fn children(&self, org: i64, at: i32) -> Vec<i64> {
        let month = year(at).end_month();
        let holds = |edge: &&Edge| {
            edge.parent == org
                && edge.valid_from.is_none_or(|from| from <= month)
                && edge.valid_to.is_none_or(|to| month <= to)
        };
        self.edges.iter().filter(holds).map(|edge| edge.child).collect()
    }

    pub(super) fn below(&self, indicators: &[i64], org: i64, at: i32) -> Naive {
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
    pub(super) fn rolled(
        &self,
        indicator: i64,
        org: i64,
        at: i32,
        only: Option<&[i64]>,
    ) -> Option<(f64, usize, usize)> {
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
    pub(super) fn divides_by_zero(&self, org: i64, at: i32) -> bool {
        self.number(TOP, org, at).is_some() && self.number(BOTTOM, org, at) == Some(0.0)
    }

    /// The figure itself is withheld or said not to exist.
    pub(super) fn is_silenced(&self, indicator: i64, org: i64, at: i32) -> bool {
        let silent = |figure: &Figure| matches!(figure.status, Status::Suppressed | Status::NotApplicable);
        let parts: &[i64] = match indicator {
            SHARE => &[SHARE, TOP, BOTTOM],
            REST => &[TOP, BOTTOM],
            _ => &[indicator],
        };
        parts.iter().any(|part| self.figure(*part, org, at).is_some_and(silent))
    }

    pub(super) fn own(&self, indicator: i64, org: i64, at: i32) -> Option<f64> {
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

pub(super) fn near(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() <= 1e-9 * right.abs().max(1.0),
        (left, right) => left == right,
    }
}

/// The organisations as a tree.
pub(super) fn tree(world: &World) -> OrgTree {
    let node = |id: i64| Node {
        id,
        valid_from: None,
        valid_to: None,
        level: 0,
        optional: world.optional[id as usize],
    };
    OrgTree::build(&(0..ORGS).map(node).collect::<Vec<_>>(), &world.edges).unwrap()
}

pub(super) fn run(world: &World, comparability: Comparability, baseline: Baseline) -> (OrgTree, Vec<Comparison>) {
    run_for(&[TOP, BOTTOM, SHARE, MEAN, MOST], world, comparability, baseline)
}

pub(super) fn run_for(
    asked: &[i64],
    world: &World,
    comparability: Comparability,
    baseline: Baseline,
) -> (OrgTree, Vec<Comparison>) {
    let tree = tree(world);
    let (store, indicators) = (store(world, &tree), indicators());
    let request = Request {
        indicators: asked.to_vec(),
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
