//! Figures that are numbers of their own; ratios stand in a view that says they cannot be added.

use super::period;
use crate::dialect::Dialect;

/// Statuses as sheets have them.
pub(super) fn status_zh(status: &str) -> String {
    format!(
        "CASE {status} WHEN 'NORMAL' THEN '正常' WHEN 'PROVISIONAL' THEN '快报' WHEN 'ESTIMATED' THEN '估计' WHEN 'LOWER_BOUND' THEN '下限' \
         WHEN 'MISSING' THEN '未报' WHEN 'NOT_APPLICABLE' THEN '不适用' WHEN 'SUPPRESSED' THEN '保密' END"
    )
}

/// The columns of a breakdown's item; null for the total.
pub(super) const BREAKDOWN: &str =
    "b.code || '=' || item.code AS breakdown, b.name_zh || '=' || item.name_zh AS breakdown_zh";

pub(super) fn value(dialect: Dialect) -> String {
    format!(
        "SELECT i.code AS indicator, i.name_zh AS indicator_zh, i.kind AS kind, t.code AS theme, t.name_zh AS theme_zh,
            u.code AS org, u.name_zh AS org_zh, u.level AS org_level, {period}, {BREAKDOWN},
            {value} AS value, shown.code AS unit, shown.label_zh AS unit_zh,
            {own} AS own_value, kept.code AS own_unit, kept.label_zh AS own_unit_zh,
            o.status AS status, {status_zh} AS status_zh, o.flags AS flags, i.over_orgs AS over_orgs, i.over_time AS over_time,
            o.printed AS printed, printed_in.label_zh AS printed_unit_zh, o.note AS note,
            s.title AS source_title, s.address AS source_url, s.published_on AS published_on, o.locator AS locator,
            o.revision AS revision, {recorded} AS recorded_at
        FROM observation o
        JOIN indicator i ON i.id = o.indicator_id
        JOIN theme t ON t.id = i.theme_id
        JOIN unit kept ON kept.id = i.unit_id
        JOIN unit shown ON shown.id = i.display_unit_id
        JOIN org_unit u ON u.id = o.org_id
        LEFT JOIN breakdown_item item ON item.id = o.breakdown_item_id
        LEFT JOIN breakdown b ON b.id = item.breakdown_id
        LEFT JOIN unit printed_in ON printed_in.id = o.unit_id
        LEFT JOIN source s ON s.id = o.source_id
        WHERE o.superseded_at IS NULL AND NOT o.withdrawn AND i.kind <> 'RATIO'",
        period = period::columns(dialect, "o.start_month", "o.end_month"),
        value = dialect.in_unit("o.value", "shown.scale"),
        own = dialect.in_unit("o.value", "kept.scale"),
        status_zh = status_zh("o.status"),
        recorded = dialect.instant("o.recorded_at"),
    )
}
