//! Periods as sheets write them: `2021年1-9月`, `截至9月`, `2021年上半年`, dates of spreadsheets.

mod token;

use analytics::period::Period;

use self::token::{Token, tokens};
use super::plain::compact;

/// Why a text is not one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpanFault {
    /// Not a period at all.
    Form,
    /// A month, quarter or half-year without its year.
    NoYear,
    /// One of several; the choices.
    Ambiguous(Vec<String>),
}

/// The period that a text means; `year` is that of the sheet, for texts that leave it out.
///
/// # Errors
/// [`SpanFault`].
pub fn parse(text: &str, year: Option<i32>) -> Result<Period, SpanFault> {
    if let Ok(period) = text.parse() {
        return Ok(period);
    }
    let text = compact(text);
    if let Ok(period) = text.parse() {
        return Ok(period);
    }
    let tokens = tokens(&text).ok_or(SpanFault::Form)?;
    read(&tokens, year)
}

/// The period of a spreadsheet's date: the month whose first day it is.
///
/// # Errors
/// [`SpanFault::Ambiguous`] for any other day.
pub fn of_date(date: &str) -> Result<Period, SpanFault> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i32>().ok());
    let (Some(Some(year)), Some(Some(month)), Some(Some(day))) = (parts.next(), parts.next(), parts.next()) else {
        return Err(SpanFault::Form);
    };
    if day == 1 {
        months(year, month, month)
    } else {
        Err(choices(year, month))
    }
}

fn read(tokens: &[Token], year: Option<i32>) -> Result<Period, SpanFault> {
    use Token::{Dash, Day, FirstHalf, Leading, Month, Number, Point, Quarter, SecondHalf, To, Until, Whole, Year};
    match *tokens {
        [Number(written, 4), Year] => months(written, 1, 12),
        [Number(written, 4), Year, ref rest @ ..] => within(rest, written),
        [Number(written, 4), ref rest @ ..] if matches!(rest.first(), Some(Quarter | FirstHalf | SecondHalf)) => {
            within(rest, written)
        }
        // 2021.9, 2021/09, 2021-9
        [Number(written, 4), Point | Dash, Number(month, 1 | 2)] => months(written, month, month),
        [Number(digits, 6)] => months(digits / 100, digits % 100, digits % 100),
        // 2018.7-2019.6 and the like
        [
            Number(first, 4),
            Point,
            Number(from, 1 | 2),
            To | Dash,
            Number(last, 4),
            Point,
            Number(to, 1 | 2),
        ] => across(first, from, last, to),
        // 20204月: a year and a month that ran together, or two mistakes
        [Number(digits, 5 | 6), Month, ..] => {
            let (written, month) = if digits < 100_000 {
                (digits / 10, digits % 10)
            } else {
                (digits / 100, digits % 100)
            };
            Err(choices(written, month))
        }
        [Until, Number(written, 4), Year, ref rest @ ..] => until(rest, written),
        [Until, ref rest @ ..] => until(rest, year.ok_or(SpanFault::NoYear)?),
        [Number(month, 1 | 2), Month | To | Dash, ..] if (1..=12).contains(&month) => {
            within(tokens, year.ok_or(SpanFault::NoYear)?)
        }
        [Whole | FirstHalf | SecondHalf | Leading | Quarter, ..] | [Number(_, 1), Quarter] => {
            within(tokens, year.ok_or(SpanFault::NoYear)?)
        }
        // A date in full is one day, which no figure stands for.
        [
            Number(written, 4),
            Point | Dash,
            Number(month, 1 | 2),
            Point | Dash,
            Number(_, 1 | 2),
        ]
        | [Number(written, 4), Point | Dash, Number(month, 1 | 2), Day] => Err(choices(written, month)),
        _ => Err(SpanFault::Form),
    }
}

/// What stands behind a year.
fn within(tokens: &[Token], year: i32) -> Result<Period, SpanFault> {
    use Token::{Dash, Day, FirstHalf, Leading, Month, Number, Quarter, SecondHalf, To, Until, Whole, Year};
    match *tokens {
        [Number(month, _), Month] => months(year, month, month),
        [Number(from, _), Month, To | Dash, Number(to, _), Month]
        | [Number(from, _), To | Dash, Number(to, _), Month] => months(year, from, to),
        [
            Number(from, _),
            Month,
            To | Dash,
            Number(last, 4),
            Year,
            Number(to, _),
            Month,
        ] => across(year, from, last, to),
        [Whole] => months(year, 1, 12),
        [FirstHalf] => months(year, 1, 6),
        [SecondHalf] => months(year, 7, 12),
        [Number(quarter @ 1..=4, _), Quarter] | [Quarter, Number(quarter @ 1..=4, 1)] => {
            months(year, quarter * 3 - 2, quarter * 3)
        }
        [Leading, Number(quarters @ 1..=4, _), Quarter] => months(year, 1, quarters * 3),
        [Leading, Number(count, _), Month] => months(year, 1, count),
        [Until, ref rest @ ..] => until(rest, year),
        // 1月1日至9月30日
        [Number(from, _), Month, Number(1, _), Day, To | Dash, ref rest @ ..] => match *rest {
            [Number(month, _), Month, Number(day, _), Day] => through(year, from, year, (month, day)),
            [Number(last, 4), Year, Number(month, _), Month, Number(day, _), Day] => {
                through(year, from, last, (month, day))
            }
            _ => Err(SpanFault::Form),
        },
        [Number(month, _), Month, Number(_, _), Day] => Err(choices(year, month)),
        _ => Err(SpanFault::Form),
    }
}

/// What stands behind 截至: from January to a month, named or told by its last day.
fn until(tokens: &[Token], year: i32) -> Result<Period, SpanFault> {
    use Token::{Day, Month, Number};
    match *tokens {
        [Number(month, _), Month] => months(year, 1, month),
        [Number(month, _), Month, Number(day, _), Day] => through(year, 1, year, (month, day)),
        _ => Err(SpanFault::Form),
    }
}

/// From the first day of a month to a day: whole months, if it is the last of its own.
fn through(first: i32, from: i32, year: i32, (month, day): (i32, i32)) -> Result<Period, SpanFault> {
    let whole = across(first, from, year, month)?;
    let last = chrono::NaiveDate::from_ymd_opt(year, u32::try_from(month).unwrap_or(0), 1)
        .and_then(|first| first.checked_add_months(chrono::Months::new(1)))
        .and_then(|next| next.pred_opt())
        .map(|date| chrono::Datelike::day(&date));
    if last == u32::try_from(day).ok() {
        return Ok(whole);
    }
    let before = Period::from_months(whole.start_month(), whole.end_month() - 1);
    let both = [Some(whole), before.filter(|_| whole.start_month() < whole.end_month())];
    let choices = both.into_iter().flatten().map(|period| period.to_string());
    Err(SpanFault::Ambiguous(choices.collect()))
}

fn months(year: i32, from: i32, to: i32) -> Result<Period, SpanFault> {
    across(year, from, year, to)
}

fn across(first: i32, from: i32, last: i32, to: i32) -> Result<Period, SpanFault> {
    let text = format!("{first:04}-{from:02}/{last:04}-{to:02}");
    text.parse().map_err(|_| SpanFault::Form)
}

/// A day could stand for its month or for the year up to it.
fn choices(year: i32, month: i32) -> SpanFault {
    let both = [months(year, month, month), months(year, 1, month)];
    let choices: Vec<String> = both.into_iter().flatten().map(|period| period.to_string()).collect();
    if choices.is_empty() {
        SpanFault::Form
    } else {
        SpanFault::Ambiguous(choices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, year: Option<i32>) -> String {
        match parse(text, year) {
            Ok(period) => period.to_string(),
            Err(SpanFault::Ambiguous(choices)) => format!("? {}", choices.join(" ")),
            Err(fault) => format!("{fault:?}"),
        }
    }

    #[test]
    fn the_words_of_sheets_are_periods() {
        for (text, code) in [
            ("2021", "2021"),
            ("2021-01/2021-09", "2021-01/2021-09"),
            ("2021年", "2021"),
            ("2021年度", "2021"),
            ("2021年全年", "2021"),
            ("２０２１ 年", "2021"),
            ("2021年上半年", "2021-S1"),
            ("2021年第三季度", "2021-Q3"),
            ("2021年3季度", "2021-Q3"),
            ("2021Q3", "2021-Q3"),
            ("2021年前三季度", "2021-01/2021-09"),
            ("2021年9月", "2021-09"),
            ("2021年9月份", "2021-09"),
            ("2021.9", "2021-09"),
            ("2021/09", "2021-09"),
            ("202109", "2021-09"),
            ("2021年1-9月", "2021-01/2021-09"),
            ("2021年1月至9月", "2021-01/2021-09"),
            ("2021年1—9月累计", "2021-01/2021-09"),
            ("2018年7月-2019年6月", "2018-07/2019-06"),
            ("2018.7-2019.6", "2018-07/2019-06"),
            ("截至2021年9月", "2021-01/2021-09"),
            ("截至2021年9月底", "2021-01/2021-09"),
            ("2021年截至9月", "2021-01/2021-09"),
            ("截至2021年11月30日", "2021-01/2021-11"),
            ("截止到2021年9月底", "2021-01/2021-09"),
            ("2021年1月1日至9月30日", "2021-01/2021-09"),
            ("2021年1月1日至2021年12月31日", "2021"),
            ("2018年7月1日-2019年6月30日", "2018-07/2019-06"),
        ] {
            assert_eq!(told(text, None), code, "{text}");
        }
    }

    #[test]
    fn what_leaves_the_year_out_takes_that_of_the_sheet() {
        for (text, code) in [
            ("截至9月", "2021-01/2021-09"),
            ("1-9月", "2021-01/2021-09"),
            ("9月", "2021-09"),
            ("上半年", "2021-S1"),
            ("全年", "2021"),
            ("1月1日至9月30日", "2021-01/2021-09"),
            ("一季度", "2021-Q1"),
            ("前三季度", "2021-01/2021-09"),
            ("十二月", "2021-12"),
        ] {
            assert_eq!(told(text, Some(2021)), code, "{text}");
            assert_eq!(told(text, None), "NoYear", "{text}");
        }
    }

    #[test]
    fn what_could_be_two_periods_is_left_to_people() {
        assert_eq!(told("20204月", None), "? 2020-04 2020-01/2020-04");
        assert_eq!(told("2021年9月15日", None), "? 2021-09 2021-01/2021-09");
        assert_eq!(told("2021年1月1日至9月15日", None), "? 2021-01/2021-09 2021-01/2021-08");
        assert_eq!(told("截至2021年11月20日", None), "? 2021-01/2021-11 2021-01/2021-10");
        for text in ["", "年", "2021年13月", "720", "2021年9", "21年", "abc"] {
            assert_eq!(told(text, Some(2021)), "Form", "{text}");
        }
    }

    #[test]
    fn a_date_is_a_month_only_on_its_first_day() {
        assert_eq!(
            of_date("2021-09-01").map(|period| period.to_string()),
            Ok("2021-09".to_owned())
        );
        assert!(matches!(of_date("2021-09-30"), Err(SpanFault::Ambiguous(_))));
        assert_eq!(of_date("x"), Err(SpanFault::Form));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in ".{0,30}", year in proptest::option::of(1i32..10_000)) {
            let _ = parse(&text, year);
            let _ = of_date(&text);
        }

        #[test]
        fn every_canonical_code_is_read_as_it_is(start in 24_000i32..24_300, length in 0i32..30) {
            let period = Period::from_months(start, start + length);
            if let Some(period) = period {
                proptest::prop_assert_eq!(parse(&period.to_string(), None), Ok(period));
            }
        }
    }
}
