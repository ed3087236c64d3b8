//! What was found out about a sheet.

use std::collections::HashMap;

use super::super::field::Field;
use super::super::mapping::Role;
use super::context::Context;

/// The layout of a sheet.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Rows of the header, counted from 0; the data begins behind the last.
    pub(in super::super) header: (usize, usize),
    /// One a column, with the label that was read.
    pub(in super::super) columns: Vec<(String, Role)>,
    pub(in super::super) context: Context,
    /// For cells of key columns that are merged downwards: the row that holds the text.
    pub(in super::super) tops: HashMap<(u32, u32), u32>,
}

impl Layout {
    /// Columns that hold a field of each row.
    pub(in super::super) fn fields(&self) -> impl Iterator<Item = (usize, Field)> {
        self.columns
            .iter()
            .enumerate()
            .filter_map(|(place, (_, role))| match role {
                Role::Field(field) => Some((place, *field)),
                _ => None,
            })
    }

    /// What was found, in one line a column: label and meaning.
    #[must_use]
    pub fn told(&self) -> Vec<(String, String)> {
        let columns = self
            .columns
            .iter()
            .filter(|(label, role)| !label.is_empty() || *role != Role::Ignored);
        columns.map(|(label, role)| (label.clone(), role.meaning())).collect()
    }

    /// First and last row of the header, counted from 1.
    #[must_use]
    pub fn header_rows(&self) -> [usize; 2] {
        [self.header.0 + 1, self.header.1 + 1]
    }

    /// What the whole sheet says: field and text.
    #[must_use]
    pub fn told_by_sheet(&self) -> Vec<(Field, String)> {
        [Field::Indicator, Field::Org, Field::Period, Field::Unit]
            .into_iter()
            .filter_map(|field| Some((field, self.context.get(field)?.to_owned())))
            .collect()
    }
}
