//! A figure of a file, as its texts: one row of the long form, or one cell of a wide sheet.

use strum::EnumCount;

use super::field::Field;
use crate::intake::book::CellKind;
use crate::intake::problem::CellPlace;

/// Where a unit was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnitFrom {
    /// Nowhere.
    #[default]
    Nowhere,
    /// In the row itself.
    Row,
    /// In the header, the title or the mapping: for all cells of a column.
    Header,
}

/// One figure. Texts have no spaces around them; a field that is not told is an empty text.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its line in the file or sheet, counted from 1.
    pub line: u64,
    /// The column of the value, counted from 0.
    pub column: u32,
    /// The sheet; empty for a text file.
    pub sheet: &'a str,
    /// What the value's cell is.
    pub kind: CellKind,
    /// What the period's cell is.
    pub period_kind: CellKind,
    /// Where the unit was told.
    pub unit_from: UnitFrom,
    /// The year of the sheet, for periods that leave it out.
    pub year: Option<i32>,
    pub(super) texts: [&'a str; Field::COUNT],
    pub(super) told: u32,
    /// Where the fields stand that have a column of their own.
    pub(super) columns: [Option<u32>; Field::COUNT],
}

impl<'a> Entry<'a> {
    /// The text of a field; empty when it is blank.
    #[must_use]
    pub fn get(&self, field: Field) -> &'a str {
        self.texts.get(field as usize).copied().unwrap_or_default()
    }

    /// The text of a field, if it is not blank.
    #[must_use]
    pub fn some(&self, field: Field) -> Option<&'a str> {
        Some(self.get(field)).filter(|text| !text.is_empty())
    }

    /// Whether the file has the field at all; a blank one says that there is nothing, an absent one says nothing.
    #[must_use]
    pub fn tells(&self, field: Field) -> bool {
        self.told & (1 << field as u32) != 0
    }

    /// The cell of a field: its own, or that of the value.
    #[must_use]
    pub fn cell(&self, field: Field) -> CellPlace {
        let own = self.columns.get(field as usize).copied().flatten();
        CellPlace {
            sheet: self.sheet.to_owned(),
            row: u32::try_from(self.line.saturating_sub(1)).unwrap_or(u32::MAX),
            column: own.unwrap_or(self.column),
        }
    }

    pub(super) fn set(&mut self, field: Field, text: &'a str) {
        if let Some(place) = self.texts.get_mut(field as usize) {
            *place = text;
        }
        self.told |= 1 << field as u32;
    }
}
