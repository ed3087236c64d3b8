//! A table on its way out: typed columns and batches of rows, whatever file becomes of them.

use std::sync::Arc;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of a short list of texts.
    Code,
    /// A text.
    Text,
    /// A number.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A moment in UTC.
    Time,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, in snake_case.
    pub name: String,
    /// What Chinese readers call it.
    pub label: String,
    /// What it means, in English.
    pub about: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether each row has it.
    pub required: bool,
}

impl Column {
    /// A column with what is said of it.
    #[must_use]
    pub fn new(name: &str, label: &str, about: &str, kind: Kind, required: bool) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            about: about.to_owned(),
            kind,
            required,
        }
    }
}

/// The texts of a [`Kind::Code`] column; all batches of a table share them.
pub type Words = Arc<Vec<String>>;

/// The key of a code that is not there.
pub const NO_WORD: i32 = -1;

/// The cells of one column in one batch.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Places in the words, or [`NO_WORD`].
    Code(Vec<i32>, Words),
    /// Texts.
    Text(Vec<Option<String>>),
    /// Numbers; NaN is none.
    Number(Vec<f64>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Yes or no.
    Boolean(Vec<Option<bool>>),
    /// Days since 1970-01-01.
    Date(Vec<Option<i32>>),
    /// µs since 1970-01-01 in UTC.
    Time(Vec<Option<i64>>),
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Blank,
    /// A text.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
    /// Days since 1970-01-01.
    Date(i32),
    /// µs since 1970-01-01 in UTC.
    Time(i64),
}

impl Cells {
    /// The cell of a row; blank beyond the last one.
    #[must_use]
    pub fn cell(&self, row: usize) -> Cell<'_> {
        let found = match self {
            Self::Code(keys, words) => keys
                .get(row)
                .and_then(|key| words.get(usize::try_from(*key).ok()?))
                .map(|text| Cell::Text(text)),
            Self::Text(texts) => texts.get(row).and_then(Option::as_deref).map(Cell::Text),
            Self::Number(numbers) => numbers
                .get(row)
                .filter(|number| number.is_finite())
                .copied()
                .map(Cell::Number),
            Self::Integer(numbers) => numbers.get(row).copied().flatten().map(Cell::Integer),
            Self::Boolean(values) => values.get(row).copied().flatten().map(Cell::Boolean),
            Self::Date(days) => days.get(row).copied().flatten().map(Cell::Date),
            Self::Time(micros) => micros.get(row).copied().flatten().map(Cell::Time),
        };
        found.unwrap_or(Cell::Blank)
    }
}

/// Some rows of a table: one entry a column, all of one length.
#[derive(Clone, Debug)]
pub struct Batch {
    /// How many rows.
    pub rows: usize,
    /// The cells by column.
    pub cells: Vec<Cells>,
}

/// What a table says of itself: name, Chinese label, text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// In the order in which they are shown.
    pub entries: Vec<(&'static str, &'static str, String)>,
}

impl Metadata {
    /// The text of an entry.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let entry = self.entries.iter().find(|(known, ..)| *known == name)?;
        Some(&entry.2)
    }
}

/// A table without its rows.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Its name, for the file and its sheet.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// What it says of itself.
    pub metadata: Metadata,
}

/// How names of columns are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labels {
    /// As stable names.
    #[default]
    Names,
    /// In Chinese.
    Chinese,
}

impl Head {
    /// The names as they are written.
    pub fn names(&self, labels: Labels) -> impl Iterator<Item = &str> {
        self.columns.iter().map(move |column| match labels {
            Labels::Names => column.name.as_str(),
            Labels::Chinese => column.label.as_str(),
        })
    }
}

/// Days and moments as texts.
pub mod when {
    use chrono::{DateTime, Days, NaiveDate, SecondsFormat};

    /// The day of a number of days since 1970-01-01.
    #[must_use]
    pub fn day(days: i32) -> Option<NaiveDate> {
        let epoch = NaiveDate::default();
        match u64::try_from(days) {
            Ok(days) => epoch.checked_add_days(Days::new(days)),
            Err(_) => epoch.checked_sub_days(Days::new(u64::from(days.unsigned_abs()))),
        }
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn days(day: NaiveDate) -> Option<i32> {
        i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).ok()
    }

    /// A moment of µs since 1970-01-01, as `2026-01-31T08:30:00.000000Z`.
    #[must_use]
    pub fn moment(micros: i64) -> Option<String> {
        let time = DateTime::from_timestamp_micros(micros)?;
        Some(time.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_before_and_after_the_epoch_are_told() {
        for (days, text) in [(0, "1970-01-01"), (-1, "1969-12-31"), (18_993, "2022-01-01")] {
            let day = when::day(days).unwrap();
            assert_eq!((day.to_string().as_str(), when::days(day)), (text, Some(days)));
        }
    }

    #[test]
    fn a_cell_that_is_not_there_is_blank() {
        let words: Words = Arc::new(vec!["a".to_owned()]);
        let cells = Cells::Code(vec![0, NO_WORD], words);
        assert_eq!(
            (cells.cell(0), cells.cell(1), cells.cell(2)),
            (Cell::Text("a"), Cell::Blank, Cell::Blank)
        );
        assert_eq!(Cells::Number(vec![f64::NAN]).cell(0), Cell::Blank);
    }
}
