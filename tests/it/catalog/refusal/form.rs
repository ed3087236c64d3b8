//! What is not TOML, or not an entry.

use super::case::{Case, case, more, told};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("syntax", "themes.toml", "code = \"disputes\"", "code = \"disputes"),
        more("unknown entry", "themes.toml", "\n[[themes]]\ncode = \"more\"\n"),
        case("unknown key", "themes.toml", "order = 1", "order = 1\nordr = 2"),
        case(
            "unknown key inside",
            "units.toml",
            "{ zh = \"人\", en = \"people\" }",
            "{ zh = \"人\", en = \"people\", fr = \"gens\" }",
        ),
        case("missing key", "themes.toml", "order = 1\n", ""),
        case(
            "missing text",
            "organisations.toml",
            "{ zh = \"区\", en = \"District\" }",
            "{ zh = \"区\" }",
        ),
        case(
            "a number in place of a text",
            "units.toml",
            "scale = \"10000\"",
            "scale = 10000",
        ),
        case(
            "a text in place of a number",
            "themes.toml",
            "order = 1",
            "order = \"1\"",
        ),
        case("the same key twice", "themes.toml", "order = 1", "order = 1\norder = 2"),
    ]
}

#[test]
fn what_is_no_entry_is_told_with_its_line() {
    insta::assert_snapshot!(told(&cases()), @r#"
    syntax: themes.toml:2: invalid basic string, expected `"` — see catalog/README.md for the keys of each entry
    unknown entry: themes.toml:6: unknown field `themes`, expected one of `unit`, `theme`, `org`, `succession`, `breakdown`, `indicator`, `framework` — see catalog/README.md for the keys of each entry
    unknown key: themes.toml:4: unknown field `ordr`, expected one of `code`, `order`, `name` — see catalog/README.md for the keys of each entry
    unknown key inside: units.toml:13: unknown field `fr`, expected `zh` or `en` — see catalog/README.md for the keys of each entry
    missing key: themes.toml:1: missing field `order` — see catalog/README.md for the keys of each entry
    missing text: organisations.toml:9: missing field `en` — see catalog/README.md for the keys of each entry
    a number in place of a text: units.toml:25: invalid type: integer `10000`, expected a string — see catalog/README.md for the keys of each entry
    a text in place of a number: themes.toml:3: invalid type: string "1", expected i32 — see catalog/README.md for the keys of each entry
    the same key twice: themes.toml:4: duplicate key — see catalog/README.md for the keys of each entry
    "#);
}
