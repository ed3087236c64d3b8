//! Formulas that cannot be computed, or would mean nothing.

use super::case::{Case, case, told};

const OLD: &str = "formula = \"received - resolved\"";

pub(super) fn cases() -> Vec<Case> {
    let formula = |name, text: &str| case(name, "indicators.toml", OLD, &format!("formula = \"{text}\""));
    vec![
        formula("a formula that ends early", "received -"),
        formula("a bracket that stays open", "(received - resolved"),
        formula("an operation that is unknown", "received ^ 2"),
        formula("an unknown indicator", "received - solved"),
        formula("numbers only", "1 + 1"),
        formula("an empty formula", ""),
        formula("cases and money", "received + budget"),
        formula("a share where cases are due", "resolved / received"),
        formula("cases squared", "received * resolved"),
        formula("itself", "received - open"),
        case(
            "a formula of a count",
            "indicators.toml",
            "numerator = \"resolved\"",
            "numerator = \"resolved\"\nformula = \"resolved\"",
        ),
        case(
            "no formula",
            "indicators.toml",
            "formula = \"received - resolved\"\n",
            "",
        ),
    ]
}

/// A ratio of a formula that holds the ratio.
pub(super) fn circle() -> Case {
    let mut circle = case(
        "a circle of two",
        "indicators.toml",
        OLD,
        "formula = \"received * rate\"",
    );
    circle.files = circle
        .files
        .replace("indicators.toml", "numerator = \"resolved\"", "numerator = \"open\"");
    circle
}

#[test]
fn formulas_are_computable_and_mean_something() {
    insta::assert_snapshot!(told(&cases()), @r#"
    a formula that ends early: indicators.toml:53 [formula]: `received -` is not a formula (the last element cannot be an operator); use + - * / ( ), numbers and indicator codes — see catalog/README.md
    a bracket that stays open: indicators.toml:53 [formula]: `(received - resolved` is not a formula (parentheses mismatch); use + - * / ( ), numbers and indicator codes — see catalog/README.md
    an operation that is unknown: indicators.toml:53 [formula]: `received ^ 2` is not a formula (don't know how to parse ^ 2); use + - * / ( ), numbers and indicator codes — see catalog/README.md
    an unknown indicator: indicators.toml:53 [formula]: there is no `solved` — did you mean `resolved`? define it or correct the code
    numbers only: indicators.toml:53 [formula]: `1 + 1` names no indicator — see catalog/README.md
    an empty formula: indicators.toml:53 [formula]: `` is not a formula (cannot parse empty string); use + - * / ( ), numbers and indicator codes — see catalog/README.md
    cases and money: indicators.toml:53 [formula]: `received + budget` adds or subtracts case and money; only values of one quantity add up — see catalog/README.md
    a share where cases are due: indicators.toml:53 [formula]: the formula gives a pure number, the unit `case` does not — correct the formula or the unit
    cases squared: indicators.toml:53 [formula]: `received * resolved` multiplies or divides case and case; the result has no unit here — see catalog/README.md
    itself: indicators.toml:45 [code]: `open` is computed from itself — take it out of its own parts and formulas
    a formula of a count: indicators.toml:39 [formula]: a RATIO has no formula — remove it or make the kind DERIVED
    no formula: indicators.toml:45 [formula]: a DERIVED indicator has no formula — write one over indicator codes
    "#);
}

#[test]
fn circles_through_formulas_and_ratios_are_found() {
    insta::assert_snapshot!(told(&[circle()]), @r#"
    a circle of two: indicators.toml:38 [numerator]: `open` is DERIVED and has no figures of its own — name an indicator that is reported, or write the ratio as a formula of a DERIVED
    a circle of two: indicators.toml:28 [code]: `rate` is computed from itself — take it out of its own parts and formulas
    a circle of two: indicators.toml:45 [code]: `open` is computed from itself — take it out of its own parts and formulas
    "#);
}
