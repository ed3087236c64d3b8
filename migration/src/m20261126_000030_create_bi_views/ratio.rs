//! Ratios with their parts: computed where both parts are there, else as printed.

use super::period;
use super::value::{BREAKDOWN, status_zh};
use crate::dialect::Dialect;

/// One row for each ratio, organisation, item and period of which the printed ratio or a part is stored. Codes stand among the keys so that a question for
/// one indicator or organisation is asked before the rows are put together.
fn cells() -> String {
    let of = |column: &str, indicator: &str| format!("MAX(CASE WHEN o.indicator_id = {indicator} THEN o.{column} END)");
    let mut parts = Vec::new();
    for (name, indicator) in [
        ("top", "r.numerator_id"),
        ("bottom", "r.denominator_id"),
        ("told", "r.id"),
    ] {
        for column in ["value", "status", "flags"] {
            parts.push(format!("{} AS {name}_{column}", of(column, indicator)));
        }
    }
    format!(
        "SELECT r.id AS indicator_id, r.code AS indicator, u.id AS org_id, u.code AS org, o.breakdown_item_id AS breakdown_item_id,
            o.start_month AS start_month, o.end_month AS end_month, {parts}
        FROM indicator r
        JOIN observation o ON o.indicator_id IN (r.id, r.numerator_id, r.denominator_id)
        JOIN org_unit u ON u.id = o.org_id
        WHERE r.kind = 'RATIO' AND o.superseded_at IS NULL AND NOT o.withdrawn
        GROUP BY r.id, r.code, u.id, u.code, o.breakdown_item_id, o.start_month, o.end_month",
        parts = parts.join(", ")
    )
}

pub(super) fn ratio(dialect: Dialect) -> String {
    let both = "c.top_value IS NOT NULL AND c.bottom_value IS NOT NULL";
    let status = format!(
        "CASE WHEN {both} THEN
                CASE WHEN c.bottom_value = 0 THEN 'NOT_APPLICABLE'
                    WHEN c.top_status IN ('ESTIMATED', 'LOWER_BOUND') OR c.bottom_status IN ('ESTIMATED', 'LOWER_BOUND') THEN 'ESTIMATED'
                    WHEN 'PROVISIONAL' IN (c.top_status, c.bottom_status) THEN 'PROVISIONAL' ELSE 'NORMAL' END
            WHEN c.told_value IS NOT NULL THEN c.told_status
            WHEN c.top_status IN ('SUPPRESSED', 'NOT_APPLICABLE') THEN c.top_status
            WHEN c.bottom_status IN ('SUPPRESSED', 'NOT_APPLICABLE') THEN c.bottom_status
            ELSE COALESCE(c.told_status, 'MISSING') END"
    );
    let computed = dialect.in_unit("(c.top_value / NULLIF(c.bottom_value, 0))", "shown.scale");
    let told = dialect.in_unit("c.told_value", "shown.scale");
    format!(
        "SELECT c.indicator AS indicator, i.name_zh AS indicator_zh, t.code AS theme, t.name_zh AS theme_zh,
            c.org AS org, u.name_zh AS org_zh, u.level AS org_level, {period}, {BREAKDOWN},
            CASE WHEN {both} THEN ({computed}) ELSE ({told}) END AS ratio_do_not_aggregate,
            CASE WHEN {both} THEN 'COMPUTED' WHEN c.told_value IS NOT NULL THEN 'REPORTED' END AS basis,
            CASE WHEN {both} THEN c.top_value END AS numerator, CASE WHEN {both} THEN c.bottom_value END AS denominator,
            CASE WHEN CAST(shown.scale AS DOUBLE PRECISION) = 0 THEN NULL ELSE {factor} END AS factor,
            shown.code AS unit, shown.label_zh AS unit_zh,
            {status} AS status, {status_zh} AS status_zh,
            ({told}) AS reported_do_not_aggregate, c.told_status AS reported_status, c.told_flags AS reported_flags,
            above.code AS numerator_indicator, above.name_zh AS numerator_zh, c.top_status AS numerator_status, c.top_flags AS numerator_flags,
            below.code AS denominator_indicator, below.name_zh AS denominator_zh, c.bottom_status AS denominator_status, c.bottom_flags AS denominator_flags
        FROM ({cells}) c
        JOIN indicator i ON i.id = c.indicator_id
        JOIN theme t ON t.id = i.theme_id
        JOIN unit shown ON shown.id = i.display_unit_id
        JOIN indicator above ON above.id = i.numerator_id
        JOIN indicator below ON below.id = i.denominator_id
        JOIN org_unit u ON u.id = c.org_id
        LEFT JOIN breakdown_item item ON item.id = c.breakdown_item_id
        LEFT JOIN breakdown b ON b.id = item.breakdown_id",
        period = period::columns(dialect, "c.start_month", "c.end_month"),
        factor = dialect.in_unit("1.0", "shown.scale"),
        status_zh = status_zh(&format!("({status})")),
        cells = cells(),
    )
}
