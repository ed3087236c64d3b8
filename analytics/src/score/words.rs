//! A rule and its outcome in words, Chinese and English.

use rust_decimal::Decimal;

use super::framework::{Bound, Goal, Rule};
use super::sheet::Outcome;
use crate::sentence::Language;

/// What a sentence about one criterion is made of.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The name of the criterion.
    pub name: &'a str,
    /// The rule.
    pub rule: &'a Rule,
    /// How the points came to be.
    pub outcome: Outcome,
    /// The value with its unit, as people read it.
    pub value: Option<&'a str>,
    /// The unit that the numbers of the rule stand in.
    pub unit: &'a str,
    /// The target set for the organisation, with its unit.
    pub target: Option<&'a str>,
    /// Points, as they are shown.
    pub points: Option<&'a str>,
    /// Full marks, as they are shown.
    pub full: Option<&'a str>,
}

/// The sentence: what was there, what the rule makes of it, and the points.
#[must_use]
pub fn explain(told: &Told<'_>, language: Language) -> String {
    let rule = rule(told.rule, told.unit, told.target, language);
    let none = |text: Option<&str>| text.unwrap_or("—").to_owned();
    let (value, points, full) = (none(told.value), none(told.points), none(told.full));
    let name = told.name;
    match language {
        Language::Zh => {
            let (what, end) = match told.outcome {
                Outcome::Scored => (value, format!("得{points}分（满分{full}分）")),
                Outcome::PriorYear => (
                    format!("本期未报，沿用上年{value}"),
                    format!("得{points}分（满分{full}分）"),
                ),
                Outcome::Awarded => (
                    told.value
                        .map_or_else(|| "人工评定".to_owned(), |value| format!("{value}，人工评定")),
                    format!("得{points}分（满分{full}分）"),
                ),
                Outcome::MissingZero => ("未报".to_owned(), format!("计0分（满分{full}分）")),
                Outcome::MissingReweighted => ("未报".to_owned(), "不计分，权重按比例分给其他指标".to_owned()),
                Outcome::MissingBlocked => ("未报".to_owned(), "补报之前不出总分".to_owned()),
                Outcome::NotApplicable => ("不适用".to_owned(), "不计分，权重按比例分给其他指标".to_owned()),
                Outcome::NoEvent => ("无此情形".to_owned(), "不加不扣".to_owned()),
                Outcome::OutsideTrack => ("不在本组考评范围".to_owned(), "不计分".to_owned()),
            };
            format!("{name}：{what}；{rule}；{end}。")
        }
        Language::En => {
            let (what, end) = match told.outcome {
                Outcome::Scored => (value, format!("{points} of {full} points")),
                Outcome::PriorYear => (
                    format!("not reported, last year's {value} is used"),
                    format!("{points} of {full} points"),
                ),
                Outcome::Awarded => (
                    told.value.map_or_else(
                        || "decided by a reviewer".to_owned(),
                        |value| format!("{value}, decided by a reviewer"),
                    ),
                    format!("{points} of {full} points"),
                ),
                Outcome::MissingZero => ("not reported".to_owned(), format!("0 of {full} points")),
                Outcome::MissingReweighted => (
                    "not reported".to_owned(),
                    "left out, its weight goes to the others".to_owned(),
                ),
                Outcome::MissingBlocked => ("not reported".to_owned(), "no total until it is".to_owned()),
                Outcome::NotApplicable => (
                    "cannot exist here".to_owned(),
                    "left out, its weight goes to the others".to_owned(),
                ),
                Outcome::NoEvent => ("nothing reported".to_owned(), "no points on or off".to_owned()),
                Outcome::OutsideTrack => ("outside this track".to_owned(), "not scored".to_owned()),
            };
            format!("{name}: {what}; {rule}; {end}.")
        }
    }
}

/// A rule in words. Its numbers stand in `unit`.
#[must_use]
pub fn rule(rule: &Rule, unit: &str, target: Option<&str>, language: Language) -> String {
    match language {
        Language::Zh => zh(rule, unit, target),
        Language::En => en(rule, unit, target),
    }
}

fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

fn zh(rule: &Rule, unit: &str, target: Option<&str>) -> String {
    let number = |value: Decimal| format!("{}{unit}", plain(value));
    let bound = |bound: Bound| match bound {
        Bound::AtLeast(value) => format!("≥{}", number(value)),
        Bound::AtMost(value) => format!("≤{}", number(value)),
    };
    match rule {
        Rule::Target { goal, zero } => {
            let goal = match goal {
                Goal::Fixed(goal) => number(*goal),
                Goal::Stored => {
                    target.map_or_else(|| "本单位目标值".to_owned(), |target| format!("本单位目标值{target}"))
                }
            };
            format!("达到{goal}得满分，{}得0分，其间按距离折算", number(*zero))
        }
        Rule::Linear { from, to } => format!("从{}（0分）到{}（满分）按比例折算", number(*from), number(*to)),
        Rule::Bands(bands) => {
            let step = |band: &super::framework::Band| {
                let here = band.bound.map_or_else(|| "其余".to_owned(), bound);
                if band.lost.is_zero() {
                    format!("{here}得满分")
                } else {
                    format!("{here}扣{}分", plain(band.lost))
                }
            };
            bands.iter().map(step).collect::<Vec<_>>().join("，")
        }
        Rule::Deduct { each, free } if free.is_zero() => format!("每{unit}扣{}分，扣完为止", plain(*each)),
        Rule::Deduct { each, free } => format!("超过{}的部分每{unit}扣{}分，扣完为止", number(*free), plain(*each)),
        Rule::Threshold(limit) => format!("{}得满分，否则0分", bound(*limit)),
        Rule::YesNo { wanted } => format!("{}得满分，否则0分", if *wanted { "是" } else { "否" }),
        Rule::Manual => "由考评人员评分".to_owned(),
        Rule::MinMax { .. } => "在同组最差与最好之间按比例折算".to_owned(),
        Rule::Percentile { .. } => "按同组中劣于本单位的比例折算".to_owned(),
        Rule::Bonus { each, cap } => match each {
            Some(each) => format!("每{unit}加{}分，最多加{}分", plain(*each), plain(*cap)),
            None => format!("由考评人员加分，最多加{}分", plain(*cap)),
        },
        Rule::Penalty { each, cap } => match each {
            Some(each) => format!("每{unit}扣{}分，最多扣{}分", plain(*each), plain(*cap)),
            None => format!("由考评人员扣分，最多扣{}分", plain(*cap)),
        },
        Rule::Veto { when, cap } => format!("{}时一票否决，总分不超过{}分", bound(*when), plain(*cap)),
    }
}

fn en(rule: &Rule, unit: &str, target: Option<&str>) -> String {
    let number = |value: Decimal| format!("{} {unit}", plain(value));
    let bound = |bound: Bound| match bound {
        Bound::AtLeast(value) => format!("at least {}", number(value)),
        Bound::AtMost(value) => format!("at most {}", number(value)),
    };
    match rule {
        Rule::Target { goal, zero } => {
            let goal = match goal {
                Goal::Fixed(goal) => number(*goal),
                Goal::Stored => target.map_or_else(
                    || "its own target".to_owned(),
                    |target| format!("its own target of {target}"),
                ),
            };
            format!("full marks at {goal}, none at {}, by distance between", number(*zero))
        }
        Rule::Linear { from, to } => format!("in proportion from {} (none) to {} (all)", number(*from), number(*to)),
        Rule::Bands(bands) => {
            let step = |band: &super::framework::Band| {
                let here = band.bound.map_or_else(|| "else".to_owned(), bound);
                if band.lost.is_zero() {
                    format!("{here}: full marks")
                } else {
                    format!("{here}: −{}", plain(band.lost))
                }
            };
            bands.iter().map(step).collect::<Vec<_>>().join(", ")
        }
        Rule::Deduct { each, free } if free.is_zero() => format!("−{} for each, not below 0", plain(*each)),
        Rule::Deduct { each, free } => format!("−{} for each beyond {}, not below 0", plain(*each), number(*free)),
        Rule::Threshold(limit) => format!("{} or nothing", bound(*limit)),
        Rule::YesNo { wanted } => format!("{} or nothing", if *wanted { "yes" } else { "no" }),
        Rule::Manual => "a reviewer gives the points".to_owned(),
        Rule::MinMax { .. } => "in proportion between the worst and the best of the track".to_owned(),
        Rule::Percentile { .. } => "by the share of the track that is worse".to_owned(),
        Rule::Bonus { each, cap } => match each {
            Some(each) => format!("+{} for each, at most {}", plain(*each), plain(*cap)),
            None => format!("a reviewer adds at most {}", plain(*cap)),
        },
        Rule::Penalty { each, cap } => match each {
            Some(each) => format!("−{} for each, at most {}", plain(*each), plain(*cap)),
            None => format!("a reviewer takes off at most {}", plain(*cap)),
        },
        Rule::Veto { when, cap } => format!("{} is a veto: at most {} in all", bound(*when), plain(*cap)),
    }
}
