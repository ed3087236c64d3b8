//! Successions: a kind that fits the numbers, organisations that end and begin in time, each in one succession a side.

use std::collections::{HashMap, HashSet};

use analytics::period::Period;
use strum::{Display, EnumIter, EnumString};
use toml::Spanned;

use super::rule::{known, month, one_of};
use crate::intake::catalog::entry::{Catalog, Org, Placed, Succession};
use crate::intake::problem::Problem;

/// How organisations follow others.
#[derive(Clone, Copy, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    Split,
    Merge,
    Rename,
}

pub(super) fn check(catalog: &Catalog, problems: &mut Vec<Problem>) {
    let defined: HashMap<&str, &Org> = catalog
        .orgs
        .iter()
        .map(|placed| (placed.entry.code.get_ref().as_str(), &placed.entry))
        .collect();
    let (mut ended, mut begun) = (HashSet::new(), HashSet::new());
    for placed in &catalog.successions {
        let entry = &placed.entry;
        if let Some(kind) = one_of::<_, Kind>(placed, "kind", &entry.kind, problems) {
            numbers(placed, kind, problems);
        }
        let first = month(placed, "month", Some(&entry.month), problems);
        for code in &entry.from {
            let org = known(placed, "from", code, &defined, problems);
            if let Some((org, first)) = org.zip(first) {
                let last = first - 1;
                stands(placed, "from", code, ("ends", "to", org.to.as_ref(), last), problems);
            }
            once(placed, "from", code, &mut ended, problems);
        }
        for code in &entry.to {
            let org = known(placed, "to", code, &defined, problems);
            if let Some((org, first)) = org.zip(first) {
                stands(
                    placed,
                    "to",
                    code,
                    ("begins", "from", org.from.as_ref(), first),
                    problems,
                );
            }
            once(placed, "to", code, &mut begun, problems);
        }
        circle(placed, catalog, problems);
    }
}

/// One to several, several to one, one to one.
fn numbers(placed: &Placed<Succession>, kind: Kind, problems: &mut Vec<Problem>) {
    let entry = &placed.entry;
    let (from, to) = (entry.from.len(), entry.to.len());
    let (fits, words) = match kind {
        Kind::Split => (from == 1 && to > 1, "from one to several"),
        Kind::Merge => (from > 1 && to == 1, "from several to one"),
        Kind::Rename => (from == 1 && to == 1, "from one to one"),
    };
    if !fits {
        problems.push(placed.problem(
            entry.kind.span(),
            "kind",
            format!("a {kind} goes {words}, this one from {from} to {to}"),
            "one to several is a SPLIT, several to one a MERGE, one to one a RENAME",
        ));
    }
}

/// The organisation ends or begins in the month that the succession says.
fn stands(
    placed: &Placed<Succession>,
    key: &str,
    code: &Spanned<String>,
    (does, bound, written, expected): (&str, &str, Option<&Spanned<String>>, i32),
    problems: &mut Vec<Problem>,
) {
    let found = written.and_then(|text| text.get_ref().parse::<Period>().ok());
    if found.is_some_and(|found| found.months() == 1 && found.start_month() == expected) {
        return;
    }
    let expected = Period::from_months(expected, expected).map_or_else(String::new, |month| month.to_string());
    let found = written.map_or_else(
        || "in no month".to_owned(),
        |written| format!("in {}", written.get_ref()),
    );
    problems.push(placed.problem(
        code.span(),
        key,
        format!("`{}` {does} {found}, the succession says {expected}", code.get_ref()),
        format!("write {bound} = \"{expected}\" at its [[org]], or correct the month"),
    ));
}

/// An organisation ends once and begins once.
fn once<'a>(
    placed: &Placed<Succession>,
    key: &str,
    code: &'a Spanned<String>,
    seen: &mut HashSet<&'a str>,
    problems: &mut Vec<Problem>,
) {
    if !seen.insert(code.get_ref()) {
        problems.push(placed.problem(
            code.span(),
            key,
            format!("`{}` stands in `{key}` twice", code.get_ref()),
            "an organisation ends in one succession and begins in one; remove it here or there",
        ));
    }
}

/// Whether an organisation follows itself.
fn circle(placed: &Placed<Succession>, catalog: &Catalog, problems: &mut Vec<Problem>) {
    let names = |codes: &[Spanned<String>], code: &str| codes.iter().any(|name| name.get_ref() == code);
    let mut open: Vec<&Spanned<String>> = placed.entry.to.iter().collect();
    let mut seen = HashSet::new();
    while let Some(code) = open.pop() {
        if names(&placed.entry.from, code.get_ref()) {
            return problems.push(placed.problem(
                placed.entry.kind.span(),
                "from",
                format!("`{}` follows itself", code.get_ref()),
                "give the later organisation a code of its own",
            ));
        }
        if seen.insert(code.get_ref()) {
            let later = catalog
                .successions
                .iter()
                .filter(|later| names(&later.entry.from, code.get_ref()));
            open.extend(later.flat_map(|later| &later.entry.to));
        }
    }
}
