//! A fault in a file: where it is, what is wrong, how to mend it.

use std::fmt;

/// A text for people, in English and, where streets read it, in Chinese.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// In English.
    pub en: String,
    /// In Chinese; none where only those who keep the catalogue read it.
    pub zh: Option<String>,
}

impl Text {
    /// A text in both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: Some(zh.into()),
        }
    }

    /// The Chinese text, or the English one where there is none.
    #[must_use]
    pub fn chinese(&self) -> &str {
        self.zh.as_deref().unwrap_or(&self.en)
    }
}

impl From<String> for Text {
    fn from(en: String) -> Self {
        Self { en, zh: None }
    }
}

impl From<&str> for Text {
    fn from(en: &str) -> Self {
        en.to_owned().into()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

/// A cell of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellPlace {
    /// The sheet's name; empty in a text file.
    pub sheet: String,
    /// Row, counted from 0.
    pub row: u32,
    /// Column, counted from 0.
    pub column: u32,
}

impl CellPlace {
    /// The cell without its sheet, as spreadsheets name it: `C5`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}{}", column_letters(self.column), u64::from(self.row) + 1)
    }
}

impl fmt::Display for CellPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sheet.is_empty() {
            f.write_str(&self.name())
        } else {
            write!(f, "{}!{}", self.sheet, self.name())
        }
    }
}

/// The letters of a column counted from 0: `A`, …, `Z`, `AA`.
#[must_use]
pub fn column_letters(column: u32) -> String {
    let (mut rest, mut letters) = (u64::from(column) + 1, Vec::new());
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// Line, counted from 1; `None` when the whole file is meant.
    pub line: Option<u64>,
    /// The cell. That of a text file has no sheet, and its row is its line.
    pub cell: Option<CellPlace>,
    /// The column or key.
    pub column: Option<String>,
    /// What is wrong.
    pub message: Text,
    /// How to mend it.
    pub hint: Text,
}

impl Problem {
    /// A fault of the whole file.
    pub fn of_file(file: &str, message: impl Into<Text>, hint: impl Into<Text>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            cell: None,
            column: None,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The cell, where the file has cells that can be named.
    #[must_use]
    pub fn named_cell(&self) -> Option<&CellPlace> {
        self.cell.as_ref().filter(|cell| !cell.sheet.is_empty())
    }

    /// This fault at a line.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// This fault in a column.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match (self.named_cell(), self.line) {
            (Some(cell), _) => write!(f, ":{cell}")?,
            (_, Some(line)) => write!(f, ":{line}")?,
            _ => {}
        }
        if let Some(column) = &self.column {
            write!(f, " [{column}]")?;
        }
        write!(f, ": {} — {}", self.message, self.hint)
    }
}

/// The name in `known` that was probably meant by `written`.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(written, name), name))
        .filter(|(similarity, _)| *similarity > 0.8)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, name)| name)
}

/// "did you mean …", or where the names are listed.
pub fn suggest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    match nearest(written, known) {
        Some(name) => format!("did you mean `{name}`? {otherwise}"),
        None => otherwise.to_owned(),
    }
}

/// As [`suggest`], in both languages.
pub fn suggest_text<'a>(written: &str, known: impl IntoIterator<Item = &'a str>, en: &str, zh: &str) -> Text {
    match nearest(written, known) {
        Some(name) => Text::new(format!("did you mean `{name}`? {en}"), format!("是否指“{name}”?{zh}")),
        None => Text::new(en, zh),
    }
}

/// A message repeats what was written, but not megabytes of it.
#[must_use]
pub fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_spreadsheets_name_them() {
        let names: Vec<String> = [0, 25, 26, 701, 702, 16_383].map(column_letters).into();
        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
        let cell = CellPlace {
            sheet: "一季度".to_owned(),
            row: 4,
            column: 2,
        };
        assert_eq!(cell.to_string(), "一季度!C5");
    }
}
