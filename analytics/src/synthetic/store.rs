//! The synthetic city as calculations see it: a tree, indicators and a store, without a database.

use rust_decimal::Decimal;

use super::{City, Org, Spec};
use crate::error::Error;
use crate::fact::{Columns, FactStore, State};
use crate::flag::Flags;
use crate::formula::Formula;
use crate::indicator::{Indicator, IndicatorKind, Indicators, OverOrgs, Polarity};
use crate::period::Period;
use crate::tree::{Edge, Node, OrgTree};

impl City {
    /// The organisations as a tree; keys are numbers.
    ///
    /// # Errors
    /// [`Error::Circle`], which there is none.
    pub fn tree(&self) -> Result<OrgTree, Error> {
        let orgs = self.orgs();
        let key = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let node = |(number, org): (usize, &Org)| Node {
            id: key(number),
            valid_from: None,
            valid_to: None,
            level: org.level as u8,
            optional: false,
        };
        let edges = orgs.iter().enumerate().flat_map(|(number, org)| {
            let until = |place: usize| {
                org.parents
                    .get(place + 1)
                    .and_then(|(from, _)| from.map(|from| from - 1))
            };
            org.parents.iter().enumerate().map(move |(place, (from, parent))| Edge {
                child: key(number),
                parent: key(*parent),
                valid_from: *from,
                valid_to: until(place),
            })
        });
        let nodes: Vec<Node> = orgs.iter().enumerate().map(node).collect();
        OrgTree::build(&nodes, &edges.collect::<Vec<_>>())
    }

    /// The indicators as calculations see them; keys are numbers.
    #[must_use]
    pub fn specs(&self) -> Indicators {
        let key = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let indicator = |(number, spec): (usize, Spec)| Indicator {
            id: key(number),
            kind: spec.kind,
            over_orgs: match spec.kind {
                IndicatorKind::Ratio => OverOrgs::RatioOfSums,
                _ => OverOrgs::Sum,
            },
            over_time: spec.over_time,
            summed: false,
            polarity: match spec.kind {
                IndicatorKind::Ratio => Polarity::HigherBetter,
                _ => Polarity::Neutral,
            },
            unit_scale: match spec.kind {
                IndicatorKind::Ratio => Decimal::new(1, 2),
                _ => Decimal::ONE,
            },
            is_rate: spec.kind == IndicatorKind::Ratio,
            parts: spec.parts.map(|(above, below)| (key(above), key(below))),
            formula: None::<Formula>,
            breaks: Vec::new(),
            code: spec.code,
        };
        self.indicators().into_iter().enumerate().map(indicator).collect()
    }

    /// All figures of one indicator as columns over the ordinals of `tree`, with keys from `first_id` on.
    #[must_use]
    pub fn columns(&self, indicator: &Spec, tree: &OrgTree, first_id: i64) -> Columns {
        let mut columns = Columns::default();
        let mut id = first_id;
        for (number, org) in self.orgs().iter().enumerate() {
            let Some(ordinal) = i64::try_from(number).ok().and_then(|key| tree.ordinal(key)) else {
                continue;
            };
            for month in self.months() {
                let period = Period::from_months(month, month);
                if let (Some(figure), Some(period)) = (self.figure(indicator, org, month), period) {
                    let state = State {
                        status: figure.status,
                        flags: Flags::NONE,
                        decimals: 0,
                    };
                    columns.push(ordinal, 0, period, figure.value, state, id);
                    id += 1;
                }
            }
        }
        columns
    }

    /// The store of all figures.
    ///
    /// # Errors
    /// As [`FactStore::build`].
    pub fn store(&self, tree: &OrgTree) -> Result<FactStore, Error> {
        let mut next = 1;
        let mut all = Vec::new();
        for (number, spec) in self
            .indicators()
            .iter()
            .enumerate()
            .filter(|(_, spec)| spec.parts.is_none())
        {
            let columns = self.columns(spec, tree, next);
            next += i64::try_from(columns.len()).unwrap_or(0);
            all.push((i64::try_from(number).unwrap_or(i64::MAX), columns));
        }
        FactStore::build(1, all, tree.len())
    }
}
