//! Successions of organisations.

use tests::fixture::CatalogFiles;

use super::case::{Case, told};

/// Two streets that end and two that begin, all under the district.
const STREETS: &str = r#"
[[org]]
code = "one"
level = "STREET"
name = { zh = "一", en = "One" }
parent = "district"
to = "2021-06"

[[org]]
code = "two"
level = "STREET"
name = { zh = "二", en = "Two" }
parent = "district"
to = "2021-06"

[[org]]
code = "three"
level = "STREET"
name = { zh = "三", en = "Three" }
parent = "district"
from = "2021-07"

[[org]]
code = "four"
level = "STREET"
name = { zh = "四", en = "Four" }
parent = "district"
from = "2021-07"
"#;

pub(in super::super) fn streets() -> CatalogFiles {
    CatalogFiles::small().append("organisations.toml", STREETS)
}

pub(in super::super) fn succession(kind: &str, from: &[&str], to: &[&str], month: &str) -> String {
    format!("\n[[succession]]\nkind = \"{kind}\"\nfrom = {from:?}\nto = {to:?}\nmonth = \"{month}\"\n")
}

fn with(name: &'static str, text: &str) -> Case {
    Case {
        name,
        files: streets().append("successions.toml", text.trim_start()),
    }
}

pub(super) fn cases() -> Vec<Case> {
    let twice =
        succession("RENAME", &["one"], &["three"], "2021-07") + &succession("RENAME", &["one"], &["four"], "2021-07");
    let begun_twice =
        succession("RENAME", &["one"], &["three"], "2021-07") + &succession("RENAME", &["two"], &["three"], "2021-07");
    let circle =
        succession("RENAME", &["one"], &["three"], "2021-07") + &succession("RENAME", &["three"], &["one"], "2021-07");
    vec![
        with(
            "an unknown kind",
            &succession("UNION", &["one", "two"], &["three"], "2021-07"),
        ),
        with(
            "an unknown organisation",
            &succession("RENAME", &["on"], &["three"], "2021-07"),
        ),
        with("a merger of one", &succession("MERGE", &["one"], &["three"], "2021-07")),
        with(
            "a split into one",
            &succession("SPLIT", &["one"], &["three"], "2021-07"),
        ),
        with(
            "another name for two",
            &succession("RENAME", &["one", "two"], &["three"], "2021-07"),
        ),
        with("nobody before", &succession("RENAME", &[], &["three"], "2021-07")),
        with(
            "a year in place of the month of a succession",
            &succession("RENAME", &["one"], &["three"], "2021"),
        ),
        with(
            "a month too late",
            &succession("RENAME", &["one"], &["three"], "2021-08"),
        ),
        with(
            "one that does not end",
            &succession("RENAME", &["street"], &["three"], "2021-07"),
        ),
        with(
            "one that does not begin",
            &succession("RENAME", &["one"], &["street"], "2021-07"),
        ),
        with("one that ends twice", &twice),
        with("one that begins twice", &begun_twice),
        with("one that follows itself", &circle),
        with(
            "one that is its own successor",
            &succession("RENAME", &["one"], &["one"], "2021-07"),
        ),
        with(
            "a key that is none",
            "[[succession]]\nkind = \"RENAME\"\nfrom = [\"one\"]\nto = [\"three\"]\nat = \"2021-07\"\n",
        ),
    ]
}

#[test]
fn organisations_follow_others_once_and_in_time() {
    insta::assert_snapshot!(told(&cases()), @r#"
    an unknown kind: successions.toml:2 [kind]: `UNION` is not a kind — write one of SPLIT, MERGE, RENAME
    an unknown organisation: successions.toml:3 [from]: there is no `on` — did you mean `one`? define it or correct the code
    a merger of one: successions.toml:2 [kind]: a MERGE goes from several to one, this one from 1 to 1 — one to several is a SPLIT, several to one a MERGE, one to one a RENAME
    a split into one: successions.toml:2 [kind]: a SPLIT goes from one to several, this one from 1 to 1 — one to several is a SPLIT, several to one a MERGE, one to one a RENAME
    another name for two: successions.toml:2 [kind]: a RENAME goes from one to one, this one from 2 to 1 — one to several is a SPLIT, several to one a MERGE, one to one a RENAME
    nobody before: successions.toml:2 [kind]: a RENAME goes from one to one, this one from 0 to 1 — one to several is a SPLIT, several to one a MERGE, one to one a RENAME
    a year in place of the month of a succession: successions.toml:5 [month]: `2021` is not a month — write it as 2021-09
    a month too late: successions.toml:3 [from]: `one` ends in 2021-06, the succession says 2021-07 — write to = "2021-07" at its [[org]], or correct the month
    a month too late: successions.toml:4 [to]: `three` begins in 2021-07, the succession says 2021-08 — write from = "2021-08" at its [[org]], or correct the month
    one that does not end: successions.toml:3 [from]: `street` ends in no month, the succession says 2021-06 — write to = "2021-06" at its [[org]], or correct the month
    one that does not begin: successions.toml:4 [to]: `street` begins in no month, the succession says 2021-07 — write from = "2021-07" at its [[org]], or correct the month
    one that ends twice: successions.toml:9 [from]: `one` stands in `from` twice — an organisation ends in one succession and begins in one; remove it here or there
    one that begins twice: successions.toml:10 [to]: `three` stands in `to` twice — an organisation ends in one succession and begins in one; remove it here or there
    one that follows itself: successions.toml:2 [from]: `one` follows itself — give the later organisation a code of its own
    one that follows itself: successions.toml:9 [from]: `three` ends in no month, the succession says 2021-06 — write to = "2021-06" at its [[org]], or correct the month
    one that follows itself: successions.toml:10 [to]: `one` begins in no month, the succession says 2021-07 — write from = "2021-07" at its [[org]], or correct the month
    one that follows itself: successions.toml:8 [from]: `three` follows itself — give the later organisation a code of its own
    one that is its own successor: successions.toml:4 [to]: `one` begins in no month, the succession says 2021-07 — write from = "2021-07" at its [[org]], or correct the month
    one that is its own successor: successions.toml:2 [from]: `one` follows itself — give the later organisation a code of its own
    a key that is none: successions.toml:5: unknown field `at`, expected one of `kind`, `from`, `to`, `month` — see catalog/README.md for the keys of each entry
    "#);
}
