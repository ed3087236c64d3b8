//! Expressions that the two databases write differently; frozen with the migrations that use them.

use sea_orm_migration::prelude::*;

use crate::column::is_postgres;

/// How a database writes what SQL has no common word for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(crate) fn of(connection: &impl ConnectionTrait) -> Self {
        if is_postgres(connection) {
            Self::Postgres
        } else {
            Self::Sqlite
        }
    }

    /// The first day of a month, counted as `year * 12 + month - 1`: a date, or its ISO text on SQLite, which has no dates.
    pub(crate) fn first_day(self, month: &str) -> String {
        match self {
            Self::Sqlite => format!("({} || '-01')", month_code(month)),
            Self::Postgres => format!("make_date({month} / 12, {month} % 12 + 1, 1)"),
        }
    }

    /// The last day of a month.
    pub(crate) fn last_day(self, month: &str) -> String {
        match self {
            // Without a function of dates: those end before the year 9999 does.
            Self::Sqlite => format!(
                "({} || '-' || CASE WHEN {month} % 12 IN (3, 5, 8, 10) THEN '30' WHEN {month} % 12 <> 1 THEN '31' \
                 WHEN {month} / 12 % 4 = 0 AND ({month} / 12 % 100 <> 0 OR {month} / 12 % 400 = 0) THEN '29' ELSE '28' END)",
                month_code(month)
            ),
            Self::Postgres => format!(
                "CAST(make_date({month} / 12, {month} % 12 + 1, 1) + INTERVAL '1 month' - INTERVAL '1 day' AS date)"
            ),
        }
    }

    /// A day as text, as a date.
    pub(crate) fn day(self, text: &str) -> String {
        match self {
            Self::Sqlite => format!("'{text}'"),
            Self::Postgres => format!("DATE '{text}'"),
        }
    }

    /// A time in µs since the epoch: with a time zone, or ISO text in UTC on SQLite.
    pub(crate) fn instant(self, micros: &str) -> String {
        match self {
            Self::Sqlite => format!(
                "(strftime('%Y-%m-%dT%H:%M:%S', {micros} / 1000000, 'unixepoch') || '.' \
                 || substr(CAST(1000000 + {micros} % 1000000 AS TEXT), 2) || 'Z')"
            ),
            Self::Postgres => format!("(to_timestamp(0) + {micros} * INTERVAL '1 microsecond')"),
        }
    }

    /// A number in a unit of `scale` (text) base units, with the 15 digits that a double surely holds: 0.07 is 7 %, not 7.000000000000001.
    pub(crate) fn in_unit(self, value: &str, scale: &str) -> String {
        let scale = format!("CAST({scale} AS DOUBLE PRECISION)");
        let digits = match self {
            Self::Sqlite => format!("CAST(printf('%.15g', {value} / {scale}) AS REAL)"),
            Self::Postgres => format!("CAST(CAST({value} / {scale} AS NUMERIC) AS DOUBLE PRECISION)"),
        };
        format!("CASE WHEN {value} IS NULL OR {scale} = 1 THEN {value} ELSE {digits} END")
    }
}

/// `2021-09`.
pub(crate) fn month_code(month: &str) -> String {
    format!("substr(CAST(10000 + {month} / 12 AS TEXT), 2) || '-' || substr(CAST(101 + {month} % 12 AS TEXT), 2)")
}
