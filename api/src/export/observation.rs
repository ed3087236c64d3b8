//! Figures to work on: CSV and XLSX with the columns that an import takes, in the units and digits of their sources, so that a corrected file can be sent again.

use std::io::Write;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::style;
use crate::intake::book::neutral::neutralised;

/// Rows that a sheet can hold below its head.
pub const MOST_SHEET_ROWS: usize = 1_048_575;

/// One figure with its names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Code of the indicator.
    pub indicator: String,
    /// Its name.
    pub indicator_name: String,
    /// Code of the organisation.
    pub org: String,
    /// Its name.
    pub org_name: String,
    /// Code of the period.
    pub period: String,
    /// Item of a breakdown as `breakdown=item`; empty for the total.
    pub breakdown: String,
    /// The figure in `unit`, with the digits that were printed; none where there is no number.
    pub value: Option<String>,
    /// The unit as printed.
    pub unit: String,
    /// Status.
    pub status: String,
    /// As printed in the source.
    pub printed: String,
    /// Flags, joined by `|`.
    pub flags: String,
    /// Title of the document.
    pub source_title: String,
    /// Where it stands.
    pub source_url: String,
    /// Who published it.
    pub publisher: String,
    /// When it was published.
    pub published_on: String,
    /// Place in the document.
    pub locator: String,
    /// What to beware of.
    pub note: String,
    /// Number of the revision.
    pub revision: i32,
}

/// What the whole file says of itself.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Label and text, in the order of the sheet.
    pub lines: Vec<(String, String)>,
}

impl About {
    /// Of figures of one state of the database.
    #[must_use]
    pub fn figures(as_of: &str, rows: usize) -> Self {
        let lines = [
            ("内容", "数值按来源的单位和小数位列出;修改后可直接再次导入".to_owned()),
            ("截止时点(asOf)", as_of.to_owned()),
            ("行数", rows.to_string()),
        ];
        Self {
            lines: lines
                .into_iter()
                .map(|(label, text)| (label.to_owned(), text))
                .collect(),
        }
    }
}

/// The columns, with their Chinese labels and widths.
const COLUMNS: [(&str, &str, f64); 19] = [
    ("indicator", "指标代码", 30.0),
    ("indicator_name", "指标名称(参考)", 28.0),
    ("org", "机构代码", 26.0),
    ("org_name", "机构名称(参考)", 24.0),
    ("period", "期间", 18.0),
    ("breakdown", "分类", 18.0),
    ("value", "数值", 14.0),
    ("unit", "计量单位", 10.0),
    ("status", "状态", 16.0),
    ("printed", "原文", 16.0),
    ("flags", "标记", 18.0),
    ("source_title", "来源", 32.0),
    ("source_url", "网址", 24.0),
    ("publisher", "发布机构", 20.0),
    ("published_on", "发布日期", 12.0),
    ("locator", "位置", 16.0),
    ("note", "备注", 28.0),
    ("revision", "revision", 9.0),
    ("cell", "单元标识", 30.0),
];

impl Row {
    /// The hidden name of the figure and its revision, by which a corrected file is held against what is stored.
    #[must_use]
    pub fn cell(&self) -> String {
        format!(
            "{}@{}@{}@{}#{}",
            self.indicator, self.org, self.period, self.breakdown, self.revision
        )
    }

    fn texts(&self) -> [String; COLUMNS.len()] {
        [
            self.indicator.clone(),
            self.indicator_name.clone(),
            self.org.clone(),
            self.org_name.clone(),
            self.period.clone(),
            self.breakdown.clone(),
            self.value.clone().unwrap_or_default(),
            self.unit.clone(),
            self.status.clone(),
            self.printed.clone(),
            self.flags.clone(),
            self.source_title.clone(),
            self.source_url.clone(),
            self.publisher.clone(),
            self.published_on.clone(),
            self.locator.clone(),
            self.note.clone(),
            self.revision.to_string(),
            self.cell(),
        ]
    }
}

/// Writes rows as CSV, one after the other.
pub struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// Begins a file; with a byte order mark Excel reads it as UTF-8.
    ///
    /// # Errors
    /// When the target cannot be written.
    pub fn new(target: W, with_mark: bool) -> Result<Self, std::io::Error> {
        Self::continued(target, true, with_mark)
    }

    /// A part of a file: the head is written with the first one only.
    ///
    /// # Errors
    /// When the target cannot be written.
    pub fn continued(mut target: W, is_first: bool, with_mark: bool) -> Result<Self, std::io::Error> {
        if is_first && with_mark {
            target.write_all(b"\xef\xbb\xbf")?;
        }
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(target);
        if is_first {
            writer.write_record(COLUMNS.map(|(name, ..)| name))?;
        }
        Ok(Self { writer })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// When the target cannot be written.
    pub fn row(&mut self, row: &Row) -> Result<(), std::io::Error> {
        let texts = row.texts();
        Ok(self
            .writer
            .write_record(texts.iter().map(|text| neutralised(text).into_owned()))?)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the target cannot be written.
    pub fn end(mut self) -> Result<(), std::io::Error> {
        self.writer.flush()
    }
}

/// A workbook of figures: the codes are locked, the hidden names go with each row, and a sheet says what the file is.
///
/// # Errors
/// When there are more rows than a sheet holds, or a text that no cell holds.
pub fn workbook(rows: &[Row], about: &About) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    sheet(workbook.add_worksheet(), rows)?;
    about_sheet(workbook.add_worksheet(), about)?;
    workbook.save_to_buffer()
}

fn sheet(worksheet: &mut Worksheet, rows: &[Row]) -> Result<(), XlsxError> {
    worksheet.set_name("数据")?;
    worksheet.set_freeze_panes(1, 2)?;
    style::printed(worksheet)?;
    let head = style::head();
    for (column, (name, label, width)) in (0u16..).zip(COLUMNS) {
        let label = if name == label {
            name.to_owned()
        } else {
            label.to_owned()
        };
        worksheet.write_string_with_format(0, column, label, &head)?;
        worksheet.set_column_width(column, width)?;
    }
    let hidden = u16::try_from(COLUMNS.len() - 1).unwrap_or(u16::MAX);
    worksheet.set_column_hidden(hidden)?;
    let formats: Vec<Format> = (0..=15).map(style::number).collect();
    for (line, row) in (1u32..).zip(rows) {
        for (column, text) in (0u16..).zip(row.texts()) {
            let is_value = COLUMNS
                .get(usize::from(column))
                .is_some_and(|(name, ..)| *name == "value");
            match text.parse::<f64>() {
                Ok(number) if is_value => {
                    let decimals = text.split_once('.').map_or(0, |(_, digits)| digits.len());
                    match formats.get(decimals) {
                        Some(format) => worksheet.write_number_with_format(line, column, number, format)?,
                        None => worksheet.write_number(line, column, number)?,
                    };
                }
                _ if text.is_empty() => {}
                _ => {
                    worksheet.write_string(line, column, text)?;
                }
            }
        }
    }
    if let (Ok(last), false) = (u32::try_from(rows.len()), rows.is_empty()) {
        worksheet.autofilter(0, 0, last, hidden)?;
    }
    Ok(())
}

/// What the file is, on a sheet that an import leaves out.
pub(super) fn about_sheet(worksheet: &mut Worksheet, about: &About) -> Result<(), XlsxError> {
    worksheet.set_name("说明")?;
    worksheet.set_column_width(0, 22)?;
    worksheet.set_column_width(1, 80)?;
    let wrapped = Format::new().set_text_wrap();
    for (line, (label, text)) in (0u32..).zip(&about.lines) {
        worksheet.write_string_with_format(line, 0, label, &style::head())?;
        worksheet.write_string_with_format(line, 1, text, &wrapped)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::book::{self, Limits};
    use crate::intake::figures::Field;

    fn row() -> Row {
        Row {
            indicator: "a".to_owned(),
            org: "b".to_owned(),
            period: "2021".to_owned(),
            value: Some("97.50".to_owned()),
            unit: "%".to_owned(),
            revision: 2,
            ..Row::default()
        }
    }

    #[test]
    fn every_column_is_read_again_or_says_what_another_says() {
        for (name, label, _) in COLUMNS {
            let names = [name, label];
            let known = name.parse::<Field>().is_ok() || ["indicator_name", "org_name", "revision"].contains(&name);
            assert!(known, "{names:?}");
        }
    }

    #[test]
    fn both_forms_hold_the_same_cells() {
        let mut text = Vec::new();
        let mut csv = CsvWriter::new(&mut text, true).unwrap();
        csv.row(&row()).unwrap();
        csv.end().unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.starts_with("\u{feff}indicator,"));
        assert!(text.ends_with(",2,a@b@2021@#2\r\n"));
        let bytes = workbook(&[row()], &About::default()).unwrap();
        let limits = Limits {
            unpacked_bytes: 10_000_000,
            cells: 1000,
        };
        let book = book::open("a.xlsx", &bytes, &limits).unwrap();
        let cells = book.sheets[0].head(2);
        // A number is a number, and its zeros at the end are the format's.
        assert_eq!(cells[1][6].text, "97.5");
        assert_eq!(cells[1][18].text, "a@b@2021@#2");
    }
}
