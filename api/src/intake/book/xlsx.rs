//! XLSX: cell by cell, so that a sheet costs what it holds and not what its corners span.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError};

use super::fault::{BookFault, Limits};
use super::grid::{self, Grid};
use super::sheet::{Body, Cell, CellKind, MOST_COLUMNS, MOST_MERGES, MOST_ROWS, MOST_SHEETS, Merge, Sheet};

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

impl From<XlsxError> for BookFault {
    fn from(_: XlsxError) -> Self {
        Self::Damaged
    }
}

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet<'static>>, BookFault> {
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(bytes))?;
    let known: Vec<(String, bool)> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    if known.len() > MOST_SHEETS {
        return Err(BookFault::TooManyCells);
    }
    let mut left = limits.cells;
    let mut sheets = Vec::new();
    for (name, visible) in known {
        let mut grid = Grid::new(left);
        cells(&mut workbook, &name, &mut grid)?;
        formulas(&mut workbook, &name, &mut grid)?;
        left = grid.left();
        let merges = workbook.merge_cells_by_sheet_name(&name)?;
        if merges.len() > MOST_MERGES {
            return Err(BookFault::TooManyCells);
        }
        sheets.push(Sheet {
            name,
            visible,
            merges: merges
                .iter()
                .map(|area| Merge {
                    rows: (area.start.0, area.end.0),
                    columns: (area.start.1, area.end.1),
                })
                .collect(),
            body: Body::Grid(grid.rows),
        });
    }
    Ok(sheets)
}

fn cells(workbook: &mut Workbook<'_>, name: &str, grid: &mut Grid) -> Result<(), BookFault> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    let percents: Vec<bool> = reader
        .styles()
        .iter()
        .map(|style| {
            let format = style.number_format.as_ref();
            format.is_some_and(|format| is_percent(&format.format_code))
        })
        .collect();
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        if row as usize >= MOST_ROWS || column as usize >= MOST_COLUMNS {
            return Err(BookFault::Damaged);
        }
        if let Some(read) = read_cell(cell.get_value(), percents.get(style) == Some(&true)) {
            grid.put(row, column, read)?;
        }
    }
    Ok(())
}

/// A format that shows a percentage: a `%` outside quotes.
fn is_percent(format: &str) -> bool {
    format.split('"').step_by(2).any(|part| part.contains('%'))
}

fn formulas(workbook: &mut Workbook<'_>, name: &str, grid: &mut Grid) -> Result<(), BookFault> {
    let mut reader = workbook.worksheet_cells_reader(name)?;
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        if cell.formula.is_some() {
            grid.mark_formula(cell.pos.0, cell.pos.1)?;
        }
    }
    Ok(())
}

fn read_cell(value: &DataRef<'_>, is_percent: bool) -> Option<Cell> {
    let text = |text: &str, kind| {
        let text = text.trim();
        (!text.is_empty()).then(|| Cell {
            text: text.to_owned(),
            kind,
        })
    };
    match value {
        DataRef::Empty => None,
        DataRef::Int(whole) => Some(if is_percent {
            grid::percent(*whole as f64)
        } else {
            grid::number(*whole as f64)
        }),
        DataRef::Float(value) => Some(if is_percent {
            grid::percent(*value)
        } else {
            grid::number(*value)
        }),
        DataRef::String(string) => text(string, CellKind::Text),
        DataRef::SharedString(string) => text(string, CellKind::Text),
        DataRef::Bool(value) => text(if *value { "TRUE" } else { "FALSE" }, CellKind::Text),
        DataRef::DateTime(date) => Some(match date.as_datetime() {
            Some(time) if date.is_datetime() => Cell {
                text: time.format("%Y-%m-%d").to_string(),
                kind: CellKind::Date,
            },
            _ => grid::number(date.as_f64()),
        }),
        DataRef::DateTimeIso(date) => text(date.get(..10).unwrap_or(date), CellKind::Date),
        DataRef::DurationIso(duration) => text(duration, CellKind::Text),
        DataRef::Error(error) => text(&error.to_string(), CellKind::Error),
    }
}

#[cfg(test)]
mod tests {
    use super::is_percent;

    #[test]
    fn a_percent_sign_in_quotes_is_only_a_text() {
        assert!(is_percent("0.00%"));
        assert!(!is_percent("0\"%\""));
        assert!(!is_percent("General"));
    }
}
