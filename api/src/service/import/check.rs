//! The fields of a figure against the catalogue, every fault with its place and the way to mend it.

use analytics::period::Period;
use analytics::status::Status;
use entity::choice::IndicatorKind;
use entity::indicator;
use strum::IntoEnumIterator;

use super::content::Content;
use super::names::Names;
use crate::intake::book::CellKind;
use crate::intake::figures::plain::compact;
use crate::intake::figures::span::{self, SpanFault};
use crate::intake::figures::word::{self, Words};
use crate::intake::figures::{Entry, Field, Named, Vocabulary};
use crate::intake::problem::{Problem, Text, clip, suggest_text};

/// One figure under check.
pub(super) struct Check<'a> {
    pub(super) file: &'a str,
    pub(super) entry: &'a Entry<'a>,
    pub(super) names: &'a Names<'a>,
    pub(super) words: &'a Words,
    pub(super) content: Content,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    pub(super) fn fault(&mut self, field: Field, message: impl Into<Text>, hint: impl Into<Text>) {
        self.problems.push(Problem {
            cell: Some(self.entry.cell(field)),
            ..Problem::of_file(self.file, message, hint)
                .at_line(self.entry.line)
                .in_column(field.name())
        });
    }

    /// A target is a plain number, or withdrawn.
    pub(super) fn target(&mut self) {
        if self.content == Content::Figures {
            return;
        }
        for field in [Field::Breakdown, Field::Flags] {
            if self.entry.some(field).is_some() {
                let message = Text::new(
                    format!("a target has no {}", field.name()),
                    format!("目标值没有“{}”", field.chinese()),
                );
                self.fault(field, message, Text::new("leave it blank", "请留空"));
            }
        }
        if self
            .entry
            .some(Field::Status)
            .is_some_and(|status| !matches!(status, "NORMAL" | "MISSING"))
        {
            let message = Text::new("a target is set or withdrawn", "目标值只能设定或撤销");
            let hint = Text::new(
                "leave it blank; write MISSING with a blank value to withdraw a target",
                "请留空;撤销目标值请写 MISSING 并把数值留空",
            );
            self.fault(Field::Status, message, hint);
        }
    }

    pub(super) fn indicator(&mut self) -> Option<&'a indicator::Model> {
        let text = compact(self.entry.get(Field::Indicator));
        let catalog = self.names.catalog();
        let found = match catalog.indicator_by_code(&text) {
            Some(known) => Some(known),
            None => match self.names.indicator(&text) {
                Named::One(code) => catalog.indicator_by_code(&code),
                Named::Several(codes) => return self.several(Field::Indicator, &codes),
                Named::Nothing => None,
            },
        };
        let Some(indicator) = found else {
            let known = catalog.indicators().iter();
            let known = known.flat_map(|indicator| [indicator.code.as_str(), indicator.name_zh.as_str()]);
            let hint = suggest_text(&text, known, "the codes stand in the catalogue", "代码和名称见指标目录");
            let message = Text::new(
                format!("there is no indicator `{}`", clip(&text)),
                format!("目录中没有指标“{}”", clip(&text)),
            );
            self.fault(Field::Indicator, message, hint);
            return None;
        };
        if indicator.kind == IndicatorKind::Derived && self.content == Content::Figures {
            let message = Text::new(
                format!("`{}` is computed from other indicators", indicator.code),
                format!("“{}”由其他指标计算得出", indicator.name_zh),
            );
            let hint = Text::new("give the figures it is computed from", "请报送其计算所用的各项数值");
            self.fault(Field::Indicator, message, hint);
            return None;
        }
        Some(indicator)
    }

    fn several<T>(&mut self, field: Field, codes: &[String]) -> Option<T> {
        let text = clip(self.entry.get(field));
        let message = Text::new(
            format!("`{text}` could be {}", codes.join(", ")),
            format!("“{text}”可能是 {}", codes.join("、")),
        );
        self.fault(field, message, Text::new("write the code", "请改写为代码"));
        None
    }

    pub(super) fn period(&mut self) -> Option<Period> {
        let text = self.entry.get(Field::Period);
        if let Ok(period) = text.parse() {
            return Some(period);
        }
        let read = match self.entry.period_kind {
            CellKind::Date => span::of_date(text),
            _ => span::parse(text, self.entry.year),
        };
        let (message, hint) = match read {
            Ok(period) => return Some(period),
            Err(SpanFault::Form) => {
                let told = match text.parse::<Period>() {
                    Err(error) => error.to_string(),
                    Ok(period) => return Some(period),
                };
                (
                    Text::new(told, format!("“{}”不是期间", clip(text))),
                    Text::new(
                        "the period is that of the figure, not of the report",
                        "请填写数据本身的期间,如 2021、2021-09、2021年1-9月",
                    ),
                )
            }
            Err(SpanFault::NoYear) => (
                Text::new(
                    format!("`{}` names no year", clip(text)),
                    format!("“{}”没有写年份", clip(text)),
                ),
                Text::new("write the year, as 2021年1-9月", "请写明年份,如 2021年1-9月"),
            ),
            Err(SpanFault::Ambiguous(choices)) => (
                Text::new(
                    format!("`{}` could be {}", clip(text), choices.join(" or ")),
                    format!("“{}”可能是 {}", clip(text), choices.join(" 或 ")),
                ),
                Text::new("write it as one of them", "请按其中一种明确填写"),
            ),
        };
        self.fault(Field::Period, message, hint);
        None
    }

    pub(super) fn org(&mut self, period: Option<Period>) -> Option<i64> {
        let text = compact(self.entry.get(Field::Org));
        let catalog = self.names.catalog();
        let ordinal = match catalog.org_by_code(&text) {
            Some(ordinal) => Some(ordinal),
            None => match self.names.org(&text) {
                Named::One(code) => catalog.org_by_code(&code),
                Named::Several(codes) => return self.several(Field::Org, &codes),
                Named::Nothing => None,
            },
        };
        let Some(org) = ordinal.and_then(|ordinal| catalog.org(ordinal)) else {
            // A short name is held against the ends of names.
            let length = text.chars().count();
            let end = |name: &'a str| {
                let skipped = name.chars().count().saturating_sub(length);
                name.char_indices().nth(skipped).and_then(|(at, _)| name.get(at..))
            };
            let known = catalog
                .orgs()
                .iter()
                .flat_map(|org| [Some(org.code.as_str()), Some(org.name_zh.as_str()), end(&org.name_zh)])
                .flatten();
            let hint = suggest_text(
                &text,
                known,
                "write its code or its full Chinese name",
                "请写代码或中文全称",
            );
            let message = Text::new(
                format!("there is no organisation `{}`", clip(&text)),
                format!("目录中没有机构“{}”", clip(&text)),
            );
            self.fault(Field::Org, message, hint);
            return None;
        };
        let outside = period.is_some_and(|period| {
            org.valid_from.is_some_and(|first| period.end_month() < first)
                || org.valid_to.is_some_and(|last| period.start_month() > last)
        });
        if outside {
            let message = Text::new(
                format!("`{}` did not exist then", org.code),
                format!("“{}”当时不存在", org.name_zh),
            );
            let hint = Text::new(
                "name the organisation that existed in this period",
                "请改为该期间存在的机构",
            );
            self.fault(Field::Period, message, hint);
        }
        Some(org.id)
    }

    /// The key of an item written as `case_type=civil` or by its name; 0 for the total.
    pub(super) fn breakdown(&mut self) -> Option<i64> {
        let Some(text) = self.entry.some(Field::Breakdown) else {
            return Some(0);
        };
        let text = compact(text);
        if matches!(&*text, "合计" | "总计" | "total") {
            return Some(0);
        }
        let catalog = self.names.catalog();
        let code = match self.names.item(&text) {
            Named::One(code) => Some(code),
            Named::Several(codes) => return self.several(Field::Breakdown, &codes),
            Named::Nothing => None,
        };
        let found = code.as_deref().and_then(|code| catalog.item_by_code(code));
        if found.is_none() {
            let known: Vec<String> = catalog.items().filter_map(|item| catalog.item_code(item.id)).collect();
            let hint = suggest_text(
                &text,
                known.iter().map(String::as_str),
                "write breakdown=item with codes of the catalogue, or leave it blank",
                "请写“分类=分项”的代码,或留空表示合计",
            );
            let message = Text::new(
                format!("there is no breakdown item `{}`", clip(&text)),
                format!("目录中没有分项“{}”", clip(&text)),
            );
            self.fault(Field::Breakdown, message, hint);
        }
        found.map(|item| item.id)
    }

    /// The status that a column gives; none where it says nothing.
    pub(super) fn status(&mut self) -> Option<Option<Status>> {
        let Some(text) = self.entry.some(Field::Status) else {
            return Some(None);
        };
        if let Some(status) = word::status(&compact(text)) {
            return Some(Some(status));
        }
        let names: Vec<String> = Status::iter().map(|status| status.to_string()).collect();
        self.fault(
            Field::Status,
            Text::new(
                format!("`{}` is not a status", clip(text)),
                format!("“{}”不是状态", clip(text)),
            ),
            Text::new(
                format!("write one of {}", names.join(", ")),
                "请写:正常、快报、估计、下限、未报、不适用、保密之一",
            ),
        );
        None
    }

    /// The status in the end: that of the column, else what the value says; both must agree on whether there is a number.
    pub(super) fn agreed(&mut self, given: Option<Status>, about: Option<Status>, has_value: bool) -> Option<Status> {
        let status = given
            .or(about)
            .unwrap_or(if has_value { Status::Normal } else { Status::Missing });
        let (message, hint) = match (status.has_value(), has_value) {
            (true, false) => (
                Text::new(format!("{status} needs a number"), format!("状态 {status} 必须有数值")),
                Text::new("write the number, or another status", "请填写数值,或改状态"),
            ),
            (false, true) => (
                Text::new(format!("{status} has no number"), format!("状态 {status} 不能有数值")),
                Text::new(
                    "leave the value blank, or write another status",
                    "请把数值留空,或改状态",
                ),
            ),
            _ => return Some(status),
        };
        self.fault(Field::Value, message, hint);
        None
    }
}
