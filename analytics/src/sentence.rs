//! The change in words, Chinese and English, made from the typed change.

use crate::change::{Change, Direction};
use crate::decimal::{Rounding, format, shortest};
use crate::period::{Period, PeriodKind};
use crate::reason::Reason;

/// The language of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// What the current value is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// Another period, if there is one.
    Period(Option<Period>),
    /// So many years earlier, as the growth of an average year.
    AverageGrowth(u8),
    /// The target.
    Target,
    /// The organisation above.
    Parent,
    /// The median of the peers.
    Peers,
}

/// What a change is told with.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The current period.
    pub period: Period,
    /// What it is held against.
    pub against: Against,
    /// The difference in the unit that people read, with the unit's word.
    pub absolute: Option<(f64, &'a str)>,
    /// Digits after the point of the difference.
    pub decimals: u32,
    /// The rounding rule.
    pub rounding: Rounding,
    /// Say growth of twice the base or more as a multiple: 增长 3.6 倍 is +360 %.
    pub times: bool,
}

/// Growth in percent that may be said as a multiple.
const MANYFOLD: f64 = 200.0;

/// The change as a clause: `同比增长 20.98%`, `同比上升 4.2 个百分点`, `上年同期为 0`.
#[must_use]
pub fn describe(change: &Change, setting: &Setting<'_>, language: Language) -> String {
    match language {
        Language::Zh => zh(change, setting),
        Language::En => en(change, setting),
    }
}

/// How the base relates to the current value.
enum Relation {
    SamePeriodLastYear,
    Adjacent(Period),
    Other(Period),
    Years(u8),
    Target,
    Parent,
    Peers,
    None,
}

fn relation(setting: &Setting<'_>) -> Relation {
    match setting.against {
        Against::Target => Relation::Target,
        Against::Parent => Relation::Parent,
        Against::Peers => Relation::Peers,
        Against::AverageGrowth(years) => Relation::Years(years),
        Against::Period(None) => Relation::None,
        // For a year the two coincide, and it is told as year over year.
        Against::Period(base) if base == setting.period.previous_year() => Relation::SamePeriodLastYear,
        Against::Period(Some(base)) if Some(base) == setting.period.previous() => Relation::Adjacent(base),
        Against::Period(Some(base)) => Relation::Other(base),
    }
}

/// A percentage with two digits, without its sign.
fn percent(value: f64, setting: &Setting<'_>) -> String {
    format(value.abs(), 2, setting.rounding)
}

/// Percentage points with two digits at most.
fn points(value: f64, setting: &Setting<'_>) -> String {
    shortest(value.abs(), 2, setting.rounding)
}

fn absolute(setting: &Setting<'_>) -> String {
    setting.absolute.map_or_else(String::new, |(value, unit)| {
        format!("{} {unit}", format(value.abs(), setting.decimals, setting.rounding))
    })
}

/// A period as it is said: 2021年1—9月.
#[must_use]
pub fn period_zh(period: Period) -> String {
    let (year, month) = (period.start_year(), period.start_month().rem_euclid(12) + 1);
    let last = period.end_month();
    match period.kind() {
        PeriodKind::Year => format!("{year}年"),
        PeriodKind::HalfYear => format!("{year}年{}半年", if month == 1 { "上" } else { "下" }),
        PeriodKind::Quarter => format!(
            "{year}年{}季度",
            ["一", "二", "三", "四"][usize::try_from((month - 1) / 3).unwrap_or(0).min(3)]
        ),
        PeriodKind::Month => format!("{year}年{month}月"),
        PeriodKind::Span if last.div_euclid(12) == year => format!("{year}年{month}—{}月", last.rem_euclid(12) + 1),
        PeriodKind::Span => format!(
            "{year}年{month}月—{}年{}月",
            last.div_euclid(12),
            last.rem_euclid(12) + 1
        ),
    }
}

fn zh(change: &Change, setting: &Setting<'_>) -> String {
    let relation = relation(setting);
    let (lead, base) = match relation {
        Relation::SamePeriodLastYear => ("同比".to_owned(), "上年同期".to_owned()),
        Relation::Adjacent(base) => (format!("环比（{}）", period_zh(base)), period_zh(base)),
        Relation::Other(base) => (format!("较{}", period_zh(base)), period_zh(base)),
        Relation::Years(years) => (format!("{years}年平均"), format!("{years}年前同期")),
        Relation::Target => ("较目标".to_owned(), "目标".to_owned()),
        Relation::Parent => ("较上级".to_owned(), "上级".to_owned()),
        Relation::Peers => ("较同级中位数".to_owned(), "同级".to_owned()),
        Relation::None => (String::new(), "基期".to_owned()),
    };
    match change.reason {
        Reason::Ok => zh_numbers(change, setting, &lead),
        Reason::BaseZero => format!(
            "{base}为 0，{}{}",
            if change.absolute.unwrap_or(0.0) < 0.0 {
                "减少 "
            } else {
                "增加 "
            },
            absolute(setting)
        ),
        Reason::BaseNegative => format!(
            "{lead}{} {}{}，不计算增幅",
            up_down(change, "增加", "减少", "持平"),
            absolute(setting),
            match change.values {
                Some((now, before)) if before < 0.0 && now > 0.0 => "，扭亏为盈",
                Some((now, before)) if before > 0.0 && now < 0.0 => "，由盈转亏",
                _ => "，基数为负",
            }
        ),
        Reason::BaseMissing => format!("{base}数据缺失，不作比较"),
        Reason::CurrentMissing => format!("{}数据缺失，不作比较", period_zh(setting.period)),
        Reason::PeriodMismatch => "统计时段不一致，不作比较".to_owned(),
        Reason::DefinitionChanged => format!("统计口径调整，与{base}不可比"),
        Reason::BoundaryChanged => format!("辖区范围调整，与{base}不可比"),
        Reason::DenominatorZero => "分母为 0，无比率".to_owned(),
        Reason::DenominatorMissing => "分母未报，无法计算".to_owned(),
        Reason::NotAggregable => "下级仅报比率，不能汇总".to_owned(),
    }
}

fn zh_numbers(change: &Change, setting: &Setting<'_>, lead: &str) -> String {
    if change.direction == Some(Direction::Flat) {
        return format!("{lead}持平");
    }
    if let Some(value) = change.percentage_points {
        return format!(
            "{lead}{} {} 个百分点",
            up_down(change, "上升", "下降", "持平"),
            points(value, setting)
        );
    }
    match change.percent {
        Some(value) if setting.times && value >= MANYFOLD => {
            format!("{lead}增长 {} 倍", shortest(value / 100.0, 2, setting.rounding))
        }
        Some(value) => format!(
            "{lead}{} {}%",
            up_down(change, "增长", "下降", "持平"),
            percent(value, setting)
        ),
        None => format!(
            "{lead}{} {}",
            up_down(change, "增加", "减少", "持平"),
            absolute(setting)
        ),
    }
}

fn up_down(change: &Change, up: &'static str, down: &'static str, flat: &'static str) -> &'static str {
    match change.direction {
        Some(Direction::Up) => up,
        Some(Direction::Down) => down,
        Some(Direction::Flat) | None => flat,
    }
}

fn en(change: &Change, setting: &Setting<'_>) -> String {
    let base = match relation(setting) {
        Relation::SamePeriodLastYear => "a year earlier".to_owned(),
        Relation::Adjacent(base) | Relation::Other(base) => base.to_string(),
        Relation::Years(years) => format!("{years} years earlier, in an average year"),
        Relation::Target => "the target".to_owned(),
        Relation::Parent => "the organisation above".to_owned(),
        Relation::Peers => "the median of its peers".to_owned(),
        Relation::None => "the base".to_owned(),
    };
    match change.reason {
        Reason::Ok => en_numbers(change, setting, &base),
        Reason::BaseZero => format!(
            "{base} it was 0; {} {}",
            up_down(change, "up by", "down by", "still"),
            absolute(setting)
        ),
        Reason::BaseNegative => format!(
            "{} {} from {base}; no rate over a negative figure",
            up_down(change, "up by", "down by", "unchanged at"),
            absolute(setting)
        ),
        Reason::BaseMissing => format!("not compared: no figure for {base}"),
        Reason::CurrentMissing => format!("not compared: no figure for {}", setting.period),
        Reason::PeriodMismatch => "not compared: the figures stand for different months".to_owned(),
        Reason::DefinitionChanged => format!("not comparable with {base}: the definition changed"),
        Reason::BoundaryChanged => format!("not comparable with {base}: the boundary changed"),
        Reason::DenominatorZero => "no rate: the denominator is 0".to_owned(),
        Reason::DenominatorMissing => "no rate: the denominator was not reported".to_owned(),
        Reason::NotAggregable => "no rate: only printed rates exist below, and they do not add up".to_owned(),
    }
}

fn en_numbers(change: &Change, setting: &Setting<'_>, base: &str) -> String {
    if change.direction == Some(Direction::Flat) {
        return format!("unchanged from {base}");
    }
    let word = up_down(change, "up", "down", "unchanged");
    match (change.percentage_points, change.percent) {
        (Some(value), _) => format!("{word} {} percentage points from {base}", points(value, setting)),
        (None, Some(value)) if setting.times && value >= MANYFOLD => {
            let times = shortest(value / 100.0, 2, setting.rounding);
            format!("{word} by {times} times its figure from {base}")
        }
        (None, Some(value)) => format!("{word} {}% from {base}", percent(value, setting)),
        (None, None) => format!("{word} {} from {base}", absolute(setting)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Judgement;

    fn told(period: &str, base: &str, change: &Change) -> (String, String) {
        let setting = Setting {
            period: period.parse().unwrap(),
            against: Against::Period(Some(base.parse().unwrap())),
            absolute: change.absolute.map(|value| (value, "宗")),
            decimals: 0,
            rounding: Rounding::HalfUp,
            times: true,
        };
        (
            describe(change, &setting, Language::Zh),
            describe(change, &setting, Language::En),
        )
    }

    fn change(
        absolute: Option<f64>,
        percent: Option<f64>,
        points: Option<f64>,
        direction: Direction,
        reason: Reason,
    ) -> Change {
        Change {
            absolute,
            percent,
            percentage_points: points,
            direction: Some(direction),
            judgement: Judgement::Neutral,
            reason,
            values: None,
            years: None,
            test: None,
        }
    }

    #[test]
    fn growth_points_and_zero_bases_are_worded_as_offices_do() {
        let growth = change(Some(1383.0), Some(20.976_793), None, Direction::Up, Reason::Ok);
        assert_eq!(
            told("2020", "2019", &growth),
            ("同比增长 20.98%".into(), "up 20.98% from a year earlier".into())
        );
        let fall = change(None, None, Some(-4.2), Direction::Down, Reason::Ok);
        assert_eq!(told("2020", "2019", &fall).0, "同比下降 4.2 个百分点");
        assert_eq!(
            told("2021-09", "2021-08", &fall).0,
            "环比（2021年8月）下降 4.2 个百分点"
        );
        assert_eq!(told("2021-Q3", "2019-Q3", &fall).0, "较2019年三季度下降 4.2 个百分点");
        let zero = change(Some(3.0), None, None, Direction::Up, Reason::BaseZero);
        assert_eq!(told("2020", "2019", &zero).0, "上年同期为 0，增加 3 宗");
        let manyfold = change(Some(3.6), Some(360.0), None, Direction::Up, Reason::Ok);
        assert_eq!(told("2020", "2019", &manyfold).0, "同比增长 3.6 倍");
        let mut turn = change(Some(5.0), None, None, Direction::Up, Reason::BaseNegative);
        turn.values = Some((3.0, -2.0));
        assert_eq!(told("2020", "2019", &turn).0, "同比增加 5 宗，扭亏为盈，不计算增幅");
        turn.values = Some((-3.0, 2.0));
        turn.direction = Some(Direction::Down);
        assert_eq!(told("2020", "2019", &turn).0, "同比减少 5 宗，由盈转亏，不计算增幅");
        let flat = change(Some(0.0), Some(0.0), None, Direction::Flat, Reason::Ok);
        assert_eq!(told("2020", "2019", &flat).0, "同比持平");
    }
}
