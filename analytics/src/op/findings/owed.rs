//! What is owed and not there: said so by the organisation itself, or known from the year before.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::finding::{CellRef, Evidence, Finding, FindingKind, Severity};
use super::request::FindingsRequest;
use crate::op::data::Data;
use crate::op::recipe::{How, Recipe};
use crate::op::series::Series;
use crate::period::Period;
use crate::status::Status;

/// Of those under the same parent who reported a year earlier, so many must have reported now before one who has not is called late: half. Whoever asks, and for whom,
/// changes nothing.
const MOST: usize = 2;

pub(super) fn check(data: &Data<'_>, recipe: &Recipe<'_>, request: &FindingsRequest, found: &mut Vec<Finding>) {
    let How::Stored(series) = &recipe.how else { return };
    let finding = |org: u32, period: Period, severity, last| Finding {
        kind: FindingKind::Missing,
        severity,
        indicator: recipe.indicator.id,
        cells: vec![CellRef { org, period }],
        evidence: Evidence::Owed { last },
    };
    let reported = Reported::of(series, &request.orgs);
    for (period, org) in &reported.missing {
        if request.covers(period.start_month(), period.end_month()) {
            found.push(finding(*org, *period, Severity::Info, None));
        }
    }
    let (nobody, mut groups) = (BTreeSet::new(), Groups::of(data, series));
    for (last, before) in &reported.by_period {
        let Some(period) = last.shift_years(1) else { continue };
        let now = reported.by_period.get(&period).unwrap_or(&nobody);
        if !request.covers(period.start_month(), period.end_month()) {
            continue;
        }
        let mut is_owed = |org: &&u32| {
            data.tree.exists(**org, period)
                && !data.tree.is_optional(**org)
                && !reported.spoken.contains(&(period, **org))
                && groups.have_reported(**org, [*last, period])
        };
        for org in before.difference(now).filter(|org| is_owed(org)) {
            found.push(finding(*org, period, Severity::Warning, Some(*last)));
        }
    }
}

/// Those of one level under one parent: whether most of them who reported a year earlier have reported.
struct Groups<'a> {
    data: &'a Data<'a>,
    series: &'a Series<'a>,
    /// The periods for which an organisation has a figure.
    reported: HashMap<u32, HashSet<Period>>,
    /// By parent, level and period.
    known: HashMap<(u32, Option<u8>, Period), bool>,
}

impl<'a> Groups<'a> {
    fn of(data: &'a Data<'a>, series: &'a Series<'a>) -> Self {
        Self {
            data,
            series,
            reported: HashMap::new(),
            known: HashMap::new(),
        }
    }

    fn has(&mut self, org: u32, period: Period) -> bool {
        let series = self.series;
        let periods = || {
            let figures = series
                .cells(org)
                .filter(|cell| cell.breakdown == 0 && cell.value.is_some());
            figures.filter_map(|cell| cell.period()).collect()
        };
        self.reported.entry(org).or_insert_with(periods).contains(&period)
    }

    /// Of the group of `org`, from `last` to `now`.
    fn have_reported(&mut self, org: u32, [last, now]: [Period; 2]) -> bool {
        let tree = self.data.tree;
        let Some(parent) = tree.parent(org, Some(now)) else {
            return false;
        };
        let key = (parent, tree.level(org), now);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let (mut before, mut still) = (0, 0);
        for member in tree.peers(org, now).into_iter().chain([org]) {
            if self.has(member, last) {
                before += 1;
                still += usize::from(self.has(member, now));
            }
        }
        let have = still * MOST >= before;
        self.known.insert(key, have);
        have
    }
}

/// Who reported when.
#[derive(Default)]
struct Reported {
    by_period: BTreeMap<Period, BTreeSet<u32>>,
    missing: BTreeSet<(Period, u32)>,
    /// Who said anything, be it that there is nothing.
    spoken: BTreeSet<(Period, u32)>,
}

impl Reported {
    fn of(series: &Series<'_>, orgs: &[u32]) -> Self {
        let mut reported = Self::default();
        for org in orgs {
            for cell in series.cells(*org).filter(|cell| cell.breakdown == 0) {
                let Some(period) = cell.period() else { continue };
                reported.spoken.insert((period, *org));
                if cell.value.is_some() {
                    reported.by_period.entry(period).or_default().insert(*org);
                } else if cell.state.status == Status::Missing {
                    reported.missing.insert((period, *org));
                }
            }
        }
        reported
    }
}
