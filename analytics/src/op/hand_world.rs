//! A small world for cases worked out by hand.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::{Baseline, Comparability, Comparison, Data, Request, compare};
use crate::fact::{Columns, FactStore, State};
use crate::flag::Flags;
use crate::indicator::{Indicator, IndicatorKind, Indicators, OverOrgs, OverTime, Polarity};
use crate::measure::Measure;
use crate::period::Period;
use crate::status::Status;
use crate::tree::{Edge, Node, OrgTree};

pub(super) const TOP: i64 = 1;
pub(super) const BOTTOM: i64 = 2;
pub(super) const RATE: i64 = 3;
/// Whatever formula a case asks for.
pub(super) const FORMULA: i64 = 4;

pub(super) fn period(code: &str) -> Period {
    code.parse().unwrap()
}

/// A district (0) with streets below it, of which the first (1) has communities.
pub(super) struct Case {
    pub(super) indicators: Vec<Indicator>,
    pub(super) edges: Vec<Edge>,
    pub(super) orgs: i64,
    /// Under the tree of which month; of each period without one.
    pub(super) under: Option<i32>,
    pub(super) figures: Vec<(i64, u32, Period, Option<f64>, State)>,
}

fn indicator(id: i64, kind: IndicatorKind) -> Indicator {
    let is_rate = kind == IndicatorKind::Ratio;
    Indicator {
        id,
        code: format!("i{id}"),
        kind,
        over_orgs: if is_rate { OverOrgs::RatioOfSums } else { OverOrgs::Sum },
        over_time: OverTime::Sum,
        summed: false,
        polarity: Polarity::HigherBetter,
        unit_scale: if is_rate { Decimal::new(1, 2) } else { Decimal::ONE },
        is_rate,
        parts: is_rate.then_some((TOP, BOTTOM)),
        formula: None,
        breaks: Vec::new(),
    }
}

impl Case {
    /// Organisation 0 with 1, 2 and 3 below it, and 4 and 5 below 1.
    pub(super) fn new() -> Self {
        let edge = |(child, parent)| Edge {
            child,
            parent,
            valid_from: None,
            valid_to: None,
        };
        Self {
            indicators: vec![
                indicator(TOP, IndicatorKind::Count),
                indicator(BOTTOM, IndicatorKind::Count),
                indicator(RATE, IndicatorKind::Ratio),
            ],
            edges: [(1, 0), (2, 0), (3, 0), (4, 1), (5, 1)].map(edge).into(),
            orgs: 6,
            under: None,
            figures: Vec::new(),
        }
    }

    pub(super) fn formula(mut self, text: &str, is_rate: bool) -> Self {
        self.indicators.push(Indicator {
            formula: Some(text.parse().unwrap()),
            is_rate,
            unit_scale: if is_rate { Decimal::new(1, 2) } else { Decimal::ONE },
            ..indicator(FORMULA, IndicatorKind::Derived)
        });
        self
    }

    pub(super) fn with(mut self, id: i64, change: impl FnOnce(&mut Indicator)) -> Self {
        change(self.indicators.iter_mut().find(|indicator| indicator.id == id).unwrap());
        self
    }

    pub(super) fn say(
        mut self,
        indicator: i64,
        org: u32,
        at: &str,
        value: Option<f64>,
        status: Status,
        flags: Flags,
    ) -> Self {
        let state = State {
            status,
            flags,
            decimals: 0,
        };
        self.figures.push((indicator, org, period(at), value, state));
        self
    }

    pub(super) fn value(self, indicator: i64, org: u32, at: &str, value: f64) -> Self {
        self.say(indicator, org, at, Some(value), Status::Normal, Flags::NONE)
    }

    pub(super) fn silent(self, indicator: i64, org: u32, at: &str, status: Status) -> Self {
        self.say(indicator, org, at, None, status, Flags::NONE)
    }

    pub(super) fn ask<T>(&self, ask: impl FnOnce(Data<'_>) -> T) -> T {
        let node = |id: i64| Node {
            id,
            valid_from: None,
            valid_to: None,
            level: 0,
            optional: false,
        };
        let tree = Arc::new(OrgTree::build(&(0..self.orgs).map(node).collect::<Vec<_>>(), &self.edges).unwrap());
        let tree = self.under.map_or_else(|| Arc::clone(&tree), |month| tree.recast(month));
        let chunk = |indicator: i64| {
            let mut columns = Columns::default();
            let stored = (0i64..).zip(&self.figures).filter(|(_, figure)| figure.0 == indicator);
            for (id, (_, org, period, value, state)) in stored {
                columns.push(tree.ordinal(i64::from(*org)).unwrap(), 0, *period, *value, *state, id);
            }
            (indicator, columns)
        };
        let store = FactStore::build(1, [TOP, BOTTOM, RATE].map(chunk), tree.len()).unwrap();
        let indicators: Indicators = self.indicators.iter().cloned().collect();
        let targets = FactStore::default();
        ask(Data {
            store: &store,
            targets: &targets,
            indicators: &indicators,
            tree: &tree,
        })
    }

    pub(super) fn row(
        &self,
        indicator: i64,
        org: u32,
        at: &str,
        comparability: Comparability,
        baseline: Option<Baseline>,
    ) -> Comparison {
        self.ask(|data| {
            let request = Request {
                indicators: vec![indicator],
                orgs: vec![data.tree.ordinal(i64::from(org)).unwrap()],
                period: period(at),
                baseline: baseline.unwrap_or(Baseline::Period(period(at).previous_year())),
                comparability,
                across_breaks: false,
            };
            compare(data, &request).unwrap().remove(0)
        })
    }

    pub(super) fn measure(&self, indicator: i64, org: u32, at: &str) -> Measure {
        self.row(indicator, org, at, Comparability::All, None).current
    }
}
