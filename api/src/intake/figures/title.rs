//! What stands inside longer texts, titles above a table and names of sheets: periods, and `填报单位:笋岗街道`.

use std::ops::Range;

use analytics::period::Period;

use super::field::Field;
use super::plain::{compact, half_width};
use super::span::{self, SpanFault};

/// Longest text of a period, in characters.
const LONGEST: usize = 24;
/// Characters of a title that are read; a longer text is an explanation.
const LONGEST_TITLE: usize = 200;
/// Longest label before a colon, spaces included.
const LONGEST_LABEL: usize = 16;

/// Labels of the day on which a form was made or sent, beside those of its publication.
const DAYS: [&str; 15] = [
    "日期",
    "填报日期",
    "填表日期",
    "制表日期",
    "报送日期",
    "上报日期",
    "打印日期",
    "导出日期",
    "填报时间",
    "填表时间",
    "制表时间",
    "报送时间",
    "上报时间",
    "打印时间",
    "导出时间",
];

/// Months that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mention {
    /// A period.
    Period(Period),
    /// One of several; the choices.
    Open(Vec<String>),
}

/// What a label before a colon announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Org,
    Indicator,
    Period,
    Unit,
    /// `单位`: an organisation or a unit.
    UnitOrOrg,
    /// The day on which a form was filled in or published, which is no period of its figures.
    Day,
}

/// A label and what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Labelled {
    pub(super) label: Label,
    /// The words behind it, without spaces.
    pub(super) words: Vec<String>,
    /// Where both stand in the text.
    pub(super) place: Range<usize>,
}

/// Every period in a text, but for plain dates: they say when something was written.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let text = compact(text);
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some((start, character)) = characters.get(from).copied() {
        let is_digit = |place: usize| characters.get(place).is_some_and(|(_, other)| other.is_ascii_digit());
        let begins = character == '截' || (is_digit(from) && (from == 0 || !is_digit(from - 1)));
        if !begins {
            from += 1;
            continue;
        }
        let longest = (from + 5..=characters.len().min(from + LONGEST)).rev().find_map(|to| {
            let end = characters.get(to).map_or(text.len(), |(at, _)| *at);
            Some((read(text.get(start..end)?)?, to))
        });
        match longest {
            Some((mention, to)) => {
                found.extend(mention.filter(|mention| !found.contains(mention)));
                from = to;
            }
            None => from += 1,
        }
    }
    found
}

/// A period, or a date, which is read and says nothing.
fn read(text: &str) -> Option<Option<Mention>> {
    // A plain number in a title is not a year.
    if !text.contains(['年', '月', '-']) {
        return None;
    }
    match span::parse(text, None) {
        Ok(period) => Some(Some(Mention::Period(period))),
        Err(SpanFault::Ambiguous(choices)) => {
            let is_date = text.contains(['年', '-']) && !text.starts_with('截') && !text.contains(['至', '到']);
            Some((!is_date).then_some(Mention::Open(choices)))
        }
        Err(SpanFault::Form | SpanFault::NoYear) => None,
    }
}

/// `填报单位:笋岗街道 统计期间:2021年1-9月 单 位:件`, with or without spaces; `text` is half-width.
pub(super) fn labelled(text: &str) -> Vec<Labelled> {
    let mut starts: Vec<(usize, usize, Label)> = Vec::new();
    let mut from = 0;
    for (colon, _) in text.match_indices(':') {
        let before = text.get(from..colon).unwrap_or_default();
        let longest = before.char_indices().rev().take(LONGEST_LABEL);
        let known = longest.filter_map(|(at, character)| {
            let label = label(&compact(before.get(at..)?)).filter(|_| !character.is_whitespace())?;
            Some((from + at, colon, label))
        });
        starts.extend(known.last());
        from = colon + 1;
    }
    let ends = starts.iter().skip(1).map(|(start, ..)| *start).chain([text.len()]);
    let mut found: Vec<Labelled> = Vec::new();
    for ((start, colon, label), next) in starts.iter().copied().zip(ends) {
        let behind = text.get(colon + 1..next).unwrap_or_default();
        let length = behind.find(['(', ')', ';', ',', '\n']).unwrap_or(behind.len());
        let behind = behind.get(..length).unwrap_or_default();
        found.push(Labelled {
            label,
            words: behind.split_whitespace().map(str::to_owned).collect(),
            place: start..colon + 1 + length,
        });
    }
    found
}

impl Labelled {
    /// What `find` knows of the words behind the label: of all of them, else of the first ones.
    pub(super) fn first<T>(&self, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        let most = self.words.len();
        (1..=most)
            .rev()
            .find_map(|count| find(&self.words.get(..count)?.concat()))
    }
}

fn label(word: &str) -> Option<Label> {
    match word {
        "单位" => return Some(Label::UnitOrOrg),
        "金额单位" | "数量单位" => return Some(Label::Unit),
        _ if DAYS.contains(&word) => return Some(Label::Day),
        _ => {}
    }
    match Field::of_label(word) {
        Some(Field::Org) => Some(Label::Org),
        Some(Field::Indicator) => Some(Label::Indicator),
        Some(Field::Period) => Some(Label::Period),
        Some(Field::Unit) => Some(Label::Unit),
        Some(Field::PublishedOn) => Some(Label::Day),
        _ => None,
    }
}

/// Titles in half-width signs; one that ends in a colon has its text in the next cell.
pub(super) fn joined(titles: &[&str]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    for title in titles {
        let end = title
            .char_indices()
            .nth(LONGEST_TITLE)
            .map_or(title.len(), |(at, _)| at);
        let title = half_width(title.get(..end).unwrap_or_default());
        let open = joined
            .last_mut()
            .filter(|before| before.len() <= LONGEST_TITLE && before.trim_end().ends_with(':'));
        match open {
            Some(before) => before.push_str(&title),
            None => joined.push(title.into_owned()),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let told = mentions(text).into_iter().map(|mention| match mention {
            Mention::Period(period) => period.to_string(),
            Mention::Open(choices) => format!("? {}", choices.join(" ")),
        });
        told.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn titles_tell_their_periods() {
        for (title, wanted) in [
            ("罗湖区2021年1-9月信访统计表", "2021-01/2021-09"),
            ("2021年度报告(2020年数据)", "2021, 2020"),
            ("各街道截至2021年9月底信访情况", "2021-01/2021-09"),
            ("(2021年1月1日至9月30日)", "2021-01/2021-09"),
            (
                "2021年度(截至2021年11月20日)",
                "2021, ? 2021-01/2021-11 2021-01/2021-10",
            ),
            ("20204月信访统计", "? 2020-04 2020-01/2020-04"),
            ("统计表 第1234号", ""),
            ("笋岗街道 2021年12月27日", ""),
            ("打印于 2021-12-27", ""),
        ] {
            assert_eq!(told(title), wanted, "{title}");
        }
    }

    #[test]
    fn labels_tell_what_stands_behind_them() {
        let told = |text: &str| -> Vec<(Label, String)> {
            let found = labelled(text).into_iter();
            found.map(|part| (part.label, part.words.join(" "))).collect()
        };
        let all = |org: &str| {
            vec![
                (Label::Org, org.to_owned()),
                (Label::Period, "2021年1-9月".to_owned()),
                (Label::UnitOrOrg, "件".to_owned()),
            ]
        };
        assert_eq!(told("填报单位:笋岗街道统计期间:2021年1-9月单位:件"), all("笋岗街道"));
        assert_eq!(
            told("填报单位: 笋岗街道 办事处   统计期间 : 2021年1-9月  单  位: 件"),
            all("笋岗街道 办事处")
        );
        assert_eq!(
            told("(计量单位:宗) 填表日期:2021年10月"),
            [(Label::Unit, "宗".to_owned()), (Label::Day, "2021年10月".to_owned())]
        );
        assert_eq!(told("关于信访:情况"), []);
        let part = &labelled("填报单位:笋岗街道 审核:张三")[0];
        assert_eq!(part.first(|text| (text == "笋岗街道").then_some(1)), Some(1));
    }

    #[test]
    fn a_label_may_have_its_text_in_the_next_cell() {
        assert_eq!(
            joined(&["统计表", "填报单位：", "笋岗街道"]),
            ["统计表", "填报单位:笋岗街道"]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[年月日至截期间单位:0-9 -]{0,30}|.{0,30}") {
            let _ = mentions(&text);
            let _ = labelled(&text);
        }
    }
}
