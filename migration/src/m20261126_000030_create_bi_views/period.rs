//! Periods: the code of the API, the kind, and the first and last day.

use crate::dialect::{Dialect, month_code};

/// The columns of the period from month `start` to month `end`.
pub(super) fn columns(dialect: Dialect, start: &str, end: &str) -> String {
    let aligned = |months: &str| format!("{end} - {start} = {months} - 1 AND {start} % {months} = 0");
    let (year, half, quarter) = (aligned("12"), aligned("6"), aligned("3"));
    let year_code = format!("substr(CAST(10000 + {start} / 12 AS TEXT), 2)");
    let part = |months: &str| format!("CAST({start} % 12 / {months} + 1 AS TEXT)");
    format!(
        "CASE WHEN {year} THEN {year_code} WHEN {half} THEN {year_code} || '-S' || {halves}
            WHEN {quarter} THEN {year_code} || '-Q' || {quarters} WHEN {start} = {end} THEN {first}
            ELSE {first} || '/' || {last} END AS period,
        CASE WHEN {year} THEN 'YEAR' WHEN {half} THEN 'HALF_YEAR' WHEN {quarter} THEN 'QUARTER' WHEN {start} = {end} THEN 'MONTH'
            ELSE 'SPAN' END AS period_kind,
        {start} / 12 AS year, {end} - {start} + 1 AS months, {first_day} AS period_start, {last_day} AS period_end",
        halves = part("6"),
        quarters = part("3"),
        first = month_code(start),
        last = month_code(end),
        first_day = dialect.first_day(start),
        last_day = dialect.last_day(end),
    )
}

/// The periods for which there are current figures.
pub(super) fn period(dialect: Dialect) -> String {
    format!(
        "SELECT {columns} FROM (SELECT DISTINCT start_month, end_month FROM observation WHERE superseded_at IS NULL AND NOT withdrawn) p",
        columns = columns(dialect, "p.start_month", "p.end_month")
    )
}
