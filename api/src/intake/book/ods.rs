//! ODS: read from its `content.xml`, because percentages and merged cells matter here and calamine leaves them out.

use std::collections::HashSet;
use std::io::{BufReader, Cursor};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::fault::{BookFault, Limits};
use super::grid::{self, Grid};
use super::sheet::{Body, Cell, CellKind, MOST_COLUMNS, MOST_MERGES, MOST_ROWS, MOST_SHEETS, Merge, Sheet};

type Xml<R> = Reader<BufReader<R>>;

impl From<quick_xml::Error> for BookFault {
    fn from(_: quick_xml::Error) -> Self {
        Self::Damaged
    }
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet<'static>>, BookFault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BookFault::Damaged)?;
    let content = archive.by_name("content.xml").map_err(|_| BookFault::Damaged)?;
    let mut xml = Reader::from_reader(BufReader::new(content));
    xml.config_mut().expand_empty_elements = true;
    let mut hidden = HashSet::new();
    let (mut left, mut sheets, mut buffer, mut style) = (limits.cells, Vec::new(), Vec::new(), String::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Start(start) if start.name().as_ref() == "style:style" => {
                style = attribute(&start, "style:name").unwrap_or_default();
            }
            Event::Start(start)
                if start.name().as_ref() == "style:table-properties"
                    && attribute(&start, "table:display").as_deref() == Some("false") =>
            {
                hidden.insert(style.clone());
            }
            Event::Start(start) if start.name().as_ref() == "table:table" => {
                if sheets.len() == MOST_SHEETS {
                    return Err(BookFault::TooManyCells);
                }
                let name = attribute(&start, "table:name").ok_or(BookFault::Damaged)?;
                let styled = attribute(&start, "table:style-name").unwrap_or_default();
                let mut table = Table::new(left);
                table.read(&mut xml)?;
                left = table.grid.left();
                sheets.push(Sheet {
                    name,
                    visible: !hidden.contains(&styled),
                    merges: table.merges,
                    body: Body::Grid(table.grid.rows),
                });
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(sheets)
}

/// A table being read.
struct Table {
    grid: Grid,
    merges: Vec<Merge>,
    row: u32,
}

impl Table {
    fn new(left: usize) -> Self {
        Self {
            grid: Grid::new(left),
            merges: Vec::new(),
            row: 0,
        }
    }

    fn read<R: std::io::Read>(&mut self, xml: &mut Xml<R>) -> Result<(), BookFault> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer)? {
                Event::Start(start) if start.name().as_ref() == "table:table-row" => {
                    let repeated = count(&start, "table:number-rows-repeated");
                    let cells = self.row_cells(xml)?;
                    self.place(&cells, repeated)?;
                }
                Event::End(end) if end.name().as_ref() == "table:table" => return Ok(()),
                Event::Eof => return Err(BookFault::Damaged),
                _ => {}
            }
        }
    }

    /// Repeats a row; a blank one only moves on.
    fn place(&mut self, cells: &[(u32, Cell)], repeated: u32) -> Result<(), BookFault> {
        if !cells.is_empty() {
            for row in 0..repeated {
                for (column, cell) in cells {
                    self.grid.put(self.row.saturating_add(row), *column, cell.clone())?;
                }
            }
        }
        self.row = self.row.saturating_add(repeated);
        if self.row as usize > MOST_ROWS && !cells.is_empty() {
            return Err(BookFault::TooManyCells);
        }
        Ok(())
    }

    /// The cells of a row that hold something, with their columns.
    fn row_cells<R: std::io::Read>(&mut self, xml: &mut Xml<R>) -> Result<Vec<(u32, Cell)>, BookFault> {
        let (mut cells, mut column, mut buffer) = (Vec::new(), 0u32, Vec::new());
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer)? {
                Event::Start(start)
                    if matches!(start.name().as_ref(), "table:table-cell" | "table:covered-table-cell") =>
                {
                    let repeated = count(&start, "table:number-columns-repeated");
                    self.merge(&start, column)?;
                    let typed = Typed::of(&start);
                    let end = start.to_end().into_owned();
                    let text = text(xml, end.name().as_ref())?;
                    if let Some(cell) = typed.cell(text) {
                        if repeated as usize > MOST_COLUMNS || cells.len() > self.grid.left() {
                            return Err(BookFault::TooManyCells);
                        }
                        for place in 0..repeated {
                            cells.push((column.saturating_add(place), cell.clone()));
                        }
                    }
                    column = column.saturating_add(repeated);
                }
                Event::End(end) if end.name().as_ref() == "table:table-row" => return Ok(cells),
                Event::Eof => return Err(BookFault::Damaged),
                _ => {}
            }
        }
    }

    fn merge(&mut self, start: &BytesStart<'_>, column: u32) -> Result<(), BookFault> {
        let rows = count(start, "table:number-rows-spanned");
        let columns = count(start, "table:number-columns-spanned");
        if rows > 1 || columns > 1 {
            if self.merges.len() == MOST_MERGES {
                return Err(BookFault::TooManyCells);
            }
            self.merges.push(Merge {
                rows: (self.row, self.row.saturating_add(rows - 1)),
                columns: (column, column.saturating_add(columns - 1)),
            });
        }
        Ok(())
    }
}

/// What a cell declares beside its text.
struct Typed {
    kind: String,
    value: Option<f64>,
    date: Option<String>,
    is_formula: bool,
}

impl Typed {
    fn of(start: &BytesStart<'_>) -> Self {
        Self {
            kind: attribute(start, "office:value-type").unwrap_or_default(),
            value: attribute(start, "office:value").and_then(|value| value.parse().ok()),
            date: attribute(start, "office:date-value"),
            is_formula: attribute(start, "table:formula").is_some(),
        }
    }

    fn cell(self, text: String) -> Option<Cell> {
        let mut cell = match (self.kind.as_str(), self.value, self.date) {
            ("percentage", Some(value), _) => grid::percent(value),
            ("float" | "currency", Some(value), _) => grid::number(value),
            ("date", _, Some(date)) => Cell {
                text: date.get(..10).unwrap_or(&date).to_owned(),
                kind: CellKind::Date,
            },
            _ => Cell {
                kind: if text.starts_with("#") && text.ends_with(['!', '?', 'A']) {
                    CellKind::Error
                } else {
                    CellKind::Text
                },
                text,
            },
        };
        if self.is_formula {
            cell.kind = cell.kind.computed();
        }
        (!cell.text.is_empty() || self.is_formula).then_some(cell)
    }
}

/// The text of a cell; its paragraphs are lines. Notes on the cell are no part of it.
fn text<R: std::io::Read>(xml: &mut Xml<R>, end: &str) -> Result<String, BookFault> {
    let (mut text, mut buffer, mut notes) = (String::new(), Vec::new(), 0u32);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Start(start) => match start.name().as_ref() {
                "office:annotation" => notes += 1,
                "text:p" if notes == 0 && !text.is_empty() => text.push('\n'),
                "text:s" if notes == 0 => text.push(' '),
                _ => {}
            },
            Event::Text(part) if notes == 0 => text.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) if notes == 0 => match entity.resolve_char_ref()? {
                Some(character) => text.push(character),
                None => match quick_xml::escape::resolve_predefined_entity(&entity.xml10_content()) {
                    Some(known) => text.push_str(known),
                    None => return Err(BookFault::Damaged),
                },
            },
            Event::End(ended) if ended.name().as_ref() == "office:annotation" => notes = notes.saturating_sub(1),
            Event::End(ended) if ended.name().as_ref() == end => break,
            Event::Eof => return Err(BookFault::Damaged),
            _ => {}
        }
    }
    Ok(text.trim().to_owned())
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.try_get_attribute(name).ok().flatten()?;
    found
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// A count of repetitions; 1 when it is not given.
fn count(start: &BytesStart<'_>, name: &str) -> u32 {
    attribute(start, name)
        .and_then(|text| text.parse().ok())
        .unwrap_or(1)
        .max(1)
}
