//! Days: deadlines are days of the calendar that offices in China live by, one zone, UTC+8, without summer time.

use chrono::{DateTime, FixedOffset, NaiveDate};

use crate::error::Error;

/// Seconds of that zone east of Greenwich.
const ZONE: i32 = 8 * 3600;

/// The day of a moment in µs since the epoch.
pub(super) fn day(micros: i64) -> NaiveDate {
    let time = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    FixedOffset::east_opt(ZONE).map_or_else(|| time.date_naive(), |zone| time.with_timezone(&zone).date_naive())
}

/// The day of a text.
///
/// # Errors
/// [`Error::Input`] when it is none.
pub(super) fn parse(text: &str) -> Result<NaiveDate, Error> {
    // Only as it is written again: a signed or shortened year is none.
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let day = day.filter(|day| text.len() == 10 && day.to_string() == text);
    day.ok_or_else(|| {
        let told: String = text.chars().take(40).collect();
        Error::input(format!("`{told}` is no day"), "write it as 2026-01-31")
    })
}

/// The days by which `day` is later than the deadline; 0 on the deadline itself and before.
pub(super) fn days_late(deadline: NaiveDate, day: NaiveDate) -> i32 {
    i32::try_from((day - deadline).num_days().max(0)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDate {
        day(DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros())
    }

    #[test]
    fn the_deadline_lasts_until_its_midnight_in_beijing() {
        let deadline = parse("2026-01-31").unwrap();
        assert_eq!(days_late(deadline, at("2026-01-31T23:59:59+08:00")), 0);
        assert_eq!(days_late(deadline, at("2026-01-31T16:00:00Z")), 1);
        assert_eq!(days_late(deadline, at("2025-12-31T00:00:00Z")), 0);
    }

    #[test]
    fn days_are_counted_by_the_calendar() {
        assert_eq!(days_late(parse("2024-02-28").unwrap(), parse("2024-03-01").unwrap()), 2);
        assert_eq!(days_late(parse("2026-02-28").unwrap(), parse("2026-03-01").unwrap()), 1);
        assert_eq!(
            days_late(parse("2025-12-31").unwrap(), parse("2026-12-31").unwrap()),
            365
        );
        for text in [
            "2026-1-31",
            "2026-02-30",
            "",
            "20260131",
            "2026-01-31 ",
            "-026-01-31",
            "+12026-1-1",
            "+12026-01-01",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
