//! A sheet: rows of cells, from a workbook held in memory or from a text read line by line.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::neutral::restored;

/// Rows and columns that a sheet may have in spreadsheets.
pub(super) const MOST_ROWS: usize = 1_048_576;
pub(super) const MOST_COLUMNS: usize = 16_384;
/// Merged cells and sheets that are kept; nobody makes so many.
pub(super) const MOST_MERGES: usize = 100_000;
pub(super) const MOST_SHEETS: usize = 256;

/// What stands in a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// Text, or a number in a text file.
    #[default]
    Text,
    /// A number of a workbook; its text has at most 15 significant digits, as spreadsheets compute.
    Number,
    /// A number that the workbook shows as a percentage; its text ends in `%`.
    Percent,
    /// A date of a workbook, as `2021-09-01`.
    Date,
    /// A formula; the text is what it gave when it was last computed.
    Formula,
    /// An error such as `#REF!`.
    Error,
}

impl CellKind {
    /// What it is when a formula gave it.
    pub(super) fn computed(self) -> Self {
        match self {
            Self::Error => Self::Error,
            _ => Self::Formula,
        }
    }
}

/// A cell of a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text, without spaces around it.
    pub text: String,
    /// What it is.
    pub kind: CellKind,
}

/// Cells that are merged into one; rows and columns counted from 0, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// First and last row.
    pub rows: (u32, u32),
    /// First and last column.
    pub columns: (u32, u32),
}

/// A sheet.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    /// Its name; empty for a text file.
    pub name: String,
    /// Whether the workbook shows it.
    pub visible: bool,
    /// Its merged cells.
    pub merges: Vec<Merge>,
    pub(super) body: Body<'a>,
}

#[derive(Clone, Debug)]
pub(super) enum Body<'a> {
    Grid(Vec<Vec<Cell>>),
    Text { text: Cow<'a, str>, delimiter: u8 },
}

/// A row.
#[derive(Clone, Copy, Debug)]
pub enum Row<'r> {
    /// Of a workbook.
    Grid(&'r [Cell]),
    /// Of a text file.
    Record(&'r csv::StringRecord),
}

impl<'r> Row<'r> {
    /// How many cells it has.
    #[must_use]
    pub fn len(self) -> usize {
        match self {
            Self::Grid(cells) => cells.len(),
            Self::Record(record) => record.len(),
        }
    }

    /// Whether all of its cells are blank.
    #[must_use]
    pub fn is_empty(self) -> bool {
        match self {
            Self::Grid(cells) => cells.iter().all(|cell| cell.text.is_empty()),
            Self::Record(record) => record.iter().all(str::is_empty),
        }
    }

    /// The text of a cell; empty when it is blank or not there. An apostrophe that keeps a text of a CSV from being a formula is no part of it.
    #[must_use]
    pub fn text(self, column: usize) -> &'r str {
        match self {
            Self::Grid(cells) => cells.get(column).map_or("", |cell| cell.text.as_str()),
            Self::Record(record) => restored(record.get(column).unwrap_or("")),
        }
    }

    /// What a cell is.
    #[must_use]
    pub fn kind(self, column: usize) -> CellKind {
        match self {
            Self::Grid(cells) => cells.get(column).map_or(CellKind::Text, |cell| cell.kind),
            Self::Record(_) => CellKind::Text,
        }
    }
}

impl Sheet<'_> {
    /// Gives each row with its number counted from 0 and its line counted from 1, until `each` breaks. In a text file blank lines are no rows, and a row
    /// may have more lines than one.
    ///
    /// # Errors
    /// The line of a text that is not a CSV there.
    pub fn rows(&self, mut each: impl FnMut(usize, u64, Row<'_>) -> ControlFlow<()>) -> Result<(), u64> {
        match &self.body {
            Body::Grid(rows) => {
                for (index, row) in rows.iter().enumerate() {
                    if each(index, index as u64 + 1, Row::Grid(row)).is_break() {
                        break;
                    }
                }
            }
            Body::Text { text, delimiter } => {
                let mut reader = csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .delimiter(*delimiter)
                    .trim(csv::Trim::All)
                    .from_reader(text.as_bytes());
                let mut lines = Lines {
                    bytes: text.as_bytes(),
                    at: 0,
                    line: 1,
                };
                let mut record = csv::StringRecord::new();
                let mut index = 0;
                loop {
                    let more = reader.read_record(&mut record);
                    let line = lines.line(record.position());
                    match more {
                        Ok(false) => break,
                        Ok(true) => {}
                        Err(_) => return Err(line),
                    }
                    if each(index, line, Row::Record(&record)).is_break() {
                        break;
                    }
                    index += 1;
                }
            }
        }
        Ok(())
    }

    /// The cells of the first rows, of a text file as well.
    #[must_use]
    pub fn head(&self, count: usize) -> Vec<Vec<Cell>> {
        let mut head = Vec::new();
        // A text that is not a CSV ends the head; reading all of it tells the fault.
        let _ = self.rows(|index, _, row| {
            if index == count {
                return ControlFlow::Break(());
            }
            let cells = (0..row.len().min(MOST_COLUMNS)).map(|column| Cell {
                text: row.text(column).to_owned(),
                kind: row.kind(column),
            });
            head.push(cells.collect());
            ControlFlow::Continue(())
        });
        head
    }

    /// Whether it has cells that can be named.
    #[must_use]
    pub fn is_grid(&self) -> bool {
        matches!(self.body, Body::Grid(_))
    }

    /// Whether it is a text separated by tabs, as tables are pasted.
    #[must_use]
    pub fn is_pasted(&self) -> bool {
        matches!(self.body, Body::Text { delimiter: b'\t', .. })
    }

    /// The text of a cell of a workbook.
    #[must_use]
    pub fn grid_text(&self, row: u32, column: usize) -> &str {
        match &self.body {
            Body::Grid(rows) => rows
                .get(row as usize)
                .and_then(|cells| cells.get(column))
                .map_or("", |cell| cell.text.as_str()),
            Body::Text { .. } => "",
        }
    }

    /// Whether no cell of it holds anything.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match &self.body {
            Body::Grid(rows) => rows.iter().all(|row| Row::Grid(row).is_empty()),
            Body::Text { text, .. } => text.trim().is_empty(),
        }
    }
}

/// Counts lines up to a record. The reader's own count is one off after CRLF and blank lines, whose rest it reads with the next record.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn line(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map_or(self.at, |position| usize::try_from(position.byte()).unwrap_or(self.at));
        while let Some(byte) = self.bytes.get(self.at) {
            if self.at >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}
