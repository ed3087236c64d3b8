//! Words that stand where a number is expected, and what they mean; a mapping may say otherwise.

use std::collections::BTreeMap;

use analytics::status::Status;

/// What a word means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// There is no number, and why.
    Absent(Status),
    /// This number.
    Number(String),
    /// Nothing: the cell is left alone.
    Blank,
    /// It means one thing here and another there: somebody must say which.
    Unclear,
}

/// Words for a figure that is owed and was not reported.
const MISSING: [&str; 15] = [
    "未报",
    "未报送",
    "未上报",
    "未填报",
    "缺报",
    "待报",
    "暂缺",
    "缺失",
    "-",
    "--",
    "---",
    "—",
    "——",
    "–",
    "―",
];
/// Words for a figure that cannot exist here.
const NOT_APPLICABLE: [&str; 8] = ["不适用", "不涉及", "无此项", "/", "\\", "n/a", "na", "#n/a"];
/// Words for a figure that is known and withheld.
const SUPPRESSED: [&str; 4] = ["保密", "涉密", "不公开", "不予公开"];
/// Words that are zero in one sheet and unknown in the next.
const UNCLEAR: [&str; 6] = ["无", "没有", "暂无", "空", "…", "..."];

/// The code of a totals row in our own tables.
const ALL: &str = "_T";
/// Rows that sum others up.
const TOTALS: [&str; 11] = [
    "合计",
    "总计",
    "小计",
    "总数",
    "共计",
    "累计",
    "平均",
    "平均值",
    "全区合计",
    "全市合计",
    "total",
];

/// The words of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    given: BTreeMap<String, Meaning>,
}

impl Words {
    /// The usual words, and what `given` says of some.
    #[must_use]
    pub fn new(given: BTreeMap<String, Meaning>) -> Self {
        Self { given }
    }

    /// What a word means, if it stands for the absence of a number; `word` is compact.
    #[must_use]
    pub fn meaning(&self, word: &str) -> Option<Meaning> {
        if let Some(meaning) = self.given.get(word) {
            return Some(meaning.clone());
        }
        let lower = word.to_lowercase();
        let is = |list: &[&str]| list.contains(&lower.as_str());
        if is(&MISSING) {
            Some(Meaning::Absent(Status::Missing))
        } else if is(&NOT_APPLICABLE) {
            Some(Meaning::Absent(Status::NotApplicable))
        } else if is(&SUPPRESSED) {
            Some(Meaning::Absent(Status::Suppressed))
        } else {
            is(&UNCLEAR).then_some(Meaning::Unclear)
        }
    }
}

/// Headers of columns that sum up others; 累计 is not among them, it may be the months up to now.
const SUMS: [&str; 6] = ["合计", "总计", "小计", "总数", "共计", "total"];

/// Whether a header stands for a column that sums up others.
pub(super) fn is_sum(label: &str) -> bool {
    SUMS.contains(&label.to_lowercase().as_str())
}

/// Whether a text stands for a row that sums up others.
pub(super) fn is_total(text: &str) -> bool {
    text == ALL || TOTALS.contains(&text)
}

/// The status that a cell of a status column means, by code or Chinese word.
#[must_use]
pub fn status(text: &str) -> Option<Status> {
    if let Ok(status) = text.parse() {
        return Some(status);
    }
    Some(match text {
        "正常" => Status::Normal,
        "快报" | "初步" | "暂定" => Status::Provisional,
        "估计" | "估算" | "预计" => Status::Estimated,
        "下限" | "至少" => Status::LowerBound,
        "未报" | "缺报" => Status::Missing,
        "不适用" => Status::NotApplicable,
        "保密" | "不公开" => Status::Suppressed,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_one_meaning_unless_a_mapping_gives_another() {
        let usual = Words::default();
        assert_eq!(usual.meaning("—"), Some(Meaning::Absent(Status::Missing)));
        assert_eq!(usual.meaning("/"), Some(Meaning::Absent(Status::NotApplicable)));
        assert_eq!(usual.meaning("N/A"), Some(Meaning::Absent(Status::NotApplicable)));
        assert_eq!(usual.meaning("无"), Some(Meaning::Unclear));
        assert_eq!(usual.meaning("12"), None);
        let zero = Words::new(BTreeMap::from([("无".to_owned(), Meaning::Number("0".to_owned()))]));
        assert_eq!(zero.meaning("无"), Some(Meaning::Number("0".to_owned())));
        let mut all: Vec<&str> = [&MISSING[..], &NOT_APPLICABLE, &SUPPRESSED, &UNCLEAR].concat();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
