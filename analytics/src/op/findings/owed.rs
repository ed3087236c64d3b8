//! What is owed and not there: said so by the organisation itself, or known from the year before.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{CellRef, Evidence, Finding, FindingKind, Severity};
use super::request::FindingsRequest;
use crate::op::data::Data;
use crate::op::recipe::{How, Recipe};
use crate::op::series::Series;
use crate::period::Period;
use crate::status::Status;

/// Of those who reported a year earlier, so many must have reported now before one who has not is called late: half.
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
    for (period, now) in &reported.by_period {
        let before = period.previous_year();
        let Some((last, before)) = before.and_then(|last| Some((last, reported.by_period.get(&last)?))) else {
            continue;
        };
        let still = before.intersection(now).count();
        if !request.covers(period.start_month(), period.end_month()) || still * MOST < before.len() {
            continue;
        }
        let is_owed = |org: &&u32| {
            data.tree.exists(**org, *period)
                && !data.tree.is_optional(**org)
                && !reported.spoken.contains(&(*period, **org))
        };
        for org in before.difference(now).filter(is_owed) {
            found.push(finding(*org, *period, Severity::Warning, Some(last)));
        }
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
