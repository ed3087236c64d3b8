//! Codes, units, themes, organisations and breakdowns.

use super::case::{Case, case, more, told};

const CITY_ABOVE: &str = "name = { zh = \"市\", en = \"City\" }";

pub(super) fn cases() -> Vec<Case> {
    [codes(), units(), orgs()].into_iter().flatten().collect()
}

fn codes() -> Vec<Case> {
    let theme = "\n[[theme]]\ncode = \"disputes\"\norder = 2\nname = { zh = \"又\", en = \"again\" }\n";
    let indicator = "\n[[indicator]]\ncode = \"received\"\nkind = \"COUNT\"\ntheme = \"disputes\"\nunit = \"case\"\nover_orgs = \"SUM\"\n\
        over_time = \"SUM\"\npolarity = \"NEUTRAL\"\ndecimals = 0\nname = { zh = \"又\", en = \"again\" }\n\
        [[indicator.version]]\ndefinition = { zh = \"又\", en = \"again\" }\n";
    vec![
        more("a theme twice", "themes.toml", theme),
        more("a theme twice in two files", "zz-themes.toml", theme.trim_start()),
        more("an indicator twice", "indicators.toml", indicator),
        case(
            "a code with a capital",
            "breakdowns.toml",
            "code = \"case_type\"",
            "code = \"Case_type\"",
        ),
        case(
            "an empty code",
            "breakdowns.toml",
            "code = \"case_type\"",
            "code = \"\"",
        ),
    ]
}

/// The items of a breakdown, whose codes stand in every file of figures.
pub(super) fn items() -> Vec<Case> {
    let item = "[[breakdown.item]]\ncode = \"civil\"\nname = { zh = \"又\", en = \"again\" }\n";
    vec![
        more("an item twice", "breakdowns.toml", item),
        case(
            "an item's code with a space",
            "breakdowns.toml",
            "code = \"criminal\"",
            "code = \"criminal law\"",
        ),
    ]
}

/// Sheets write words and codes alike: one text must not mean two units.
pub(super) fn ambiguous_word() -> Case {
    case(
        "a word that is another unit's code",
        "units.toml",
        "words = [\"万元\"]",
        "words = [\"万元\", \"yuan\"]",
    )
}

/// PostgreSQL cannot hold it.
pub(super) fn zero_byte() -> Case {
    case(
        "a text with a zero byte",
        "themes.toml",
        "en = \"disputes\"",
        "en = \"dis\\u0000putes\"",
    )
}

fn units() -> Vec<Case> {
    vec![
        case(
            "a scale that is no number",
            "units.toml",
            "scale = \"10000\"",
            "scale = \"ten thousand\"",
        ),
        case("a scale of zero", "units.toml", "scale = \"10000\"", "scale = \"0\""),
        case("a negative scale", "units.toml", "scale = \"10000\"", "scale = \"-1\""),
        case(
            "a word of two units",
            "units.toml",
            "words = [\"万元\"]",
            "words = [\"万元\", \"元\"]",
        ),
        case("a blank word", "units.toml", "words = [\"万元\"]", "words = [\" \"]"),
    ]
}

fn orgs() -> Vec<Case> {
    let circle = format!("{CITY_ABOVE}\nparent = \"street\"");
    let itself = format!("{CITY_ABOVE}\nparent = \"city\"");
    let both = "parent = \"city\"\nparents = [{ org = \"city\" }]";
    let overlap = "parents = [{ org = \"district\", to = \"2020-06\" }, { org = \"city\", from = \"2020-06\" }]";
    let backwards = "parents = [{ org = \"district\", from = \"2021-01\", to = \"2020-12\" }]";
    let later = "parents = [{ org = \"district\", from = \"2021-01\" }]";
    let mut cases = vec![
        case(
            "an unknown parent",
            "organisations.toml",
            "parent = \"district\"",
            "parent = \"distrct\"",
        ),
        case(
            "an unknown parent in time",
            "organisations.toml",
            "parent = \"district\"",
            "parents = [{ org = \"nobody\" }]",
        ),
        case("a circle of parents", "organisations.toml", CITY_ABOVE, &circle),
        case("its own parent", "organisations.toml", CITY_ABOVE, &itself),
        case("parent and parents", "organisations.toml", "parent = \"city\"", both),
        case(
            "two parents at a time",
            "organisations.toml",
            "parent = \"district\"",
            overlap,
        ),
        case(
            "a parent that ends before it begins",
            "organisations.toml",
            "parent = \"district\"",
            backwards,
        ),
        case(
            "an unknown level",
            "organisations.toml",
            "level = \"STREET\"",
            "level = \"Street\"",
        ),
        case(
            "a year in place of a month",
            "organisations.toml",
            "parent = \"district\"",
            "parent = \"district\"\nfrom = \"2004\"",
        ),
        case(
            "an end before the beginning",
            "organisations.toml",
            "parent = \"district\"",
            "parent = \"district\"\nfrom = \"2004-02\"\nto = \"2004-01\"",
        ),
    ];
    let mut in_time = case(
        "a circle in later years",
        "organisations.toml",
        "parent = \"district\"",
        later,
    );
    in_time.files = in_time.files.replace(
        "organisations.toml",
        CITY_ABOVE,
        &format!("{CITY_ABOVE}\nparents = [{{ org = \"street\", from = \"2022-01\" }}]"),
    );
    cases.push(in_time);
    cases
}

#[test]
fn codes_are_well_formed_and_stand_once() {
    insta::assert_snapshot!(told(&codes()), @r#"
    a theme twice: themes.toml:7 [code]: theme `disputes` is defined twice — the other stands in themes.toml; remove one of them
    a theme twice in two files: zz-themes.toml:2 [code]: theme `disputes` is defined twice — the other stands in themes.toml; remove one of them
    an indicator twice: indicators.toml:76 [code]: indicator `received` is defined twice — the other stands in indicators.toml; remove one of them
    a code with a capital: breakdowns.toml:2 [code]: `Case_type` is not a code — begin with a letter and use a-z, 0-9, _ and -, at most 80 characters
    an empty code: breakdowns.toml:2 [code]: `` is not a code — begin with a letter and use a-z, 0-9, _ and -, at most 80 characters
    "#);
}

#[test]
fn units_have_scales_and_words_of_their_own() {
    insta::assert_snapshot!(told(&units()), @r#"
    a scale that is no number: units.toml:25 [scale]: `ten thousand` is not a scale — write a positive decimal number in quotes, as "10000"
    a scale of zero: units.toml:25 [scale]: `0` is not a scale — write a positive decimal number in quotes, as "10000"
    a negative scale: units.toml:25 [scale]: `-1` is not a scale — write a positive decimal number in quotes, as "10000"
    a word of two units: units.toml:26 [words]: the word `元` already belongs to unit `yuan` — a word belongs to one unit; take it out of the other
    a blank word: units.toml:26 [words]: ` ` cannot be a unit's word — use a word without |
    "#);
}

#[test]
fn organisations_form_a_tree_at_any_time() {
    insta::assert_snapshot!(told(&orgs()), @r#"
    an unknown parent: organisations.toml:16 [parent]: there is no `distrct` — did you mean `district`? define it or correct the code
    an unknown parent in time: organisations.toml:16 [parents]: there is no `nobody` — define it or correct the code
    a circle of parents: organisations.toml:5 [parent]: the parents form a circle: city → street → district → city — give one of them a parent outside the circle, or none
    a circle of parents: organisations.toml:11 [parent]: the parents form a circle: district → city → street → district — give one of them a parent outside the circle, or none
    a circle of parents: organisations.toml:17 [parent]: the parents form a circle: street → district → city → street — give one of them a parent outside the circle, or none
    its own parent: organisations.toml:5 [parent]: the parents form a circle: city → city — give one of them a parent outside the circle, or none
    parent and parents: organisations.toml:10 [parent]: `parent` and `parents` are both given — keep one of them
    parent and parents: organisations.toml:11 [parents]: `district` has two parents at the same time — let one end in the month before the next begins
    two parents at a time: organisations.toml:16 [parents]: `street` has two parents at the same time — let one end in the month before the next begins
    a parent that ends before it begins: organisations.toml:16 [parents]: the parent ends before it begins — write the first month as `from`, the last as `to`
    an unknown level: organisations.toml:14 [level]: `Street` is not a level — write one of PROVINCE, CITY, DISTRICT, STREET, COMMUNITY, DEPARTMENT
    a year in place of a month: organisations.toml:17 [from]: `2004` is not a month — write it as 2021-09
    an end before the beginning: organisations.toml:18 [to]: it ends before it begins — write the first month as `from`, the last as `to`
    a circle in later years: organisations.toml:5 [parent]: the parents form a circle: city → street → district → city — give one of them a parent outside the circle, or none
    a circle in later years: organisations.toml:11 [parent]: the parents form a circle: district → city → street → district — give one of them a parent outside the circle, or none
    a circle in later years: organisations.toml:17 [parent]: the parents form a circle: street → district → city → street — give one of them a parent outside the circle, or none
    "#);
}
