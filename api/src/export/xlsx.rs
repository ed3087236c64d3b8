//! A table as a workbook: numbers and days as such with their formats, a frozen and filtered head, and a sheet that says what the file is. Rows go to a
//! temporary file as they come, so that a million of them need no memory.

use std::fs::File;
use std::io::BufWriter;

use rust_xlsxwriter::{DocProperties, Format, Workbook, Worksheet, XlsxError};

use super::observation::{About, about_sheet};
use super::style;
use super::table::{Batch, Cell, Head, Kind, Labels, when};

/// Rows that a sheet can hold below its head.
pub const MOST_SHEET_ROWS: u64 = 1_048_575;
/// Name of the sheet.
const SHEET: &str = "数据";
/// The spreadsheet's number of the day 1970-01-01.
const EPOCH: i32 = 25_569;
/// Days before this one (1900-03-01) have other numbers in other programs; they are written as texts.
const FIRST_DAY: i32 = 61 - EPOCH;
/// Digits after the point that a format shows.
const MOST_DECIMALS: usize = 15;
const MICROS_A_DAY: f64 = 86_400_000_000.0;

/// Writes a table into a workbook.
pub struct XlsxTable {
    workbook: Workbook,
    formats: Vec<Format>,
    day: Format,
    moment: Format,
    about: About,
    columns: u16,
    row: u32,
}

impl XlsxTable {
    /// Begins a workbook.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn new(head: &Head, labels: Labels) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let told = head.metadata.entries.iter();
        let told: Vec<String> = told.map(|(name, _, text)| format!("{name}: {text}")).collect();
        workbook.set_properties(&DocProperties::new().set_title(&head.name).set_comment(told.join("\n")));
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(SHEET)?;
        sheet.set_freeze_panes(1, 0)?;
        style::printed(sheet)?;
        for (column, described) in (0u16..).zip(&head.columns) {
            sheet.set_column_width(column, width(described.kind))?;
        }
        let bold = style::head();
        for (column, name) in (0u16..).zip(head.names(labels)) {
            sheet.write_string_with_format(0, column, name, &bold)?;
        }
        let lines = head.metadata.entries.iter();
        Ok(Self {
            workbook,
            formats: (0..=15).map(style::number).collect(),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            about: About {
                lines: lines
                    .map(|(name, label, text)| (format!("{label} ({name})"), text.clone()))
                    .collect(),
            },
            columns: u16::try_from(head.columns.len()).unwrap_or(u16::MAX),
            row: 0,
        })
    }

    /// Appends rows.
    ///
    /// # Errors
    /// When there are more than a sheet holds, or a text is longer than a cell.
    pub fn batch(&mut self, batch: &Batch) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for row in 0..batch.rows {
            self.row += 1;
            for (column, cells) in (0u16..).zip(&batch.cells) {
                match cells.cell(row) {
                    Cell::Blank => {}
                    Cell::Text(text) => {
                        sheet.write_string(self.row, column, text)?;
                    }
                    Cell::Number(number) => {
                        let places = decimals(number).min(MOST_DECIMALS);
                        write(sheet, (self.row, column), number, self.formats.get(places))?;
                    }
                    // Beyond 2⁵³ a spreadsheet has no whole numbers.
                    #[allow(clippy::cast_precision_loss, reason = "a spreadsheet has doubles only")]
                    Cell::Integer(number) => write(sheet, (self.row, column), number as f64, None)?,
                    Cell::Boolean(value) => {
                        sheet.write_boolean(self.row, column, value)?;
                    }
                    Cell::Date(days) if days >= FIRST_DAY => {
                        write(sheet, (self.row, column), f64::from(days + EPOCH), Some(&self.day))?;
                    }
                    Cell::Date(days) => {
                        let day = when::day(days).map(|day| day.to_string());
                        sheet.write_string(self.row, column, day.unwrap_or_default())?;
                    }
                    #[allow(clippy::cast_precision_loss, reason = "a spreadsheet has doubles only")]
                    Cell::Time(micros) => {
                        let days = micros as f64 / MICROS_A_DAY + f64::from(EPOCH);
                        write(sheet, (self.row, column), days, Some(&self.moment))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Ends the workbook and writes it into `file`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self, file: File) -> Result<(), XlsxError> {
        if self.row > 0 && self.columns > 0 {
            let sheet = self.workbook.worksheet_from_index(0)?;
            sheet.autofilter(0, 0, self.row, self.columns - 1)?;
        }
        about_sheet(self.workbook.add_worksheet(), &self.about)?;
        self.workbook.save_to_writer(BufWriter::new(file))
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    number: f64,
    format: Option<&Format>,
) -> Result<(), XlsxError> {
    match format {
        Some(format) => sheet.write_number_with_format(row, column, number, format)?,
        None => sheet.write_number(row, column, number)?,
    };
    Ok(())
}

/// Digits after the point in the shortest form.
fn decimals(number: f64) -> usize {
    if number.fract() == 0.0 {
        return 0;
    }
    let text = number.to_string();
    text.split_once('.').map_or(0, |(_, digits)| digits.len())
}

fn width(kind: Kind) -> f64 {
    match kind {
        Kind::Code => 18.0,
        Kind::Text => 24.0,
        Kind::Number => 14.0,
        Kind::Integer | Kind::Boolean => 9.0,
        Kind::Date => 12.0,
        Kind::Time => 20.0,
    }
}
