//! The columns of the table of observations.

use crate::export::json_stat::{Cube, Dimension};
use crate::export::table::Kind;

/// By column: name, Chinese label, meaning, kind, and whether every row has it. The labels are those that an import knows, or leaves out.
pub(super) const COLUMNS: [(&str, &str, &str, Kind, bool); 23] = [
    ("indicator", "指标代码", "Code of the indicator.", Kind::Code, true),
    (
        "indicator_name",
        "指标名称(参考)",
        "Chinese name of the indicator.",
        Kind::Code,
        true,
    ),
    ("theme", "主题代码", "Code of the indicator's theme.", Kind::Code, true),
    ("theme_name", "主题名称", "Chinese name of the theme.", Kind::Code, true),
    (
        "org",
        "机构代码",
        "Code of the organisation; `_T` in a totals row.",
        Kind::Code,
        true,
    ),
    (
        "org_name",
        "机构名称(参考)",
        "Chinese name of the organisation.",
        Kind::Code,
        true,
    ),
    (
        "org_level",
        "机构层级",
        "Level of the organisation; null in a totals row.",
        Kind::Code,
        false,
    ),
    (
        "period",
        "期间",
        "Code of the period: 2021, 2021-Q3, 2021-09, 2021-01/2021-09.",
        Kind::Code,
        true,
    ),
    (
        "period_type",
        "期间类型",
        "YEAR, HALF_YEAR, QUARTER, MONTH or SPAN.",
        Kind::Code,
        true,
    ),
    ("period_start", "期间起日", "First day of the period.", Kind::Date, true),
    ("period_end", "期间止日", "Last day of the period.", Kind::Date, true),
    (
        "breakdown",
        "分类",
        "Item of a breakdown as `case_type=civil`; null for the figure as a whole.",
        Kind::Code,
        false,
    ),
    (
        "value",
        "数值",
        "Number in `unit`, as reported; null exactly when `status` says so.",
        Kind::Number,
        false,
    ),
    (
        "unit",
        "计量单位",
        "Chinese name of the unit: 宗, 元, %. Percentages are numbers from 0 to 100.",
        Kind::Code,
        true,
    ),
    (
        "numerator",
        "分子",
        "Numerator of a ratio, in its own indicator's unit; null where it is not reported.",
        Kind::Number,
        false,
    ),
    (
        "denominator",
        "分母",
        "Denominator of a ratio. Ratios are put together by adding numerators and denominators, never by adding or averaging values.",
        Kind::Number,
        false,
    ),
    (
        "status",
        "状态",
        "What the value, or its absence, means.",
        Kind::Code,
        true,
    ),
    ("flags", "标记", "Remarks, joined by `|`.", Kind::Text, false),
    (
        "decimals",
        "小数位",
        "Digits after the point as printed.",
        Kind::Integer,
        false,
    ),
    (
        "is_total",
        "合计行",
        "Whether the row was put together by us from the organisations of the table.",
        Kind::Boolean,
        true,
    ),
    (
        "parts_present",
        "已报机构数",
        "Of a totals row: organisations that are in it.",
        Kind::Integer,
        false,
    ),
    (
        "parts_expected",
        "应报机构数",
        "Of a totals row: organisations that belong in it.",
        Kind::Integer,
        false,
    ),
    (
        "reason",
        "无值原因",
        "Of a totals row without a value: why there is none.",
        Kind::Text,
        false,
    ),
];

/// How the table becomes a cube.
pub(super) const CUBE: Cube = Cube {
    dimensions: &[
        Dimension {
            code: "indicator",
            label: Some("indicator_name"),
            name: "指标",
            role: Some("metric"),
            unit: Some("unit"),
        },
        Dimension {
            code: "org",
            label: Some("org_name"),
            name: "机构",
            role: Some("geo"),
            unit: None,
        },
        Dimension {
            code: "period",
            label: None,
            name: "期间",
            role: Some("time"),
            unit: None,
        },
        Dimension {
            code: "breakdown",
            label: None,
            name: "分类",
            role: None,
            unit: None,
        },
    ],
    measures: &["value", "numerator", "denominator"],
    statuses: &[&["status", "flags"]],
};
