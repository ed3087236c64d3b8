//! Indicators: their kind, unit, parts, range and definitions.

use super::case::{Case, case, told};

const FILE: &str = "indicators.toml";

pub(super) fn cases() -> Vec<Case> {
    [kinds(), units(), parts(), definitions()]
        .into_iter()
        .flatten()
        .collect()
}

fn kinds() -> Vec<Case> {
    let resolved = "code = \"resolved\"\nkind = \"COUNT\"\ntheme = \"disputes\"\nunit = \"case\"\nover_orgs = \"SUM\"\nover_time = \"SUM\"";
    let with = |old: &str, new: &str| resolved.replace(old, new);
    vec![
        case("an unknown kind", FILE, resolved, &with("COUNT", "NUMBER")),
        case("an unknown theme", FILE, resolved, &with("disputes", "dispute")),
        case(
            "an unknown rule over organisations",
            FILE,
            resolved,
            &with("over_orgs = \"SUM\"", "over_orgs = \"ADD\""),
        ),
        case(
            "an unknown rule over time",
            FILE,
            resolved,
            &with("over_time = \"SUM\"", "over_time = \"FIRST\""),
        ),
        case(
            "an unknown polarity",
            FILE,
            "polarity = \"LOWER_BETTER\"",
            "polarity = \"LOW\"",
        ),
        case(
            "an unknown total",
            FILE,
            "formula = \"received - resolved\"",
            "formula = \"received - resolved\"\ntotal = \"BOTH\"",
        ),
        case(
            "a rule that does not fit a ratio",
            FILE,
            "over_orgs = \"RATIO_OF_SUMS\"",
            "over_orgs = \"SUM\"",
        ),
        case(
            "a rule that fits only a ratio",
            FILE,
            resolved,
            &with("over_orgs = \"SUM\"", "over_orgs = \"RATIO_OF_SUMS\""),
        ),
        case(
            "a mean of a formula",
            FILE,
            "over_orgs = \"SUM\"\nover_time = \"SUM\"\npolarity = \"LOWER_BETTER\"",
            "over_orgs = \"MEAN\"\nover_time = \"SUM\"\npolarity = \"LOWER_BETTER\"",
        ),
        case("too many decimals", FILE, "decimals = 2", "decimals = 7"),
    ]
}

fn units() -> Vec<Case> {
    vec![
        case("an unknown unit", FILE, "unit = \"yuan\"", "unit = \"dollar\""),
        case("a share kept in cases", FILE, "unit = \"percent\"", "unit = \"case\""),
        case(
            "money kept in a larger unit",
            FILE,
            "unit = \"yuan\"",
            "unit = \"wan_yuan\"",
        ),
        case(
            "money read in people",
            FILE,
            "display_unit = \"wan_yuan\"",
            "display_unit = \"person\"",
        ),
        case("a range that is no number", FILE, "max = \"100\"", "max = \"all\""),
        case(
            "a range that ends before it begins",
            FILE,
            "max = \"100\"",
            "max = \"-1\"",
        ),
    ]
}

fn parts() -> Vec<Case> {
    let resolved = "code = \"resolved\"\nkind = \"COUNT\"\ntheme = \"disputes\"\nunit = \"case\"";
    let people = resolved.replace("unit = \"case\"", "unit = \"person\"");
    let mut unlike = case("parts of two quantities", FILE, resolved, &people);
    unlike.files = unlike
        .files
        .replace(FILE, "formula = \"received - resolved\"", "formula = \"received\"");
    vec![
        case(
            "an unknown numerator",
            FILE,
            "numerator = \"resolved\"",
            "numerator = \"resolvd\"",
        ),
        case("no denominator", FILE, "denominator = \"received\"\n", ""),
        case(
            "a count with a numerator",
            FILE,
            resolved,
            &format!("{resolved}\nnumerator = \"received\""),
        ),
        case(
            "a computed part",
            FILE,
            "numerator = \"resolved\"",
            "numerator = \"open\"",
        ),
        case(
            "a ratio of itself",
            FILE,
            "numerator = \"resolved\"",
            "numerator = \"rate\"",
        ),
        unlike,
    ]
}

fn definitions() -> Vec<Case> {
    let first = "[[indicator.version]]\ndefinition = { zh = \"全年经费\", en = \"money of the year\" }\n";
    vec![
        case(
            "no definition",
            FILE,
            "[[indicator.version]]\ndefinition = { zh = \"化解的比例\", en = \"share of cases resolved\" }\n",
            "",
        ),
        case(
            "a later definition without its first period",
            FILE,
            "from = \"2022\"\n",
            "",
        ),
        case(
            "a first period that is none",
            FILE,
            "from = \"2022\"",
            "from = \"next year\"",
        ),
        case(
            "definitions in the wrong order",
            FILE,
            first,
            &first.replace("]]\n", "]]\nfrom = \"2023\"\n"),
        ),
    ]
}

#[test]
fn kinds_and_rules_go_together() {
    insta::assert_snapshot!(told(&kinds()), @r#"
    an unknown kind: indicators.toml:16 [kind]: `NUMBER` is not a kind — write one of COUNT, AMOUNT, RATIO, DERIVED, SCORE, YES_NO
    an unknown theme: indicators.toml:17 [theme]: there is no `dispute` — did you mean `disputes`? define it or correct the code
    an unknown rule over organisations: indicators.toml:19 [over_orgs]: `ADD` is not a over_orgs — write one of SUM, RATIO_OF_SUMS, MEAN, MAX, NONE
    an unknown rule over time: indicators.toml:20 [over_time]: `FIRST` is not a over_time — write one of SUM, LAST, MEAN, NONE
    an unknown polarity: indicators.toml:51 [polarity]: `LOW` is not a polarity — write one of HIGHER_BETTER, LOWER_BETTER, NEUTRAL
    an unknown total: indicators.toml:54 [total]: `BOTH` is not a total — write one of REPORTED, SUMMED
    a rule that does not fit a ratio: indicators.toml:32 [over_orgs]: SUM does not fit a RATIO — a RATIO takes RATIO_OF_SUMS (or NONE), and no other kind does
    a rule that fits only a ratio: indicators.toml:19 [over_orgs]: RATIO_OF_SUMS does not fit a COUNT — a RATIO takes RATIO_OF_SUMS (or NONE), and no other kind does
    a mean of a formula: indicators.toml:49 [over_orgs]: MEAN does not fit a DERIVED — a formula is evaluated over what its inputs give together: write SUM, or NONE
    too many decimals: indicators.toml:67 [decimals]: the number of decimals is out of range — write 0 to 6
    "#);
}

#[test]
fn units_fit_the_kind_and_ranges_are_ranges() {
    insta::assert_snapshot!(told(&units()), @r#"
    an unknown unit: indicators.toml:62 [unit]: there is no `dollar` — define it or correct the code
    a share kept in cases: indicators.toml:31 [unit]: a RATIO cannot be kept in `case`, a unit of case — take a unit of the quantity `ratio`, as percent
    money kept in a larger unit: indicators.toml:62 [unit]: `wan_yuan` is not a base unit — keep it in the unit of scale 1 and name this one as display_unit
    money read in people: indicators.toml:63 [display_unit]: it is kept in money and cannot be read in person — take a unit of the same quantity
    a range that is no number: indicators.toml:37 [max]: `all` is not a number — write a decimal number in quotes
    a range that ends before it begins: indicators.toml:37 [max]: the range ends before it begins — write the smaller number as `min`
    "#);
}

#[test]
fn a_ratio_has_two_parts_of_one_quantity() {
    insta::assert_snapshot!(told(&parts()), @r#"
    an unknown numerator: indicators.toml:38 [numerator]: there is no `resolvd` — did you mean `resolved`? define it or correct the code
    no denominator: indicators.toml:28 [denominator]: the ratio has no denominator — name the indicator that counts it
    a count with a numerator: indicators.toml:19 [numerator]: a COUNT has no numerator — remove it or make the kind RATIO
    a computed part: indicators.toml:38 [numerator]: `open` is DERIVED and has no figures of its own — name an indicator that is reported, or write the ratio as a formula of a DERIVED
    a ratio of itself: indicators.toml:38 [numerator]: ratio over case is not a share — divide indicators of one quantity
    a ratio of itself: indicators.toml:28 [code]: `rate` is computed from itself — take it out of its own parts and formulas
    parts of two quantities: indicators.toml:38 [numerator]: person over case is not a share — divide indicators of one quantity
    "#);
}

#[test]
fn definitions_are_there_and_in_order() {
    insta::assert_snapshot!(told(&definitions()), @r#"
    no definition: indicators.toml:28 [version]: there is no definition — add [[indicator.version]] with a definition
    a later definition without its first period: indicators.toml:59 [version]: definition 2 has no `from` — write the first period it counts for, as "2025"
    a first period that is none: indicators.toml:72 [from]: `next year` is not a period; write 2021 (year), 2021-S1 (half-year), 2021-Q3 (quarter), 2021-09 (month) or 2021-01/2021-09 (both months included) — write the first period it counts for
    definitions in the wrong order: indicators.toml:73 [from]: it does not begin after the definition before it — list definitions from the oldest to the newest
    "#);
}
