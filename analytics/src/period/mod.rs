//! Periods: typed intervals of whole months, shifted by ordinals and never by dates.

mod parse;

use std::fmt;

pub use parse::PeriodError;
use strum::{Display, EnumIter};

/// Months in a year.
const YEAR: i32 = 12;

/// The type of a period, decided by where it begins and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum PeriodKind {
    /// A calendar year, `2021`.
    Year,
    /// A half-year, `2021-S1`.
    HalfYear,
    /// A quarter, `2021-Q3`.
    Quarter,
    /// A month, `2021-09`.
    Month,
    /// Any other run of whole months, `2021-01/2021-09`.
    Span,
}

/// A run of whole months. Months are counted from January of the year 0, so that `month / 12` is the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    start: i32,
    months: i32,
}

impl Period {
    /// First year that can be written.
    pub const FIRST_YEAR: i32 = 1;
    /// Last year that can be written.
    pub const LAST_YEAR: i32 = 9999;

    /// The period from month `start` to month `end`, both included; `None` when it is empty or leaves the years 1 to 9999.
    #[must_use]
    pub fn from_months(start: i32, end: i32) -> Option<Self> {
        let first = Self::FIRST_YEAR * YEAR;
        let last = Self::LAST_YEAR * YEAR + YEAR - 1;
        (first <= start && start <= end && end <= last).then_some(Self {
            start,
            months: end - start + 1,
        })
    }

    /// The calendar year `year`.
    #[must_use]
    pub fn year(year: i32) -> Option<Self> {
        let start = year.checked_mul(YEAR)?;
        Self::from_months(start, start.checked_add(YEAR - 1)?)
    }

    /// First month, counted from January of the year 0.
    #[must_use]
    pub fn start_month(self) -> i32 {
        self.start
    }

    /// Last month, included.
    #[must_use]
    pub fn end_month(self) -> i32 {
        self.start + self.months - 1
    }

    /// Length in months.
    #[must_use]
    pub fn months(self) -> i32 {
        self.months
    }

    /// The year in which the period begins.
    #[must_use]
    pub fn start_year(self) -> i32 {
        self.start.div_euclid(YEAR)
    }

    /// The type of the period.
    #[must_use]
    pub fn kind(self) -> PeriodKind {
        let aligned = self.start.rem_euclid(self.months) == 0;
        match self.months {
            12 if aligned => PeriodKind::Year,
            6 if aligned => PeriodKind::HalfYear,
            3 if aligned => PeriodKind::Quarter,
            1 => PeriodKind::Month,
            _ => PeriodKind::Span,
        }
    }

    /// The same months one year earlier (同比).
    #[must_use]
    pub fn previous_year(self) -> Option<Self> {
        self.shift_months(-YEAR)
    }

    /// The adjacent period of the same type (环比). A span has none.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        match self.kind() {
            PeriodKind::Span => None,
            _ => self.shift_months(-self.months),
        }
    }

    /// The same run of months, `years` later (earlier when negative).
    #[must_use]
    pub fn shift_years(self, years: i32) -> Option<Self> {
        self.shift_months(years.checked_mul(YEAR)?)
    }

    /// The periods from this one to `last` of the same type and length, in order: adjacent ones, or for a span those of each year. `None` when `last` is not one of them.
    #[must_use]
    pub fn until(self, last: Self) -> Option<Vec<Self>> {
        let step = match self.kind() {
            PeriodKind::Span => YEAR,
            _ => self.months,
        };
        let distance = last.start.checked_sub(self.start)?;
        let reaches = self.months == last.months && distance >= 0 && distance % step == 0;
        reaches.then(|| {
            (0..=distance / step)
                .map_while(|place| self.shift_months(place * step))
                .collect()
        })
    }

    fn shift_months(self, by: i32) -> Option<Self> {
        Self::from_months(self.start.checked_add(by)?, self.end_month().checked_add(by)?)
    }

    /// Whether the two have a month in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start <= other.end_month() && other.start <= self.end_month()
    }

    /// The halves, quarters or months that make up this period exactly, longest first: the ways in which it can be put together from parts of one type.
    pub fn tilings(self) -> impl Iterator<Item = i32> {
        [6, 3, 1]
            .into_iter()
            .filter(move |&part| part < self.months && self.start % part == 0 && self.months % part == 0)
    }

    /// The parts of `length` months that make up this period, in order.
    pub fn parts(self, length: i32) -> impl Iterator<Item = Self> {
        let length = length.max(1);
        (0..self.months / length).map(move |index| Self {
            start: self.start + index * length,
            months: length,
        })
    }
}

/// A month written as `2021-09`.
fn write_month(f: &mut fmt::Formatter<'_>, month: i32) -> fmt::Result {
    write!(f, "{:04}-{:02}", month.div_euclid(YEAR), month.rem_euclid(YEAR) + 1)
}

impl fmt::Display for Period {
    /// The canonical code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.start_year();
        let index = self.start.rem_euclid(YEAR) / self.months + 1;
        match self.kind() {
            PeriodKind::Year => write!(f, "{year:04}"),
            PeriodKind::HalfYear => write!(f, "{year:04}-S{index}"),
            PeriodKind::Quarter => write!(f, "{year:04}-Q{index}"),
            PeriodKind::Month => write_month(f, self.start),
            PeriodKind::Span => {
                write_month(f, self.start)?;
                f.write_str("/")?;
                write_month(f, self.end_month())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn period(code: &str) -> Period {
        code.parse().unwrap()
    }

    #[test]
    fn each_type_has_the_neighbours_of_the_table() {
        for (code, previous, previous_year) in [
            ("2021", Some("2020"), "2020"),
            ("2021-S1", Some("2020-S2"), "2020-S1"),
            ("2021-Q3", Some("2021-Q2"), "2020-Q3"),
            ("2021-09", Some("2021-08"), "2020-09"),
            ("2021-01", Some("2020-12"), "2020-01"),
            ("2021-01/2021-09", None, "2020-01/2020-09"),
            ("2018-07/2019-06", None, "2017-07/2018-06"),
        ] {
            assert_eq!(
                period(code).previous().map(|p| p.to_string()).as_deref(),
                previous,
                "{code}"
            );
            assert_eq!(
                period(code).previous_year().unwrap().to_string(),
                previous_year,
                "{code}"
            );
        }
    }

    #[test]
    fn a_year_is_made_of_halves_quarters_or_months() {
        assert_eq!(period("2021").tilings().collect::<Vec<_>>(), [6, 3, 1]);
        assert_eq!(period("2021-01/2021-09").tilings().collect::<Vec<_>>(), [3, 1]);
        assert_eq!(period("2021-02/2021-04").tilings().collect::<Vec<_>>(), [1]);
        assert_eq!(period("2021-09").tilings().count(), 0);
        assert_eq!(
            period("2021").parts(6).map(|p| p.to_string()).collect::<Vec<_>>(),
            ["2021-S1", "2021-S2"]
        );
    }

    proptest! {
        #[test]
        fn a_code_is_read_back_as_the_same_period(start in 12..100_000i32, months in 1..40i32) {
            let period = Period::from_months(start, start + months - 1).unwrap();
            prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
        }

        #[test]
        fn a_year_back_and_forth_is_the_identity(start in 1000..100_000i32, months in 1..40i32, years in -50..50i32) {
            let period = Period::from_months(start, start + months - 1).unwrap();
            let there = period.shift_years(years).unwrap();
            prop_assert_eq!(there.shift_years(-years).unwrap(), period);
            prop_assert_eq!(there.kind(), period.kind());
        }

        #[test]
        fn parts_cover_the_period_once(start in 1000..100_000i32, months in 1..40i32) {
            let period = Period::from_months(start, start + months - 1).unwrap();
            for length in period.tilings() {
                let covered: Vec<i32> = period.parts(length).flat_map(|p| p.start_month()..=p.end_month()).collect();
                prop_assert_eq!(covered, (period.start_month()..=period.end_month()).collect::<Vec<_>>());
            }
        }
    }
}
