//! The questions, over one city.

use analytics::fact::{Columns, FactStore, State};
use analytics::flag::Flags;
use analytics::indicator::Indicators;
use analytics::op::Data;
use analytics::op::compare::{Baseline, Comparability, Comparison, Request, compare, lineage};
use analytics::op::ranking::{Ranking, RankingRequest, ranking};
use analytics::period::Period;
use analytics::status::Status;
use analytics::synthetic::{City, Level};
use analytics::tree::OrgTree;

/// A city in memory.
pub(crate) struct World {
    pub(crate) city: City,
    pub(crate) tree: OrgTree,
    pub(crate) store: FactStore,
    targets: FactStore,
    indicators: Indicators,
}

fn year() -> Period {
    Period::year(2025).unwrap()
}

impl World {
    pub(crate) fn new(city: City) -> Self {
        let tree = city.tree().unwrap();
        Self {
            store: city.store(&tree).unwrap(),
            targets: FactStore::default(),
            indicators: city.specs(),
            tree,
            city,
        }
    }

    pub(crate) fn data(&self) -> Data<'_> {
        Data {
            store: &self.store,
            targets: &self.targets,
            indicators: &self.indicators,
            tree: &self.tree,
        }
    }

    /// The ordinals of the organisations of `level` that `picked` also has, in the first district where that has one.
    fn orgs(&self, picked: &Self, level: Level, first_district: bool) -> Vec<u32> {
        let known: Vec<String> = picked.city.orgs().into_iter().map(|org| org.code).collect();
        let orgs = self.city.orgs().into_iter().enumerate();
        orgs.filter(|(_, org)| {
            org.level == level && (!first_district || org.place[0] == 1) && known.contains(&org.code)
        })
        .filter_map(|(number, _)| self.tree.ordinal(i64::try_from(number).unwrap()))
        .collect()
    }

    fn request(&self, indicators: Vec<i64>, orgs: Vec<u32>) -> Request {
        Request {
            indicators,
            orgs,
            period: year(),
            baseline: Baseline::Period(year().previous_year()),
            comparability: Comparability::All,
            across_breaks: false,
        }
    }

    /// All indicators, for the streets of the first district that `picked` has too, against a year earlier.
    pub(crate) fn streets_of_first_district(&self, picked: &Self) -> Request {
        let indicators = (0i64..).zip(self.city.indicators()).map(|(key, _)| key).collect();
        self.request(indicators, self.orgs(picked, Level::Street, true))
    }

    /// One indicator of one community.
    pub(crate) fn point(&self) -> Request {
        let community = self.orgs(self, Level::Community, true)[3];
        Request {
            period: "2025-06".parse().unwrap(),
            baseline: Baseline::Period(Some("2024-06".parse().unwrap())),
            ..self.request(vec![0], vec![community])
        }
    }

    pub(crate) fn compare(&self, request: &Request) -> Vec<Comparison> {
        compare(self.data(), request).unwrap()
    }

    /// Stored figures under the answer, each counted as often as a row rests on it.
    pub(crate) fn cells(&self, request: &Request) -> usize {
        let rows = self.compare(request);
        let lineage = lineage(self.data(), request, &rows).unwrap();
        lineage.iter().map(|row| row.current.len() + row.base.len()).sum()
    }

    /// All communities by one count.
    pub(crate) fn ranking(&self) -> RankingRequest {
        RankingRequest {
            indicator: 0,
            orgs: self.orgs(self, Level::Community, false),
            period: year(),
            minimum_denominator: None,
        }
    }

    pub(crate) fn rank(&self, request: &RankingRequest) -> Ranking {
        ranking(self.data(), request).unwrap().unwrap()
    }

    /// One figure of the first indicator, changed, and how many that indicator has.
    pub(crate) fn one_changed(&self) -> ((i64, Columns), usize) {
        let community = self.orgs(self, Level::Community, true)[0];
        let state = State {
            status: Status::Normal,
            flags: Flags::NONE,
            decimals: 0,
        };
        let mut columns = Columns::default();
        columns.push(community, 0, "2025-06".parse().unwrap(), Some(7.0), state, i64::MAX);
        ((0, columns), self.store.chunk(0).unwrap().len())
    }
}
