//! What is said about a figure besides its value: flags, its source, a note, and the name that our own workbooks give it.

use analytics::flag::{Flag, Flags};

use super::cell::Document;
use super::check::Check;
use crate::intake::figures::Field;
use crate::intake::problem::{Text, clip};

/// Flags that a file may give; the others are set by calculations.
const GIVEN: [Flag; 4] = [
    Flag::Break,
    Flag::BoundaryChanged,
    Flag::DerivedFromText,
    Flag::ScopeChanged,
];
/// Longest text of a field.
const LONGEST: usize = 2000;

impl Check<'_> {
    pub(super) fn texts(&mut self) {
        for field in [
            Field::Printed,
            Field::SourceTitle,
            Field::SourceUrl,
            Field::Publisher,
            Field::Locator,
            Field::Note,
        ] {
            if self.entry.get(field).chars().count() > LONGEST {
                let message = Text::new("the text is too long", "文字过长");
                let hint = Text::new(
                    format!("write at most {LONGEST} characters"),
                    format!("最多 {LONGEST} 个字"),
                );
                self.fault(field, message, hint);
            }
        }
    }

    /// The revision that a row of our own workbooks was written from. Its codes must still be those of its hidden name: whoever changed them meant another
    /// figure, or did not mean to.
    pub(super) fn written_from(&mut self) -> Option<i32> {
        let name = self.entry.some(Field::Cell)?;
        let codes = [Field::Indicator, Field::Org, Field::Period, Field::Breakdown].map(|field| self.entry.get(field));
        let (place, revision) = name.rsplit_once('#').unwrap_or((name, ""));
        let revision = revision.parse().ok().filter(|_| place == codes.join("@"));
        if revision.is_none() {
            self.fault(
                Field::Cell,
                Text::new(
                    format!(
                        "the row was written for `{}`, and its codes are others now",
                        clip(place)
                    ),
                    format!("该行原为“{}”,代码已被改动", clip(place)),
                ),
                Text::new(
                    "take the row from the workbook again; for another figure add a row without `cell`",
                    "请从原表重新取该行;如要填报其他数据,请新增一行并把“单元标识”留空",
                ),
            );
        }
        revision
    }

    pub(super) fn flags(&mut self) -> Option<Flags> {
        let mut flags = Flags::NONE;
        let text = self.entry.get(Field::Flags);
        for name in text.split('|').map(str::trim).filter(|name| !name.is_empty()) {
            match name.parse::<Flag>().ok().filter(|flag| GIVEN.contains(flag)) {
                Some(flag) => flags = flags.with(flag),
                None => {
                    let all = GIVEN.map(|flag| flag.to_string()).join(", ");
                    let message = Text::new(
                        format!("`{}` is not a flag that a file gives", clip(name)),
                        format!("“{}”不是可填报的标记", clip(name)),
                    );
                    let hint = Text::new(format!("write {all} joined by |"), format!("可填:{all},多个用 | 连接"));
                    self.fault(Field::Flags, message, hint);
                    return None;
                }
            }
        }
        Some(flags)
    }

    pub(super) fn document(&mut self) -> Option<Document> {
        let published_on = self.entry.some(Field::PublishedOn).map(str::to_owned);
        if let Some(date) = &published_on
            && (date.len() != 10 || chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_err())
        {
            let message = Text::new(
                format!("`{}` is not a date", clip(date)),
                format!("“{}”不是日期", clip(date)),
            );
            self.fault(
                Field::PublishedOn,
                message,
                Text::new("write it as 2021-12-27", "请写成 2021-12-27"),
            );
        }
        let publisher = self.entry.some(Field::Publisher).map(str::to_owned);
        let Some(title) = self.entry.some(Field::SourceTitle) else {
            if self.entry.some(Field::SourceUrl).is_some() || published_on.is_some() || publisher.is_some() {
                let message = Text::new("a source has no title", "来源没有标题");
                self.fault(
                    Field::SourceTitle,
                    message,
                    Text::new("write the title of the document", "请写文件标题"),
                );
            }
            return None;
        };
        Some(Document {
            title: title.to_owned(),
            address: self.entry.get(Field::SourceUrl).to_owned(),
            publisher,
            published_on,
            content_hash: None,
        })
    }
}
