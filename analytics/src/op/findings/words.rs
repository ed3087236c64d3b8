//! A finding in words, Chinese and English.

use super::finding::{Evidence, Finding, FindingKind};
use crate::decimal::{Rounding, shortest};
use crate::measure::DiscrepancyCause;
use crate::sentence::{Language, period_zh};

/// What a finding is told with.
pub struct Names<'a> {
    /// The indicator's name.
    pub indicator: &'a str,
    /// The name of the organisation whose cell comes first.
    pub org: &'a str,
    /// A value of the indicator as people read it, with its unit.
    pub value: &'a dyn Fn(f64) -> String,
    /// A value of its denominator as people read it, with its unit.
    pub denominator: &'a dyn Fn(f64) -> String,
}

impl Finding {
    /// One plain sentence.
    #[must_use]
    pub fn text(&self, names: &Names<'_>, language: Language) -> String {
        let Some(period) = self.cells.first().map(|cell| cell.period) else {
            return String::new();
        };
        match language {
            Language::Zh => {
                let said = zh(self, names);
                format!("{}{}“{}”{said}。", names.org, period_zh(period), names.indicator)
            }
            Language::En => format!("{}, {period}, {}: {}.", names.org, names.indicator, en(self, names)),
        }
    }
}

fn cause_zh(cause: Option<DiscrepancyCause>) -> &'static str {
    match cause {
        Some(DiscrepancyCause::Truncated) => "，疑为截尾",
        Some(DiscrepancyCause::Rounding) => "，疑为修约方式不同",
        Some(DiscrepancyCause::SwappedPeriod) => "，与对比期的比率相同，疑为错期",
        Some(DiscrepancyCause::Other) => "，请核对",
        None => "",
    }
}

fn zh(finding: &Finding, names: &Names<'_>) -> String {
    let value = names.value;
    match finding.evidence {
        Evidence::Differ {
            stated,
            computed,
            cause,
        } => {
            let (stated, computed) = (value(stated), value(computed));
            match finding.kind {
                FindingKind::PrintedDiffers => {
                    format!("公布为 {stated}，按分子分母计算为 {computed}{}", cause_zh(cause))
                }
                FindingKind::ParentDiffers => format!("自报 {stated}，下级合计 {computed}，两者不符"),
                FindingKind::BreakdownExceeds => {
                    format!("分项合计 {computed}，超过总数 {stated}，可能一件多计（联合办理）")
                }
                _ => format!("自报 {stated}，各分期合计 {computed}，两者不符"),
            }
        }
        Evidence::Unlike { year } => format!("只有这几个月的数，不是{}全年数，不能当作全年数使用", period_zh(year)),
        Evidence::Far {
            value: found,
            median,
            score,
        } => format!(
            "为 {}，明显偏离本序列中位数 {}（修正 z 值 {}）",
            value(found),
            value(median),
            shortest(score, 1, Rounding::HalfUp)
        ),
        Evidence::Changed { value: found, before } => {
            format!("由上年同期的 {} 变为 {}，变动超出正常波动", value(before), value(found))
        }
        Evidence::Denominators { now, before, points } => format!(
            "上升 {} 个百分点，而分母由 {} 减至 {}",
            shortest(points, 2, Rounding::HalfUp),
            (names.denominator)(before),
            (names.denominator)(now)
        ),
        Evidence::Owed { last: Some(last) } => format!("未报，{}曾报", period_zh(last)),
        Evidence::Owed { last: None } => "注明未报".to_owned(),
    }
}

fn cause_en(cause: Option<DiscrepancyCause>) -> &'static str {
    match cause {
        Some(DiscrepancyCause::Truncated) => "; digits seem to be cut off",
        Some(DiscrepancyCause::Rounding) => "; another rounding seems to be used",
        Some(DiscrepancyCause::SwappedPeriod) => "; it is the ratio of the period it is compared with",
        Some(DiscrepancyCause::Other) => "; one of the figures is wrong",
        None => "",
    }
}

fn en(finding: &Finding, names: &Names<'_>) -> String {
    let value = names.value;
    match finding.evidence {
        Evidence::Differ {
            stated,
            computed,
            cause,
        } => {
            let (stated, computed) = (value(stated), value(computed));
            match finding.kind {
                FindingKind::PrintedDiffers => {
                    format!("printed as {stated}, its parts give {computed}{}", cause_en(cause))
                }
                FindingKind::ParentDiffers => {
                    format!("reports {stated} itself, the organisations below add up to {computed}")
                }
                FindingKind::BreakdownExceeds => {
                    format!("its items add up to {computed}, more than the total of {stated}")
                }
                _ => format!("reported as {stated}, its parts add up to {computed}"),
            }
        }
        Evidence::Unlike { year } => format!("a figure of these months only, which is not that of the year {year}"),
        Evidence::Far {
            value: found,
            median,
            score,
        } => format!(
            "{} is far from the median of its series, {} (modified z {})",
            value(found),
            value(median),
            shortest(score, 1, Rounding::HalfUp)
        ),
        Evidence::Changed { value: found, before } => {
            format!(
                "from {} a year earlier to {}, more than noise",
                value(before),
                value(found)
            )
        }
        Evidence::Denominators { now, before, points } => format!(
            "rose by {} percentage points while its denominator fell from {} to {}",
            shortest(points, 2, Rounding::HalfUp),
            (names.denominator)(before),
            (names.denominator)(now)
        ),
        Evidence::Owed { last: Some(last) } => format!("not reported, though it was for {last}"),
        Evidence::Owed { last: None } => "said not to be reported".to_owned(),
    }
}
