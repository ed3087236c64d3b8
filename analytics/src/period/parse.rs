//! Reading a period's code; what is read is canonical, so that `2021-01/2021-12` is the year 2021.

use std::str::FromStr;

use thiserror::Error;

use super::{Period, YEAR};

/// Longest run of months that one figure may stand for: a hundred years.
const LONGEST: i32 = 1200;

/// Why a text is not a period.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PeriodError {
    /// Not one of the written forms.
    #[error(
        "`{text}` is not a period; write 2021 (year), 2021-S1 (half-year), 2021-Q3 (quarter), 2021-09 (month) or 2021-01/2021-09 (both months included)"
    )]
    Form {
        /// The text, cut after 40 characters.
        text: String,
    },
    /// The number after the year does not exist.
    #[error("`{text}`: there is no such {what}; it runs from 1 to {last}")]
    OutOfRange {
        /// The text.
        text: String,
        /// Half-year, quarter or month.
        what: &'static str,
        /// The last number that exists.
        last: i32,
    },
    /// The second month is before the first.
    #[error("`{text}` ends before it begins; write the earlier month first")]
    Reversed {
        /// The text.
        text: String,
    },
    /// More than a hundred years.
    #[error("`{text}` is longer than {LONGEST} months")]
    TooLong {
        /// The text.
        text: String,
    },
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (start, end) = match text.split_once('/') {
            None => bounds(text, text)?,
            Some((from, to)) => (month(from, text)?, month(to, text)?),
        };
        if end < start {
            return Err(PeriodError::Reversed { text: clip(text) });
        }
        if end - start >= LONGEST {
            return Err(PeriodError::TooLong { text: clip(text) });
        }
        Self::from_months(start, end).ok_or_else(|| form(text))
    }
}

/// First and last month of a code without a slash.
fn bounds(code: &str, whole: &str) -> Result<(i32, i32), PeriodError> {
    let Some((year, rest)) = code.split_once('-') else {
        let start = year(code, whole)? * YEAR;
        return Ok((start, start + YEAR - 1));
    };
    let year = self::year(year, whole)? * YEAR;
    let (digits, what, length, width) = match rest.as_bytes().first() {
        Some(b'S') => (&rest[1..], "half-year", 6, 1),
        Some(b'Q') => (&rest[1..], "quarter", 3, 1),
        _ => (rest, "month", 1, 2),
    };
    let index = number(digits, width).ok_or_else(|| form(whole))?;
    let last = YEAR / length;
    if !(1..=last).contains(&index) {
        return Err(PeriodError::OutOfRange {
            text: clip(whole),
            what,
            last,
        });
    }
    let start = year + (index - 1) * length;
    Ok((start, start + length - 1))
}

/// A month `YYYY-MM` of a span.
fn month(code: &str, whole: &str) -> Result<i32, PeriodError> {
    match bounds(code, whole)? {
        (start, end) if start == end => Ok(start),
        _ => Err(form(whole)),
    }
}

fn year(text: &str, whole: &str) -> Result<i32, PeriodError> {
    number(text, 4)
        .filter(|year| (Period::FIRST_YEAR..=Period::LAST_YEAR).contains(year))
        .ok_or_else(|| form(whole))
}

/// Exactly `width` ASCII digits; `i32::from_str` alone would take a sign.
fn number(text: &str, width: usize) -> Option<i32> {
    (text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn form(text: &str) -> PeriodError {
    PeriodError::Form { text: clip(text) }
}

/// An error repeats what was written, but not megabytes of it.
fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_that_is_a_year_or_a_quarter_is_read_as_such() {
        for (text, code) in [
            ("2021-01/2021-12", "2021"),
            ("2021-01/2021-03", "2021-Q1"),
            ("2021-07/2021-12", "2021-S2"),
            ("2021-05/2021-05", "2021-05"),
            ("2021-02/2021-04", "2021-02/2021-04"),
            ("2018-07/2019-06", "2018-07/2019-06"),
        ] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), code);
        }
    }

    #[test]
    fn what_is_not_a_period_is_refused_with_its_reason() {
        for text in [
            "",
            "21",
            "20204",
            "2021-9",
            "2021-Q",
            "2021Q1",
            "+021",
            "2021-",
            "2021/2022",
            "2021-Q1/2021-Q2",
            "２０２１",
            "2021-é1",
            "0000",
        ] {
            assert!(
                matches!(text.parse::<Period>(), Err(PeriodError::Form { .. })),
                "{text}"
            );
        }
        for text in ["2021-13", "2021-00", "2021-Q5", "2021-S3", "2021-01/2021-13"] {
            assert!(
                matches!(text.parse::<Period>(), Err(PeriodError::OutOfRange { .. })),
                "{text}"
            );
        }
        assert!(matches!(
            "2021-09/2021-01".parse::<Period>(),
            Err(PeriodError::Reversed { .. })
        ));
        assert!(matches!(
            "1000-01/9999-01".parse::<Period>(),
            Err(PeriodError::TooLong { .. })
        ));
    }
}
