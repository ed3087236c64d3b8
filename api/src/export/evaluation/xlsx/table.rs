//! Tables of a workbook: columns with a head, a width and a format; cells that are numbers, moments or texts.

use chrono::{DateTime, TimeDelta};
use rust_decimal::Decimal;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::export::evaluation::report::NodeLabel;
use crate::export::style;

/// Characters that a cell holds.
const MOST_CHARS: usize = 32_767;
/// Points of a line of text.
const LINE: f64 = 15.0;

/// A column.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) title: String,
    pub(super) width: f64,
    pub(super) format: Format,
    wraps: bool,
}

impl Column {
    /// Of numbers or moments.
    pub(super) fn new(title: impl Into<String>, width: f64, format: Format) -> Self {
        Self {
            title: title.into(),
            width,
            format: framed(format),
            wraps: false,
        }
    }

    /// Of texts, which wrap.
    pub(super) fn text(title: impl Into<String>, width: f64) -> Self {
        let mut column = Self::new(title, width, Format::new().set_text_wrap());
        column.wraps = true;
        column
    }

    /// Of short words.
    pub(super) fn word(title: impl Into<String>, width: f64) -> Self {
        let mut column = Self::text(title, width);
        column.format = column.format.set_align(FormatAlign::Center);
        column
    }

    /// Of points, with at least two digits.
    pub(super) fn points(title: impl Into<String>, decimals: u32) -> Self {
        Self::new(title, 9.0, style::number(decimals.max(2)))
    }

    /// Of differences of points, with their sign.
    pub(super) fn change(title: impl Into<String>, decimals: u32) -> Self {
        Self::new(title, 9.0, Format::new().set_num_format(signed(decimals.max(2))))
    }

    /// Of whole numbers.
    pub(super) fn whole(title: impl Into<String>) -> Self {
        Self::new(
            title,
            8.0,
            Format::new().set_num_format("0").set_align(FormatAlign::Center),
        )
    }

    /// Of moments.
    pub(super) fn moment(title: impl Into<String>) -> Self {
        Self::new(title, 18.0, Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"))
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Number(Decimal),
    /// RFC 3339; told in the time of Beijing.
    Moment(String),
    /// `YYYY-MM`.
    Month(String),
    Text(String),
    Blank,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() {
            Self::Blank
        } else {
            Self::Text(text.to_owned())
        }
    }
}

impl From<Option<Decimal>> for Cell {
    fn from(number: Option<Decimal>) -> Self {
        number.map_or(Self::Blank, Self::Number)
    }
}

impl From<Option<u32>> for Cell {
    fn from(number: Option<u32>) -> Self {
        number.map_or(Self::Blank, |number| Self::Number(number.into()))
    }
}

/// With a thin frame, and in the middle of its row.
pub(super) fn framed(format: Format) -> Format {
    format
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
}

/// The values of a criterion with its unit in the format: the cell itself holds the number alone.
pub(super) fn values(label: &NodeLabel) -> Format {
    if label.is_yes_no() {
        return Format::new().set_num_format("[=0]\"否\";\"是\"");
    }
    in_unit(label.decimals, label.unit.as_ref().map_or("", |unit| unit.zh.as_str()))
}

fn in_unit(decimals: u32, unit: &str) -> Format {
    let zeros = "0".repeat(decimals.min(15) as usize);
    let point = if decimals == 0 { "" } else { "." };
    let unit: String = unit.chars().filter(|sign| !['"', '\\'].contains(sign)).collect();
    let unit = if unit.is_empty() { unit } else { format!("\"{unit}\"") };
    Format::new().set_num_format(format!("#,##0{point}{zeros}{unit}"))
}

fn signed(decimals: u32) -> String {
    let zeros = "0".repeat(decimals.min(15) as usize);
    format!("+#,##0.{zeros};-#,##0.{zeros};0.{zeros}")
}

/// Writes the head of a table.
pub(super) fn head(sheet: &mut Worksheet, row: u32, first: u16, columns: &[Column]) -> Result<(), XlsxError> {
    let format = style::head().set_align(FormatAlign::Center);
    for (column, place) in columns.iter().zip(first..) {
        sheet.write_string_with_format(row, place, &column.title, &format)?;
    }
    Ok(())
}

/// Sets the widths of a table's columns.
pub(super) fn widths(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    for (column, place) in columns.iter().zip(0u16..) {
        sheet.set_column_width(place, column.width)?;
    }
    Ok(())
}

/// Writes a row of a table.
pub(super) fn row(
    sheet: &mut Worksheet,
    row: u32,
    first: u16,
    columns: &[Column],
    cells: &[Cell],
) -> Result<(), XlsxError> {
    let mut most = 1;
    for ((column, cell), place) in columns.iter().zip(cells).zip(first..) {
        put(sheet, row, place, cell, &column.format)?;
        if let (true, Cell::Text(text)) = (column.wraps, cell) {
            most = most.max(lines(text, column.width));
        }
    }
    high(sheet, row, most)
}

/// Makes a row high enough for so many lines: not every program does it by itself, and none for merged cells.
pub(super) fn high(sheet: &mut Worksheet, row: u32, lines: u32) -> Result<(), XlsxError> {
    if lines > 1 {
        sheet.set_row_height(row, (f64::from(lines) * LINE + 3.0).min(400.0))?;
    }
    Ok(())
}

/// Lines that a text takes in a column of so many characters; a Chinese one is two wide.
pub(super) fn lines(text: &str, width: f64) -> u32 {
    let room = (width - 1.0).max(1.0);
    let line = |line: &str| {
        let wide: f64 = line.chars().map(|sign| if sign.is_ascii() { 1.05 } else { 2.1 }).sum();
        // Small and positive, as a cell holds 32,767 characters.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 70,000")]
        let lines = (wide / room).ceil().max(1.0) as u32;
        lines
    };
    text.split('\n').map(line).sum()
}

/// Writes a cell.
pub(super) fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, format: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Number(number) => {
            sheet.write_number_with_format(row, column, analytics::decimal::to_f64(*number), format)?;
        }
        Cell::Moment(text) => match moment(text) {
            Some(moment) => {
                sheet.write_datetime_with_format(row, column, &moment, format)?;
            }
            None => {
                sheet.write_string_with_format(row, column, text, format)?;
            }
        },
        Cell::Month(text) => match ExcelDateTime::parse_from_str(&format!("{text}-01")) {
            Ok(day) => {
                let format = format.clone().set_num_format("yyyy\"年\"m\"月\"");
                sheet.write_datetime_with_format(row, column, &day, &format)?;
            }
            Err(_) => {
                sheet.write_string_with_format(row, column, text, format)?;
            }
        },
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, held(text), format)?;
        }
        Cell::Blank => {
            sheet.write_blank(row, column, format)?;
        }
    }
    Ok(())
}

/// As much of the text as a cell holds.
fn held(text: &str) -> String {
    let mut left = MOST_CHARS;
    let fits = |sign: &char| {
        let wanted = sign.len_utf16();
        let fits = wanted <= left;
        left = left.saturating_sub(wanted);
        fits
    };
    text.chars().take_while(fits).collect()
}

/// A moment in the time of Beijing, to the second.
pub(super) fn moment(text: &str) -> Option<ExcelDateTime> {
    let moment = DateTime::parse_from_rfc3339(text).ok()?;
    let there = moment.to_utc().checked_add_signed(TimeDelta::hours(8))?;
    ExcelDateTime::from_timestamp(there.timestamp()).ok()
}

/// The format of a title.
pub(super) fn title() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(16)
        .set_align(FormatAlign::VerticalCenter)
}

/// The format of the line above a table.
pub(super) fn caption() -> Format {
    Format::new().set_bold().set_font_size(12)
}

/// Writes a cell over several columns.
pub(super) fn merged(
    sheet: &mut Worksheet,
    row: u32,
    (first, last): (u16, u16),
    cell: &Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    if first < last {
        sheet.merge_range(row, first, row, last, "", format)?;
    }
    put(sheet, row, first, cell, format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_the_time_of_beijing() {
        let told = |text: &str| moment(text).map(|moment| moment.to_excel());
        assert_eq!(told("2026-01-20T16:30:00.000000Z"), told("2026-01-21T00:30:00+08:00"));
        assert_eq!(told("2026-01-21T00:00:00+08:00"), Some(46_043.0));
        assert_eq!(told("yesterday"), None);
    }

    #[test]
    fn a_text_takes_as_many_lines_as_it_is_wide() {
        assert_eq!(lines("", 10.0), 1);
        assert_eq!(lines("abcdefgh", 10.0), 1);
        assert_eq!(lines("一二三四五六", 10.0), 2);
        assert_eq!(lines("a\nb", 10.0), 2);
    }
}
