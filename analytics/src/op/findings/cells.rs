//! Figures that contradict each other in one period.

use super::finding::{CellRef, Evidence, Finding, FindingKind, Severity};
use super::series::Subject;
use crate::decimal::clean;
use crate::fact::Cell;
use crate::indicator::{OverOrgs, OverTime};
use crate::measure::{DiscrepancyCause, Measure};
use crate::op::breakdown::totals;
use crate::op::recipe::How;
use crate::op::window::Window;
use crate::period::{Period, PeriodKind};

/// A run of so many months may be taken for a year.
const LIKE_A_YEAR: i32 = 6;

pub(super) fn check(subject: &Subject<'_>, breakdown_of: &impl Fn(u32) -> Option<i64>, found: &mut Vec<Finding>) {
    for (period, measure) in subject.values.iter().filter(|(period, _)| subject.is_asked(*period)) {
        found.extend(printed(subject, *period, measure));
        found.extend(parent(subject, *period, measure));
        found.extend(unlike(subject, *period, measure));
    }
    let cells: Vec<Cell> = subject.totals();
    for cell in &cells {
        if let Some(period) = cell.period().filter(|period| subject.is_asked(*period)) {
            found.extend(parts(subject, period, cell, &cells));
        }
    }
    breakdowns(subject, breakdown_of, found);
}

fn printed(subject: &Subject<'_>, period: Period, measure: &Measure) -> Option<Finding> {
    let found = measure.discrepancy?;
    let severity = match found.cause {
        DiscrepancyCause::Truncated | DiscrepancyCause::Rounding => Severity::Info,
        DiscrepancyCause::SwappedPeriod => Severity::Warning,
        DiscrepancyCause::Other => Severity::Error,
    };
    let evidence = Evidence::Differ {
        stated: found.reported,
        computed: found.computed,
        cause: Some(found.cause),
    };
    Some(subject.finding(FindingKind::PrintedDiffers, severity, &[period], evidence))
}

/// The own total against the sum below, where all below are there, or where the sum is larger already.
fn parent(subject: &Subject<'_>, period: Period, measure: &Measure) -> Option<Finding> {
    let (stated, computed) = (clean(measure.reported_here?), clean(measure.rolled_up?));
    let How::Stored(series) = &subject.recipe.how else {
        return None;
    };
    if stated == computed || subject.recipe.indicator.over_orgs != OverOrgs::Sum {
        return None;
    }
    let window = Window::current(subject.data, period);
    let below = window.tally(
        std::slice::from_ref(series),
        subject.recipe.indicator.summed,
        subject.org,
    );
    let is_whole = below.into_frame(&window).coverage.is_complete();
    if !is_whole && stated > computed {
        return None;
    }
    let evidence = Evidence::Differ {
        stated,
        computed,
        cause: None,
    };
    let mut finding = subject.finding(FindingKind::ParentDiffers, Severity::Warning, &[period], evidence);
    let children = subject.data.tree.children(subject.org, Some(period));
    finding.cells.extend(children.map(|org| CellRef { org, period }));
    Some(finding)
}

/// The figure of a longer period against its halves, quarters or months, where they are complete.
fn parts(subject: &Subject<'_>, period: Period, cell: &Cell, cells: &[Cell]) -> Option<Finding> {
    let stated = clean(cell.value?);
    if subject.recipe.indicator.over_time != OverTime::Sum || !matches!(subject.recipe.how, How::Stored(_)) {
        return None;
    }
    for length in period.tilings() {
        let parts: Vec<Period> = period.parts(length).collect();
        let value = |part: &Period| cells.iter().find(|cell| cell.is_for(*part))?.value;
        let Some(computed) = parts.iter().map(value).sum::<Option<f64>>().map(clean) else {
            continue;
        };
        if computed != stated {
            let periods: Vec<Period> = std::iter::once(period).chain(parts).collect();
            let evidence = Evidence::Differ {
                stated,
                computed,
                cause: None,
            };
            return Some(subject.finding(FindingKind::PartsDiffer, Severity::Warning, &periods, evidence));
        }
    }
    None
}

/// A run of months that is no year, where there is no figure for the year.
fn unlike(subject: &Subject<'_>, period: Period, measure: &Measure) -> Option<Finding> {
    measure.value?;
    if period.kind() != PeriodKind::Span || period.months() < LIKE_A_YEAR {
        return None;
    }
    let year = Period::year(period.end_month().div_euclid(12))?;
    let has_year = Window::current(subject.data, year)
        .measure(subject.recipe, subject.org)
        .value
        .is_some();
    let evidence = Evidence::Unlike { year };
    (!has_year).then(|| subject.finding(FindingKind::UnlikePeriod, Severity::Warning, &[period], evidence))
}

fn breakdowns(subject: &Subject<'_>, breakdown_of: &impl Fn(u32) -> Option<i64>, found: &mut Vec<Finding>) {
    let How::Stored(series) = &subject.recipe.how else {
        return;
    };
    let mut cells: Vec<Cell> = series.cells(subject.org).collect();
    if cells.iter().all(|cell| cell.breakdown == 0) {
        return;
    }
    cells.sort_by_key(|cell| (cell.start, cell.months, cell.breakdown));
    for cells in cells.chunk_by(|one, other| (one.start, one.months) == (other.start, other.months)) {
        let period = cells
            .first()
            .and_then(Cell::period)
            .filter(|period| subject.is_asked(*period));
        let Some(period) = period else { continue };
        for total in totals(cells.iter().copied(), breakdown_of) {
            if let (Some(stated), Some(computed)) = (total.total.map(clean), total.sum.map(clean))
                && computed > stated
            {
                let evidence = Evidence::Differ {
                    stated,
                    computed,
                    cause: None,
                };
                found.push(subject.finding(FindingKind::BreakdownExceeds, Severity::Info, &[period], evidence));
            }
        }
    }
}
