//! The tables of a file: how they were understood, and places in them.

use crate::intake::figures::Field;
use crate::intake::problem::CellPlace;

/// How one table was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableReading {
    /// The sheet; empty in a text file.
    pub sheet: String,
    /// First and last row of the header, counted from 1.
    pub header: [usize; 2],
    /// Header and meaning of each column.
    pub columns: Vec<(String, String)>,
    /// What holds for the whole sheet.
    pub whole: Vec<(Field, String)>,
}

/// Where a figure stands in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The sheet, by its place among the tables that were read.
    pub table: u16,
    /// Line, counted from 1.
    pub line: u32,
    /// Column, counted from 0.
    pub column: u32,
}

impl Place {
    /// The cell, where the file has cells that can be named.
    #[must_use]
    pub fn cell(self, tables: &[TableReading]) -> Option<CellPlace> {
        let table = tables.get(self.table as usize)?;
        (!table.sheet.is_empty()).then(|| CellPlace {
            sheet: table.sheet.clone(),
            row: self.line.saturating_sub(1),
            column: self.column,
        })
    }
}
