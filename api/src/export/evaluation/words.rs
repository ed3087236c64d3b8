//! The Chinese words of the codes in an evaluation: what a reader sees beside them. A code without a word is told as it is.

use analytics::period::Period;
use analytics::sentence::period_zh;

/// How the points of a criterion came to be, with what it means.
pub(super) const OUTCOMES: [(&str, &str, &str); 9] = [
    ("SCORED", "按规则计分", "按本期数值和计分规则得分"),
    ("PRIOR_YEAR", "沿用上年", "本期未报，按方案沿用上年数值计分"),
    ("AWARDED", "人工评定", "由考评人员评定得分"),
    ("MISSING_ZERO", "未报计0分", "应报未报，按方案计0分"),
    (
        "MISSING_REWEIGHTED",
        "未报不计",
        "应报未报，按方案不计分，权重按比例分给其他指标",
    ),
    ("MISSING_BLOCKED", "未报待补", "应报未报，按方案补报之前不出总分"),
    (
        "NOT_APPLICABLE",
        "不适用",
        "本单位不存在该事项，不计分，权重按比例分给其他指标",
    ),
    ("NO_EVENT", "无此情形", "未发生加分、扣分或否决的情形"),
    ("OUTSIDE_TRACK", "不考评", "该指标不在本组考评范围"),
];

/// The remarks on a value, with what they mean.
pub(super) const FLAGS: [(&str, &str, &str); 12] = [
    ("BREAK", "序列中断", "与本单位以前的数值不可比"),
    ("BOUNDARY_CHANGED", "区划调整", "自该数值起本单位管辖范围有变动"),
    ("DERIVED_FROM_TEXT", "由文字取得", "数值由文字表述取得"),
    ("SCOPE_CHANGED", "口径调整", "自该数值起统计口径有变动"),
    ("INCOMPLETE", "汇总不全", "应汇总的数值有缺"),
    ("SUMMED_OVER_TIME", "按期累加", "由月、季或半年数累加"),
    ("ROLLED_UP", "下级汇总", "由下级单位数值汇总"),
    ("DISCREPANCY", "与原文不符", "原文所列数值与计算结果不一致"),
    ("PROVISIONAL", "含暂定数", "含可能修订的数值"),
    ("ESTIMATED", "含估计数", "含估计或推算的数值"),
    ("LOWER_BOUND", "含下限数", "含“不少于”一类的数值"),
    ("UNPUBLISHED", "含未发布数", "含已报送、尚未发布的数值"),
];

/// The states of a value.
const STATUSES: [(&str, &str); 7] = [
    ("NORMAL", "正常"),
    ("PROVISIONAL", "暂定数"),
    ("ESTIMATED", "估计数"),
    ("LOWER_BOUND", "不少于"),
    ("MISSING", "未报"),
    ("NOT_APPLICABLE", "不适用"),
    ("SUPPRESSED", "不公开"),
];

/// What a reader must know beside the scores.
const WARNINGS: [(&str, &str); 5] = [
    ("NO_DISCRIMINATION", "同组各单位得分相同，该指标没有区分度"),
    ("FEW_PEERS", "同组可比单位不足三个"),
    ("NO_VALUES", "同组各单位均无数值"),
    ("MOSTLY_MISSING", "同组半数及以上单位无本期数值"),
    ("BLOCKED", "有单位因未报而不出总分"),
];

/// The other codes.
const OTHERS: [(&str, &str); 12] = [
    ("SELF_SCORE", "自评"),
    ("REVIEW", "审核"),
    ("FINAL", "核定"),
    ("PROBLEM", "问题"),
    ("TASK", "任务"),
    ("OPEN", "未完成"),
    ("DONE", "已完成"),
    ("CARRIED_OVER", "结转下年"),
    ("total", "总分"),
    ("dimension", "维度"),
    ("criterion", "指标"),
    ("adjustment", "加减分项"),
];

/// A period as people say it; its code where that is none.
pub(super) fn period(code: &str) -> String {
    code.parse::<Period>().map_or_else(|_| code.to_owned(), period_zh)
}

/// The word of an outcome.
pub(super) fn outcome(code: &str) -> &str {
    triple(&OUTCOMES, code)
}

/// The words of flags, joined.
pub(super) fn flags<'a>(codes: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = codes.into_iter().map(|code| triple(&FLAGS, code)).collect();
    words.join("、")
}

/// The word of a status.
pub(super) fn status(code: &str) -> &str {
    pair(&STATUSES, code)
}

/// The word of a warning.
pub(super) fn warning(code: &str) -> &str {
    pair(&WARNINGS, code)
}

/// The word of a stage of scoring, of a rectification's kind or status, or of a level.
pub(super) fn other(code: &str) -> &str {
    pair(&OTHERS, code)
}

fn pair<'a>(words: &[(&str, &'a str)], code: &'a str) -> &'a str {
    words
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(code, |(_, word)| word)
}

fn triple<'a>(words: &[(&str, &'a str, &str)], code: &'a str) -> &'a str {
    words
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or(code, |(_, word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether each of these has a word.
    fn are_told<T: strum::IntoEnumIterator + ToString>(word: impl Fn(&str) -> String) {
        for one in T::iter() {
            let code = one.to_string();
            assert_ne!(word(&code), code);
        }
    }

    #[test]
    fn every_code_of_a_result_has_a_word() {
        are_told::<analytics::flag::Flag>(|code| flags([code]));
        are_told::<analytics::status::Status>(|code| status(code).to_owned());
        for stage in ["SELF_SCORE", "REVIEW", "FINAL"] {
            assert_ne!(other(stage), stage);
        }
    }

    #[test]
    fn an_unknown_code_is_told_as_it_is() {
        assert_eq!(outcome("SCORED"), "按规则计分");
        assert_eq!(outcome("NEW_ONE"), "NEW_ONE");
        assert_eq!(flags(["BREAK", "NEW"]), "序列中断、NEW");
    }
}
