//! Organisations, where they stand, and what has stood above them when.

use crate::dialect::Dialect;

/// A month after all others.
const NEVER: &str = "2147483647";

/// Levels as people call them.
fn level_zh(level: &str) -> String {
    format!(
        "CASE {level} WHEN 'PROVINCE' THEN '省' WHEN 'CITY' THEN '市' WHEN 'DISTRICT' THEN '区县' WHEN 'STREET' THEN '镇街' \
         WHEN 'COMMUNITY' THEN '村社区' WHEN 'DEPARTMENT' THEN '部门' END"
    )
}

/// Each organisation's newest parent: the link that holds longest, as in the newest tree of the API.
fn newest() -> String {
    format!(
        "SELECT p.org_id AS org_id, p.parent_id AS parent_id FROM org_parent p WHERE NOT EXISTS (
            SELECT 1 FROM org_parent q WHERE q.org_id = p.org_id AND (
                COALESCE(q.valid_to, {NEVER}) > COALESCE(p.valid_to, {NEVER})
                OR (COALESCE(q.valid_to, {NEVER}) = COALESCE(p.valid_to, {NEVER}) AND q.id > p.id)))"
    )
}

/// The days of a validity; what is open begins and ends beyond all figures, so that `BETWEEN` needs no nulls.
fn days(dialect: Dialect, from: &str, to: &str) -> String {
    format!(
        "CASE WHEN {from} IS NULL THEN {} ELSE {} END AS valid_from, CASE WHEN {to} IS NULL THEN {} ELSE {} END AS valid_to",
        dialect.day("0001-01-01"),
        dialect.first_day(from),
        dialect.day("9999-12-31"),
        dialect.last_day(to)
    )
}

pub(super) fn org(dialect: Dialect) -> String {
    format!(
        "SELECT o.code AS org, o.name_zh AS org_zh, o.name_en AS org_en, o.level AS org_level, {level} AS org_level_zh,
            above.code AS parent, above.name_zh AS parent_zh, {days}
        FROM org_unit o
        LEFT JOIN ({newest}) link ON link.org_id = o.id
        LEFT JOIN org_unit above ON above.id = link.parent_id",
        level = level_zh("o.level"),
        days = days(dialect, "o.valid_from", "o.valid_to"),
        newest = newest(),
    )
}

/// From the root to each organisation by the newest parents, with the name on each level for drilling down.
pub(super) fn path() -> String {
    const LEVELS: [(&str, &str); 6] = [
        ("PROVINCE", "province_zh"),
        ("CITY", "city_zh"),
        ("DISTRICT", "district_zh"),
        ("STREET", "street_zh"),
        ("COMMUNITY", "community_zh"),
        ("DEPARTMENT", "department_zh"),
    ];
    let at_root = LEVELS.map(|(level, _)| format!("CASE WHEN o.level = '{level}' THEN o.name_zh END"));
    let below =
        LEVELS.map(|(level, column)| format!("CASE WHEN o.level = '{level}' THEN o.name_zh ELSE t.{column} END"));
    let names = LEVELS.map(|(_, column)| column).join(", ");
    format!(
        "WITH RECURSIVE newest AS ({newest}), tree (id, org, org_zh, org_level, root, depth, path, path_zh, {names}) AS (
            SELECT o.id, o.code, o.name_zh, o.level, o.code, 0, o.code, o.name_zh, {at_root}
            FROM org_unit o WHERE NOT EXISTS (SELECT 1 FROM newest n WHERE n.org_id = o.id)
            UNION ALL
            SELECT o.id, o.code, o.name_zh, o.level, t.root, t.depth + 1, t.path || '/' || o.code, t.path_zh || '/' || o.name_zh, {below}
            FROM tree t JOIN newest n ON n.parent_id = t.id JOIN org_unit o ON o.id = n.org_id
        )
        SELECT org, org_zh, org_level, root, depth, path, path_zh, {names} FROM tree",
        newest = newest(),
        at_root = at_root.join(", "),
        below = below.join(", "),
    )
}

/// Every organisation above each one, itself included, and the days on which it stood there.
pub(super) fn ancestor(dialect: Dialect) -> String {
    // Both ends of a validity narrow on the way up. A circle of the past must not hold the walk: no tree is that deep.
    let narrow = |word: &str, open: &str, column: &str| {
        format!(
            "CASE WHEN COALESCE(p.{column}, {open}) {word} COALESCE(u.{column}, {open}) THEN p.{column} ELSE u.{column} END"
        )
    };
    format!(
        "WITH RECURSIVE up (org_id, ancestor_id, distance, valid_from, valid_to) AS (
            SELECT o.id, o.id, 0, o.valid_from, o.valid_to FROM org_unit o
            UNION ALL
            SELECT u.org_id, p.parent_id, u.distance + 1, {from}, {to}
            FROM up u JOIN org_parent p ON p.org_id = u.ancestor_id
            WHERE u.distance < 20
                AND COALESCE(p.valid_from, 0) <= COALESCE(u.valid_to, {NEVER})
                AND COALESCE(u.valid_from, 0) <= COALESCE(p.valid_to, {NEVER})
        )
        SELECT o.code AS org, o.name_zh AS org_zh, a.code AS ancestor, a.name_zh AS ancestor_zh, a.level AS ancestor_level,
            u.distance AS distance, {days}
        FROM up u JOIN org_unit o ON o.id = u.org_id JOIN org_unit a ON a.id = u.ancestor_id",
        from = narrow(">", "0", "valid_from"),
        to = narrow("<", NEVER, "valid_to"),
        days = days(dialect, "u.valid_from", "u.valid_to"),
    )
}
