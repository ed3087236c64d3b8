//! Successions held against a naive model: a district's streets merge, split, change their names and move, year by year, and so do districts; every figure is
//! followed by hand to where it counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::model_world::{TOP, indicators, near, year};
use super::{Baseline, Comparability, Comparison, Data, Request, compare};
use crate::fact::{Columns, FactStore, State};
use crate::flag::Flags;
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;
use crate::tree::{Edge, Node, OrgTree, Succession};

const FIRST: i32 = 2018;
const LAST: i32 = 2023;
const CITY: i64 = 0;

/// An organisation by the years of its existence, and its parent in each.
#[derive(Clone, Debug)]
struct Org {
    is_street: bool,
    from: i32,
    to: i32,
    parents: BTreeMap<i32, i64>,
}

/// What came about, year by year.
#[derive(Clone, Debug, Default)]
struct History {
    orgs: Vec<Org>,
    successions: Vec<(i64, i64)>,
}

impl History {
    fn add(&mut self, is_street: bool, from: i32, parent: Option<i64>) -> i64 {
        self.orgs.push(Org {
            is_street,
            from,
            to: LAST,
            parents: parent.map(|parent| (from, parent)).into_iter().collect(),
        });
        self.orgs.len() as i64 - 1
    }

    fn exists(&self, org: i64, at: i32) -> bool {
        let org = &self.orgs[org as usize];
        (org.from..=org.to).contains(&at)
    }

    /// Those that exist in `at` and did so before.
    fn old(&self, is_street: bool, at: i32) -> Vec<i64> {
        let is_old = |id: &i64| {
            self.orgs[*id as usize].is_street == is_street && self.exists(*id, at) && self.exists(*id, at - 1)
        };
        (1..self.orgs.len() as i64).filter(is_old).collect()
    }

    fn parent(&self, org: i64, at: i32) -> Option<i64> {
        let org = &self.orgs[org as usize];
        let at = at.clamp(org.from, org.to);
        org.parents.range(..=at).next_back().map(|(_, parent)| *parent)
    }

    fn follow(&mut self, before: i64, after: i64, at: i32) {
        self.orgs[before as usize].to = at - 1;
        self.successions.push((before, after));
    }

    fn move_streets(&mut self, from: i64, to: &[i64], at: i32) {
        let streets: Vec<i64> = (1..self.orgs.len() as i64)
            .filter(|org| {
                self.orgs[*org as usize].is_street && self.exists(*org, at) && self.parent(*org, at) == Some(from)
            })
            .collect();
        for (place, street) in streets.into_iter().enumerate() {
            self.orgs[street as usize].parents.insert(at, to[place % to.len()]);
        }
    }

    /// Something happens to one or two organisations; `apart` lets streets leave their district.
    fn event(&mut self, at: i32, (kind, one, other): (u8, usize, usize), apart: bool) {
        let is_street = kind % 2 == 0;
        let there = self.old(is_street, at);
        let (Some(&one), Some(&other)) = (
            there.get(one % there.len().max(1)),
            there.get(other % there.len().max(1)),
        ) else {
            return;
        };
        let district = |history: &Self, org: i64| history.parent(org, at);
        match kind / 2 {
            0 | 1 if one != other && (apart || district(self, one) == district(self, other)) => {
                let new = self.add(is_street, at, district(self, one));
                for gone in [one, other] {
                    self.follow(gone, new, at);
                    self.move_streets(gone, &[new], at);
                }
            }
            2 | 3 => {
                let parent = district(self, one);
                let pieces = [self.add(is_street, at, parent), self.add(is_street, at, parent)];
                pieces.iter().for_each(|piece| self.follow(one, *piece, at));
                self.move_streets(one, &pieces, at);
            }
            4 => {
                let new = self.add(is_street, at, district(self, one));
                self.follow(one, new, at);
                self.move_streets(one, &[new], at);
            }
            5 if is_street && apart => {
                let districts = self.old(false, at);
                if let Some(district) = districts.get(other as usize % districts.len().max(1)) {
                    self.orgs[one as usize].parents.insert(at, *district);
                }
            }
            5 if apart => {
                // A district out of nothing, for some streets of another.
                let new = self.add(false, at, Some(CITY));
                self.move_streets(one, &[one, new], at);
            }
            _ => {}
        }
    }

    fn tree(&self) -> Arc<OrgTree> {
        let start = |at: i32| (at > FIRST).then(|| year(at).start_month());
        let end = |at: i32| (at < LAST).then(|| year(at).end_month());
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        for (id, org) in (0i64..).zip(&self.orgs) {
            nodes.push(Node {
                id,
                valid_from: start(org.from),
                valid_to: end(org.to),
                level: u8::from(org.is_street),
                optional: false,
            });
            let starts: Vec<(i32, i64)> = org.parents.iter().map(|(from, parent)| (*from, *parent)).collect();
            for (place, (from, parent)) in starts.iter().enumerate() {
                edges.push(Edge {
                    child: id,
                    parent: *parent,
                    valid_from: start(*from),
                    valid_to: end(starts.get(place + 1).map_or(org.to, |(next, _)| next - 1)),
                });
            }
        }
        let successions = self.successions.iter().map(|(predecessor, successor)| Succession {
            predecessor: *predecessor,
            successor: *successor,
        });
        let tree = OrgTree::build(&nodes, &edges).unwrap();
        Arc::new(tree.succeeded(&successions.collect::<Vec<_>>()))
    }

    /// Everything that a figure of `org` counts for under the tree of the year `at`.
    fn counts_for(&self, org: i64, at: i32) -> BTreeSet<i64> {
        let line = |org: i64| {
            let mut all = self.counts_for(org, at);
            all.insert(org);
            all
        };
        let way = |end: fn(&(i64, i64)) -> (i64, i64)| -> Vec<i64> {
            self.successions
                .iter()
                .map(end)
                .filter(|(from, _)| *from == org)
                .map(|(_, to)| to)
                .collect()
        };
        let next = if self.exists(org, at) {
            Vec::new()
        } else if self.orgs[org as usize].to < at {
            way(|(before, after)| (*before, *after))
        } else {
            way(|(before, after)| (*after, *before))
        };
        let all = if next.is_empty() {
            self.parent(org, at).into_iter().collect()
        } else {
            next
        };
        let lines = all.into_iter().map(line);
        lines
            .reduce(|one, other| one.intersection(&other).copied().collect())
            .unwrap_or_default()
    }

    /// Figures of streets, each counted where it belongs; of `org` itself, its own.
    fn total(&self, figures: &Figures, org: i64, tree: i32, at: i32) -> Option<f64> {
        if let Some(own) = figures.get(&(org, at)) {
            return Some(*own);
        }
        let counts = figures.iter().filter(|((other, when), _)| {
            *when == at && self.exists(*other, at) && self.counts_for(*other, tree).contains(&org)
        });
        counts.map(|(_, value)| *value).reduce(|one, other| one + other)
    }
}

type Figures = BTreeMap<(i64, i32), f64>;

fn any_history(apart: bool) -> impl Strategy<Value = History> {
    prop::collection::vec((FIRST + 1..=LAST, 0..12u8, 0..20usize, 0..20usize), 0..12).prop_map(move |mut events| {
        events.sort_by_key(|event| event.0);
        let mut history = History::default();
        history.add(false, FIRST, None);
        let districts = [(); 3].map(|()| history.add(false, FIRST, Some(CITY)));
        for place in 0..6 {
            history.add(true, FIRST, Some(districts[place % 3]));
        }
        for (at, kind, one, other) in events {
            history.event(at, (kind, one, other), apart);
        }
        history
    })
}

/// Figures of streets in most years; a street's number is told by its digit, so that no two sums are alike by chance.
fn figures(history: &History, gaps: &[bool]) -> Figures {
    let mut figures = Figures::new();
    for (id, _) in (0i64..).zip(&history.orgs).filter(|(_, org)| org.is_street) {
        for at in (FIRST..=LAST).filter(|at| history.exists(id, *at)) {
            if !gaps[(id * 7 + i64::from(at)) as usize % gaps.len()] {
                figures.insert((id, at), f64::from((id as i32 * 37 + at * 11) % 101));
            }
        }
    }
    figures
}

fn answer(tree: &OrgTree, figures: &Figures, [now, then]: [i32; 2], comparability: Comparability) -> Vec<Comparison> {
    let mut columns = Columns::default();
    for (key, ((org, at), value)) in (0i64..).zip(figures) {
        let state = State {
            status: Status::Normal,
            flags: Flags::NONE,
            decimals: 0,
        };
        columns.push(tree.ordinal(*org).unwrap(), 0, year(*at), Some(*value), state, key);
    }
    let (store, indicators) = (FactStore::build(1, [(TOP, columns)], tree.len()).unwrap(), indicators());
    let request = Request {
        indicators: vec![TOP],
        orgs: (0u32..).take(tree.len()).collect(),
        period: year(now),
        baseline: Baseline::Period(Some(year(then))),
        comparability,
        across_breaks: false,
    };
    let data = Data {
        store: &store,
        targets: &FactStore::default(),
        indicators: &indicators,
        tree,
    };
    compare(data, &request).unwrap()
}

fn at_end(at: i32) -> i32 {
    Period::year(at).unwrap().end_month()
}

proptest! {
    #[test]
    fn a_figure_counts_once_and_where_it_belongs(history in any_history(true), gaps in prop::collection::vec(prop::bool::weighted(0.1), 31), years in (FIRST..=LAST, FIRST..=LAST, FIRST..=LAST)) {
        let (month, now, then) = years;
        let (tree, figures) = (history.tree(), figures(&history, &gaps));
        let recast = tree.recast(at_end(month));
        for row in answer(&recast, &figures, [now, then], Comparability::All) {
            let org = tree.id(row.org).unwrap();
            if !history.exists(org, month) {
                continue;
            }
            for (measure, at) in [(&row.current, now), (&row.base, then)] {
                let naive = history.total(&figures, org, month, at);
                prop_assert!(near(measure.value, naive), "{org} in {at} under the tree of {month}: {:?} is not {naive:?}", measure.value);
            }
            // Nobody moves in the tree of one month.
            if row.current.value.is_some() && row.base.value.is_some() {
                prop_assert_ne!(row.change.reason, Reason::BoundaryChanged);
            }
        }
    }

    #[test]
    fn a_districts_own_figure_holds_those_of_its_streets(history in any_history(false), month in FIRST..=LAST, at in FIRST..=LAST) {
        let tree = history.tree();
        let streets = figures(&history, &[false]);
        let mut figures = streets.clone();
        for (id, org) in (1i64..).zip(&history.orgs[1..]).filter(|(_, org)| !org.is_street) {
            if id % 2 == 0 && (org.from..=org.to).contains(&at) {
                let own = streets.iter().filter(|((street, when), _)| *when == at && history.parent(*street, at) == Some(id));
                figures.insert((id, at), own.map(|(_, value)| value).sum());
            }
        }
        let all: f64 = streets.iter().filter(|((_, when), _)| *when == at).map(|(_, value)| value).sum();
        let rows = answer(&tree.recast(at_end(month)), &figures, [at, at], Comparability::All);
        let city = rows.iter().find(|row| tree.id(row.org) == Some(CITY)).unwrap();
        prop_assert!(near(city.current.value, Some(all)), "{:?} is not {all}", city.current.value);
        // Nobody is missing but a district that no street stood under.
        let mut missing = city.current.coverage.missing_orgs.iter().filter_map(|org| tree.id(*org));
        let is_empty = |district: i64| streets.keys().all(|(street, when)| *when != at || history.parent(*street, at) != Some(district));
        prop_assert!(missing.all(is_empty));
    }

    #[test]
    fn a_base_before_the_beginning_is_told_by_the_succession(history in any_history(true), years in (FIRST..=LAST, FIRST..=LAST)) {
        let (now, then) = years;
        let (tree, figures) = (history.tree(), figures(&history, &[false]));
        for row in answer(&tree, &figures, [now, then], Comparability::All) {
            let org = tree.id(row.org).unwrap();
            let place = &history.orgs[org as usize];
            if place.is_street && history.exists(org, now) {
                let expected = match (history.exists(org, then), history.successions.iter().any(|(_, after)| *after == org)) {
                    (true, _) => None,
                    (false, true) if then < place.from => Some(Reason::BoundaryChanged),
                    _ => Some(Reason::BaseMissing),
                };
                if let Some(expected) = expected {
                    prop_assert_eq!(row.change.reason, expected);
                }
            }
        }
    }

    #[test]
    fn without_moves_and_successions_every_tree_is_the_same(figures in prop::collection::vec(prop::bool::weighted(0.3), 31), month in FIRST..=LAST) {
        let history = {
            let mut history = History::default();
            history.add(false, FIRST, None);
            let district = history.add(false, FIRST, Some(CITY));
            history.add(true, FIRST, Some(district));
            history.add(true, FIRST, Some(CITY));
            history.orgs[3].to = 2020;
            history
        };
        let tree = history.tree();
        let figures = super::model_succession::figures(&history, &figures);
        let told = |tree: &OrgTree| format!("{:?}", answer(tree, &figures, [2021, 2020], Comparability::All));
        prop_assert_eq!(told(&tree.recast(at_end(month))), told(&tree));
    }
}
