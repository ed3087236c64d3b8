//! The rules that all nouns share: codes, closed lists, references, months.

use std::collections::HashMap;

use toml::Spanned;

use crate::intake::catalog::entry::Placed;
use crate::intake::problem::{Problem, suggest};

/// Well-formed codes, each once.
pub(super) fn unique<T>(
    entries: &[Placed<T>],
    what: &str,
    code: fn(&T) -> &Spanned<String>,
    problems: &mut Vec<Problem>,
) {
    let mut seen: HashMap<&str, &Placed<T>> = HashMap::new();
    for placed in entries {
        let code = code(&placed.entry);
        if !is_code(code.get_ref()) {
            let hint = "begin with a letter and use a-z, 0-9, _ and -, at most 80 characters";
            problems.push(placed.problem(code.span(), "code", format!("`{}` is not a code", code.get_ref()), hint));
        }
        if let Some(first) = seen.insert(code.get_ref(), placed) {
            let message = format!("{what} `{}` is defined twice", code.get_ref());
            problems.push(placed.problem(
                code.span(),
                "code",
                message,
                format!("the other stands in {}; remove one of them", first.file.name),
            ));
        }
    }
}

fn is_code(text: &str) -> bool {
    text.len() <= 80
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}

/// A name out of a closed list.
pub(super) fn one_of<T, E: std::str::FromStr + strum::IntoEnumIterator + std::fmt::Display>(
    placed: &Placed<T>,
    key: &str,
    text: &Spanned<String>,
    problems: &mut Vec<Problem>,
) -> Option<E> {
    let parsed = text.get_ref().parse().ok();
    if parsed.is_none() {
        let names: Vec<String> = E::iter().map(|name| name.to_string()).collect();
        problems.push(placed.problem(
            text.span(),
            key,
            format!("`{}` is not a {key}", text.get_ref()),
            format!("write one of {}", names.join(", ")),
        ));
    }
    parsed
}

/// A code that must be defined.
pub(super) fn known<'a, T, R>(
    placed: &Placed<T>,
    key: &str,
    code: &Spanned<String>,
    defined: &HashMap<&str, &'a R>,
    problems: &mut Vec<Problem>,
) -> Option<&'a R> {
    let found = defined.get(code.get_ref().as_str()).copied();
    if found.is_none() {
        let hint = suggest(code.get_ref(), defined.keys().copied(), "define it or correct the code");
        problems.push(placed.problem(code.span(), key, format!("there is no `{}`", code.get_ref()), hint));
    }
    found
}

/// A month of validity.
pub(super) fn month<T>(
    placed: &Placed<T>,
    key: &str,
    text: Option<&Spanned<String>>,
    problems: &mut Vec<Problem>,
) -> Option<i32> {
    let text = text?;
    match text.get_ref().parse::<analytics::period::Period>() {
        Ok(period) if period.months() == 1 => Some(period.start_month()),
        _ => {
            problems.push(placed.problem(
                text.span(),
                key,
                format!("`{}` is not a month", text.get_ref()),
                "write it as 2021-09",
            ));
            None
        }
    }
}
