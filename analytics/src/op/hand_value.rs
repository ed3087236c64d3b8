//! Values worked out by hand, each by a rule that is easily got wrong: what is withheld, what is missing, what a formula reads.

use super::Comparability;
use super::hand_world::{BOTTOM, Case, FORMULA, RATE, TOP, period};
use super::ranking::{Exclusion, RankingRequest, ranking};
use crate::flag::{Flag, Flags};
use crate::indicator::OverOrgs;
use crate::reason::Reason;
use crate::status::Status;
use crate::tree::Edge;

fn months(case: Case, org: u32, say: impl Fn(usize) -> (Option<f64>, Status)) -> Case {
    let year = period("2022");
    year.parts(1).enumerate().fold(case, |case, (place, month)| {
        let (value, status) = say(place);
        case.say(TOP, org, &month.to_string(), value, status, Flags::NONE)
    })
}

#[test]
fn a_year_opens_nothing_that_a_month_withholds() {
    // The first street withholds May; what is below it would give the rest away.
    let may = |place| {
        if place == 4 {
            (None, Status::Suppressed)
        } else {
            (Some(2.0), Status::Normal)
        }
    };
    let case = months(Case::new(), 1, may)
        .value(TOP, 4, "2022", 20.0)
        .value(TOP, 5, "2022", 11.0)
        .value(TOP, 2, "2022", 5.0);
    let street = case.measure(TOP, 1, "2022");
    assert_eq!(
        (street.value, street.status, street.rolled_up),
        (None, Status::Suppressed, None)
    );
    assert_eq!(street.reason, Some(Reason::CurrentMissing));
    let district = case.measure(TOP, 0, "2022");
    assert_eq!(district.value, Some(5.0));
    assert_eq!(district.coverage.missing_orgs.len(), 2);
    // What none of the months can have, the year cannot have; it is not missing.
    let case = months(Case::new(), 1, |_| (None, Status::NotApplicable))
        .value(TOP, 4, "2022", 3.0)
        .value(TOP, 2, "2022", 5.0);
    let street = case.measure(TOP, 1, "2022");
    assert_eq!((street.value, street.status), (None, Status::NotApplicable));
    let district = case.measure(TOP, 0, "2022");
    assert_eq!((district.value, district.coverage.expected), (Some(5.0), 2));
    // A month that cannot have a figure beside eleven that have one makes no whole year.
    let case = months(Case::new(), 1, |place| {
        if place == 4 {
            (None, Status::NotApplicable)
        } else {
            (Some(2.0), Status::Normal)
        }
    });
    let street = case.measure(TOP, 1, "2022");
    assert_eq!(
        (street.value, street.status, street.partial),
        (None, Status::Missing, Some(22.0))
    );
}

#[test]
fn like_for_like_opens_nothing_that_is_withheld() {
    let streets = |case: Case, at: &str, value: f64| case.value(TOP, 2, at, value).value(TOP, 3, at, value);
    let case = streets(streets(Case::new(), "2020", 4.0), "2021", 3.0)
        .value(TOP, 0, "2020", 50.0)
        .silent(TOP, 0, "2021", Status::Suppressed);
    let row = case.row(TOP, 0, "2021", Comparability::Matched, None);
    assert_eq!(
        (row.current.value, row.current.status, row.matched),
        (None, Status::Suppressed, false)
    );
    assert_eq!(row.base.value, Some(50.0));
}

#[test]
fn like_for_like_is_a_ratio_of_sums_and_names_whom_it_leaves_out() {
    let streets = |case: Case, at: &str| {
        case.value(TOP, 2, at, 9.0)
            .value(BOTTOM, 2, at, 10.0)
            .value(TOP, 3, at, 8.0)
            .value(BOTTOM, 3, at, 10.0)
    };
    let case = || streets(streets(Case::new(), "2020"), "2021");
    // Whatever the parts themselves do over organisations.
    for rule in [OverOrgs::Sum, OverOrgs::Mean, OverOrgs::Max, OverOrgs::None] {
        let row = case()
            .with(BOTTOM, |part| part.over_orgs = rule)
            .row(RATE, 0, "2021", Comparability::Matched, None);
        assert_eq!(
            (row.current.value, row.base.value, row.matched),
            (Some(0.85), Some(0.85), true),
            "{rule:?}"
        );
    }
    // Those below the first street reported in neither year.
    let row = case().row(TOP, 0, "2021", Comparability::Matched, None);
    assert_eq!(row.dropped.len(), 2);
    let closed =
        case()
            .with(RATE, |rate| rate.over_orgs = OverOrgs::None)
            .row(RATE, 0, "2021", Comparability::Matched, None);
    assert_eq!((closed.current.value, closed.matched), (None, false));
}

#[test]
fn a_formula_takes_nothing_missing_for_nothing() {
    let case = || {
        Case::new()
            .value(BOTTOM, 1, "2022", 100.0)
            .value(BOTTOM, 2, "2022", 50.0)
            .value(TOP, 2, "2022", 45.0)
            .value(BOTTOM, 3, "2022", 50.0)
            .value(TOP, 3, "2022", 45.0)
    };
    let rest = case().formula("i2 - i1", false).measure(FORMULA, 0, "2022");
    assert_eq!(
        (rest.value, rest.coverage.present, rest.coverage.expected),
        (Some(10.0), 2, 4)
    );
    assert!(rest.flags.contains(Flag::Incomplete));
    let share = case().formula("i1 / i2 * 100", true).measure(FORMULA, 0, "2022");
    assert_eq!(share.value, case().measure(RATE, 0, "2022").value);
    // Not put together over organisations at all.
    let closed = case()
        .formula("i2 - i1", false)
        .with(FORMULA, |rest| rest.over_orgs = OverOrgs::None);
    let district = closed.measure(FORMULA, 0, "2022");
    assert_eq!((district.value, district.reason), (None, Some(Reason::NotAggregable)));
    assert_eq!(closed.measure(FORMULA, 2, "2022").value, Some(5.0));
    // One total of its own and one from all that is below are as good as two.
    let mixed = Case::new().formula("i2 - i1", false).value(BOTTOM, 0, "2022", 200.0);
    let mixed = [2, 3, 4, 5]
        .into_iter()
        .fold(mixed, |case, org| case.value(TOP, org, "2022", 45.0));
    assert_eq!(mixed.measure(FORMULA, 0, "2022").value, Some(20.0));
}

#[test]
fn a_formula_says_what_its_inputs_say() {
    for status in [Status::Suppressed, Status::NotApplicable] {
        let case = Case::new()
            .formula("i2 - i1", false)
            .value(BOTTOM, 2, "2022", 9.0)
            .silent(TOP, 2, "2022", status);
        let rest = case.measure(FORMULA, 2, "2022");
        assert_eq!((rest.value, rest.status), (None, status));
        let request = |orgs| RankingRequest {
            indicator: FORMULA,
            orgs,
            period: period("2022"),
            minimum_denominator: None,
        };
        let found = case.ask(|data| {
            ranking(data, &request(vec![data.tree.ordinal(2).unwrap()]))
                .unwrap()
                .unwrap()
        });
        let reason = if status == Status::Suppressed {
            Exclusion::Suppressed
        } else {
            Exclusion::NotApplicable
        };
        assert_eq!(found.excluded[0].reason, reason);
    }
}

#[test]
fn a_formula_reads_rates_as_people_write_them() {
    let case = || Case::new().value(TOP, 2, "2022", 8.0).value(BOTTOM, 2, "2022", 10.0);
    for (text, expected) in [
        ("i3 + 0", 0.8),
        ("100 - i3", 0.2),
        ("1 - i3", -0.79),
        ("i1 / i2 * 100", 0.8),
        ("(i3 + i3) / 2", 0.8),
    ] {
        assert_eq!(
            case().formula(text, true).measure(FORMULA, 2, "2022").value,
            Some(expected),
            "{text}"
        );
    }
}

#[test]
fn a_bound_turned_around_is_an_estimate() {
    let bound = |case: Case| case.say(TOP, 2, "2022", Some(20.0), Status::LowerBound, Flags::NONE);
    let turned = bound(Case::new()).formula("0 - i1", false).measure(FORMULA, 2, "2022");
    assert_eq!((turned.value, turned.status), (Some(-20.0), Status::Estimated));
    assert!(turned.flags.contains(Flag::LowerBound));
    let about = bound(Case::new()).say(TOP, 3, "2022", Some(300.0), Status::Estimated, Flags::NONE);
    let sum = about.measure(TOP, 0, "2022");
    assert_eq!((sum.value, sum.status), (Some(320.0), Status::Estimated));
}

#[test]
fn what_is_summed_from_below_is_not_lost_behind_who_is_silent() {
    for status in [Status::Suppressed, Status::NotApplicable] {
        let mut case = Case::new().with(TOP, |indicator| indicator.summed = true);
        // 4 stands between 1 and 6.
        case.orgs = 7;
        case.edges.push(Edge {
            child: 6,
            parent: 4,
            valid_from: None,
            valid_to: None,
        });
        let case = case
            .value(TOP, 1, "2022", 100.0)
            .silent(TOP, 4, "2022", status)
            .value(TOP, 6, "2022", 5.0)
            .value(TOP, 3, "2022", 7.0);
        assert_eq!(case.measure(TOP, 1, "2022").value, Some(100.0));
        assert_eq!(case.measure(TOP, 0, "2022").value, Some(107.0));
    }
}
