//! Answers worked out by hand, each by a rule that is easily got wrong: trends, findings, decompositions, tests and medians.

use super::decompose::{DecomposeRequest, decompose};
use super::findings::{FindingKind, FindingsRequest, Severity, findings};
use super::hand_world::{BOTTOM, Case, RATE, TOP, period};
use super::trend::{Guard, TrendRequest, trend};
use super::{Baseline, Comparability};
use crate::flag::{Flag, Flags};
use crate::indicator::OverOrgs;
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;
use crate::tree::Edge;

#[test]
fn dust_is_no_trend_and_no_outlier() {
    let parts = [0.3, 0.2, 0.1];
    let mut case = Case::new();
    for year in 2010..2018 {
        for (place, org) in [1u32, 2, 3].into_iter().enumerate() {
            let value = if year < 2014 { parts[place] } else { parts[2 - place] };
            case = case.value(TOP, org, &year.to_string(), value);
        }
    }
    let request = |periods: Vec<Period>| TrendRequest {
        indicators: vec![TOP],
        orgs: vec![0],
        periods,
        moving_average: None,
    };
    let years = |from: i32, to: i32| (from..=to).map(|year| Period::year(year).unwrap()).collect::<Vec<_>>();
    let found = case.ask(|data| trend(data, &request(years(2010, 2017))).unwrap().remove(0));
    let flat = found.trend.unwrap();
    assert_eq!((flat.s, flat.slope), (0.0, 0.0), "{flat:?}");
    let mut case = Case::new();
    for year in 2010..2016 {
        let (top, bottom) = if year == 2014 { (0.3, 0.1) } else { (3.0, 1.0) };
        case = case
            .value(TOP, 2, &year.to_string(), top)
            .value(BOTTOM, 2, &year.to_string(), bottom);
    }
    let found = case.ask(|data| {
        let request = FindingsRequest {
            indicators: vec![RATE],
            orgs: vec![data.tree.ordinal(2).unwrap()],
            from: None,
            to: None,
            kinds: None,
            least: Severity::Info,
        };
        findings(data, &request, |_| None).unwrap()
    });
    assert!(
        found.iter().all(|finding| finding.kind != FindingKind::Outlier),
        "{found:?}"
    );
}

#[test]
fn who_is_late_does_not_depend_on_who_is_asked_for() {
    let case = [1, 2, 3]
        .into_iter()
        .fold(Case::new(), |case, org| case.value(TOP, org, "2020", 5.0));
    let case = case.value(TOP, 1, "2021", 5.0).value(TOP, 2, "2021", 5.0);
    let late = |orgs: Vec<i64>| {
        case.ask(|data| {
            let orgs = orgs.iter().map(|org| data.tree.ordinal(*org).unwrap()).collect();
            let request = FindingsRequest {
                indicators: vec![TOP],
                orgs,
                from: None,
                to: None,
                kinds: None,
                least: Severity::Info,
            };
            let found = findings(data, &request, |_| None).unwrap();
            found
                .into_iter()
                .filter(|finding| finding.kind == FindingKind::Missing)
                .map(|finding| data.tree.id(finding.cells[0].org).unwrap())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(late(vec![3]), [3]);
    assert_eq!(late(vec![1, 2, 3]), [3]);
    assert_eq!(late(vec![1]), [0i64; 0]);
}

#[test]
fn a_decomposition_knows_breaks_and_takes_decimals_apart() {
    let case = Case::new().value(TOP, 2, "2020", 9.0).say(
        TOP,
        2,
        "2021",
        Some(7.0),
        Status::Normal,
        Flag::ScopeChanged.into(),
    );
    let request = |indicator, org| DecomposeRequest {
        indicator,
        org,
        period: period("2021"),
        base: period("2020"),
    };
    let found = case.ask(|data| decompose(data, &request(TOP, 0)).unwrap().unwrap());
    assert_eq!(
        (found.change.reason, found.change.percent, found.change.absolute),
        (Reason::DefinitionChanged, None, Some(-2.0))
    );
    let case = Case::new()
        .value(TOP, 0, "2020", 1_000_000.0)
        .value(TOP, 0, "2021", 1_000_000.1);
    let found = case.ask(|data| decompose(data, &request(TOP, 0)).unwrap().unwrap());
    assert_eq!(
        (found.total, found.residual, found.change.absolute),
        (Some(0.1), Some(0.1), Some(0.1))
    );
}

#[test]
fn a_mean_of_counts_is_no_count() {
    let counts = |case: Case, at: &str, value: f64| {
        [2, 3]
            .into_iter()
            .fold(case, |case, org| case.value(TOP, org, at, value))
    };
    let case = || counts(counts(Case::new(), "2020", 2.0), "2021", 6.0);
    let tested = |case: Case| {
        case.row(TOP, 0, "2021", Comparability::All, None)
            .change
            .distinguishable()
    };
    // 4 and 12 of a sum; a mean of 2 and of 6 says nothing of how many there were.
    assert_eq!(tested(case()), Some(false));
    assert_eq!(
        tested(case().with(TOP, |indicator| indicator.over_orgs = OverOrgs::Mean)),
        None
    );
    assert_eq!(
        case()
            .with(TOP, |indicator| indicator.over_orgs = OverOrgs::Mean)
            .row(TOP, 2, "2021", Comparability::All, None)
            .change
            .distinguishable(),
        Some(false)
    );
}

#[test]
fn the_median_of_peers_says_what_it_rests_on() {
    let case = Case::new()
        .value(TOP, 4, "2021", 3.0)
        .say(TOP, 2, "2021", Some(20.0), Status::LowerBound, Flags::NONE)
        .value(TOP, 3, "2021", 7.0);
    let row = case.row(TOP, 3, "2021", Comparability::All, Some(Baseline::Peers));
    // The first street is a sum of one community of two.
    assert_eq!((row.base.value, row.base.status), (Some(20.0), Status::Estimated));
    assert!(row.base.flags.contains(Flag::Incomplete) && row.base.flags.contains(Flag::LowerBound));
    assert_eq!((row.base.coverage.present, row.base.coverage.expected), (1, 2));
}

#[test]
fn a_figure_of_its_own_keeps_its_boundary_in_a_trend() {
    let mut case = Case::new();
    // 6 moves from 3 to 2 in 2020.
    case.orgs = 7;
    case.under = Some(period("2022").end_month());
    let moved = period("2020").start_month();
    case.edges.push(Edge {
        child: 6,
        parent: 3,
        valid_from: None,
        valid_to: Some(moved - 1),
    });
    case.edges.push(Edge {
        child: 6,
        parent: 2,
        valid_from: Some(moved),
        valid_to: None,
    });
    let case = (2017..2023).fold(case, |case, year| {
        case.value(TOP, 2, &year.to_string(), f64::from(year - 2000))
    });
    let found = case.ask(|data| {
        let periods = (2017..2023).map(|year| Period::year(year).unwrap()).collect();
        let request = TrendRequest {
            indicators: vec![TOP],
            orgs: vec![data.tree.ordinal(2).unwrap()],
            periods,
            moving_average: None,
        };
        trend(data, &request).unwrap().remove(0)
    });
    assert_eq!(
        found.points.iter().map(|point| point.series_break).collect::<Vec<_>>(),
        [None, None, None, Some(Reason::BoundaryChanged), None, None]
    );
    assert_eq!(
        (found.guard, found.trend.is_some()),
        (Some(Guard::BoundaryChanged), false)
    );
}
