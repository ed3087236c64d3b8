//! Scores that were worked out by others or by hand come out as they were.

use rust_decimal::{Decimal, RoundingStrategy};

use super::check;
use super::evaluate::evaluate;
use super::framework::{Criterion, Framework, Missing, Node, Rule};
use super::sheet::{Cell, Outcome, Unit, UnitScore};

fn criterion(rule: Rule, missing: Missing) -> Criterion {
    Criterion {
        indicator: Some(1),
        rule,
        missing,
    }
}

/// The scores of an organisation alone.
fn only(framework: &Framework, cells: Vec<Cell>) -> Vec<UnitScore> {
    let unit = Unit {
        key: 0,
        track: 0,
        cells,
    };
    evaluate(framework, &[unit])
}

#[test]
fn published_hotline_scores_come_out_as_printed() {
    // 办结率 0.2, 满意率 0.3, 按时反馈率 and 有效回访率 0.5 together; printed with one or two digits.
    let printed = [
        (["98.06", "99.0", "100", "100"], "99.3"),
        (["98.44", "98.37", "100", "100"], "99.2"),
        (["97.95", "98.44", "100", "99.96"], "99.1"),
        (["96.21", "94.01", "100", "100"], "97.4"),
        (["100", "100", "100", "100"], "100.00"),
        (["99.25", "97.02", "100", "100"], "99.00"),
    ];
    let leaf = |code: &str, parent, weight: i64, rule: Option<Rule>| Node {
        code: code.to_owned(),
        parent,
        weights: vec![Some(weight.into())],
        criterion: rule.map(|rule| criterion(rule, Missing::Block)),
    };
    let linear = || {
        Some(Rule::Linear {
            from: Decimal::ZERO,
            to: Decimal::ONE_HUNDRED,
        })
    };
    let framework = Framework {
        total: Decimal::ONE_HUNDRED,
        decimals: 2,
        tracks: vec!["districts".to_owned()],
        nodes: vec![
            leaf("completion", None, 20, linear()),
            leaf("satisfaction", None, 30, linear()),
            leaf("answering", None, 50, None),
            leaf("on_time", Some(2), 25, linear()),
            leaf("callback", Some(2), 25, linear()),
        ],
        grades: Vec::new(),
    };
    assert_eq!(check::check(&framework, |_| None), vec![]);
    for (values, score) in printed {
        let cell = |text: Option<&str>| Cell {
            value: text.map(|text| text.parse().unwrap()),
            ..Cell::default()
        };
        let [completion, satisfaction, on_time, callback] = values.map(Some);
        let cells = [completion, satisfaction, None, on_time, callback].map(cell).to_vec();
        let found = only(&framework, cells);
        let wanted: Decimal = score.parse().unwrap();
        // Printed digits beyond what was computed say nothing: one digit is what the source rounds to.
        assert_eq!(
            found[0]
                .total
                .unwrap()
                .round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero),
            wanted.round_dp(1)
        );
        assert!(
            found[0]
                .nodes
                .iter()
                .all(|node| node.outcome.is_none_or(|outcome| outcome == Outcome::Scored))
        );
    }
}

#[test]
fn thirds_of_a_point_are_whole_again_before_they_are_rounded() {
    let leaf = |weight: i64, rule: Rule| Node {
        code: weight.to_string(),
        parent: None,
        weights: vec![Some(Decimal::from(weight))],
        criterion: Some(criterion(rule, Missing::Zero)),
    };
    let third = || Rule::Linear {
        from: Decimal::ZERO,
        to: Decimal::from(3),
    };
    // Three thirds of a point, and 11.345 of 12 points: 12.345, which is half a hundredth.
    let rest = Rule::Linear {
        from: Decimal::ZERO,
        to: Decimal::from(12),
    };
    let framework = Framework {
        total: Decimal::from(15),
        decimals: 2,
        tracks: vec!["all".to_owned()],
        nodes: vec![leaf(1, third()), leaf(1, third()), leaf(1, third()), leaf(12, rest)],
        grades: Vec::new(),
    };
    let cell = |value: Decimal| Cell {
        value: Some(value),
        ..Cell::default()
    };
    let one = || cell(Decimal::ONE);
    let cells = vec![one(), one(), one(), cell(Decimal::new(11_345, 3))];
    let found = only(&framework, cells);
    assert_eq!(found[0].published, Some(Decimal::new(1235, 2)), "{:?}", found[0].total);
}
