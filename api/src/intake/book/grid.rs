//! Cells put into rows, with a bound on what they take.

use super::fault::BookFault;
use super::sheet::{Cell, CellKind};

/// Digits that spreadsheets compute with; what is beyond them is noise of binary fractions.
const DIGITS: usize = 15;

/// Rows under construction.
pub(super) struct Grid {
    pub(super) rows: Vec<Vec<Cell>>,
    left: usize,
}

impl Grid {
    /// `left` is how many more cells the workbook may have.
    pub(super) fn new(left: usize) -> Self {
        Self { rows: Vec::new(), left }
    }

    /// Cells that may still come.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// Puts a cell in its place; blank cells before it count as well.
    pub(super) fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), BookFault> {
        let (row, column) = (row as usize, column as usize);
        if row >= self.rows.len() {
            self.spend(row + 1 - self.rows.len())?;
            self.rows.resize(row + 1, Vec::new());
        }
        let width = self.rows.get(row).map_or(0, Vec::len);
        if column >= width {
            self.spend(column + 1 - width)?;
        }
        let Some(cells) = self.rows.get_mut(row) else {
            return Ok(());
        };
        if column >= cells.len() {
            cells.resize(column + 1, Cell::default());
        }
        if let Some(place) = cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }

    /// Marks a cell as computed by a formula; one that gave an error stays that.
    pub(super) fn mark_formula(&mut self, row: u32, column: u32) -> Result<(), BookFault> {
        let known = self
            .rows
            .get_mut(row as usize)
            .and_then(|cells| cells.get_mut(column as usize));
        match known {
            Some(cell) => {
                cell.kind = cell.kind.computed();
                Ok(())
            }
            None => self.put(
                row,
                column,
                Cell {
                    text: String::new(),
                    kind: CellKind::Formula,
                },
            ),
        }
    }

    fn spend(&mut self, cells: usize) -> Result<(), BookFault> {
        self.left = self.left.checked_sub(cells).ok_or(BookFault::TooManyCells)?;
        Ok(())
    }
}

/// A number as a spreadsheet shows it when it shows all of it.
pub(super) fn number(value: f64) -> Cell {
    Cell {
        text: digits(value),
        kind: CellKind::Number,
    }
}

/// A number that is shown as a percentage: 0.975 is `97.5%`.
pub(super) fn percent(value: f64) -> Cell {
    let hundredfold = rust_decimal::Decimal::from_str_exact(&digits(value))
        .ok()
        .and_then(|exact| exact.checked_mul(rust_decimal::Decimal::ONE_HUNDRED));
    match hundredfold {
        Some(exact) => Cell {
            text: format!("{}%", exact.normalize()),
            kind: CellKind::Percent,
        },
        None => number(value),
    }
}

/// The shortest plain digits, at most [`DIGITS`] significant ones.
fn digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 {
            "0".to_owned()
        } else {
            value.to_string()
        };
    }
    let rounded: f64 = format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value);
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_the_noise_of_binary_fractions() {
        assert_eq!(number(0.1 + 0.2).text, "0.3");
        assert_eq!(number(7976.0).text, "7976");
        assert_eq!(number(-0.0).text, "0");
        assert_eq!(number(1e21).text, "1000000000000000000000");
        assert_eq!(percent(0.975).text, "97.5%");
        assert_eq!(percent(1.0).text, "100%");
        assert_eq!(percent(0.285).text, "28.5%");
    }

    #[test]
    fn a_cell_far_out_is_paid_for() {
        let mut grid = Grid::new(100);
        assert_eq!(grid.put(3, 5, number(1.0)), Ok(()));
        assert_eq!(grid.left(), 100 - 4 - 6);
        assert_eq!(grid.put(0, 16_383, number(1.0)), Err(BookFault::TooManyCells));
        assert_eq!(grid.put(1_048_575, 0, number(1.0)), Err(BookFault::TooManyCells));
    }
}
