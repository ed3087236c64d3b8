//! Texts that a spreadsheet would take for formulas are neutralised in CSV, and come back as they were.
//!
//! A text that begins with `= + - @`, a tab or a carriage return, and is no plain number, gets an apostrophe in front; so does one that begins with
//! apostrophes before such a sign, so that taking one apostrophe away always gives the text again.

use std::borrow::Cow;

/// The text as it is written into a CSV.
#[must_use]
pub fn neutralised(text: &str) -> Cow<'_, str> {
    if is_dangerous(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that [`neutralised`] was given.
#[must_use]
pub fn restored(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest) => rest,
        _ => text,
    }
}

fn is_dangerous(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    bare.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(bare)
}

/// A number is no formula, with or without a sign.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.starts_with(|sign: char| sign.is_ascii_digit() || sign == '.') && digits.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_neutralised_and_numbers_are_not() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("—", "—"),
            ("-", "'-"),
            ("-5", "-5"),
            ("+12.5", "+12.5"),
            ("-inf", "'-inf"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("'tis", "'tis"),
            ("'-5", "'-5"),
            ("", ""),
        ] {
            assert_eq!(neutralised(text), written);
            assert_eq!(restored(written), text, "{written}");
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "['=+\\-@\\t\\r1a.]{0,6}") {
            let written = neutralised(&text).into_owned();
            prop_assert_eq!(restored(&written), text.as_str());
            prop_assert!(!written.starts_with(['=', '@', '\t', '\r']));
        }
    }
}
