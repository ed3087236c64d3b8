//! The long form: a CSV with one row an observation.

use crate::intake::problem::{Problem, suggest};

/// The columns, in the order in which we write them. `indicator`, `org`, `period` and `value` must be there.
pub const COLUMNS: [&str; 14] = [
    "indicator",
    "org",
    "period",
    "breakdown",
    "value",
    "unit",
    "status",
    "printed",
    "flags",
    "source_title",
    "source_url",
    "published_on",
    "locator",
    "note",
];

/// How many columns from the front must be there, and which.
const REQUIRED: [&str; 4] = ["indicator", "org", "period", "value"];

/// Faults that are listed before the rest is only counted.
const MOST_PROBLEMS: usize = 1000;

/// One row as written; an absent column is an empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file, counted from 1.
    pub line: u64,
    cells: [String; COLUMNS.len()],
}

impl Row {
    /// The text of a column of [`COLUMNS`], without spaces around it; empty when it is blank.
    #[must_use]
    pub fn get(&self, column: &str) -> &str {
        COLUMNS
            .iter()
            .position(|name| *name == column)
            .and_then(|index| self.cells.get(index))
            .map_or("", String::as_str)
    }

    /// The text of a column, if it is not blank.
    #[must_use]
    pub fn some(&self, column: &str) -> Option<&str> {
        Some(self.get(column)).filter(|text| !text.is_empty())
    }
}

/// Reads all rows of a CSV in UTF-8, with or without BOM, separated by commas.
///
/// # Errors
/// Every fault of form: an unknown or missing column, a line with too many or too few cells, bytes that are not UTF-8.
pub fn read(file: &str, bytes: &[u8]) -> Result<Vec<Row>, Vec<Problem>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => return Err(vec![unreadable(file, &error, Some(1))]),
    };
    let places = columns(file, &header)?;
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    let mut lines = Lines { bytes, at: 0, line: 1 };
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = lines.line(record.position());
                rows.push(row(&record, &places, line));
            }
            Err(error) if problems.len() < MOST_PROBLEMS => {
                let line = error.position().map(|position| lines.line(Some(position)));
                problems.push(unreadable(file, &error, line));
            }
            Err(_) => {}
        }
    }
    if rows.is_empty() && problems.is_empty() {
        problems.push(Problem {
            file: file.to_owned(),
            line: None,
            column: None,
            message: "the file has no rows".to_owned(),
            hint: "write one row an observation below the header".to_owned(),
        });
    }
    if problems.is_empty() { Ok(rows) } else { Err(problems) }
}

/// Where each column of the file belongs.
fn columns(file: &str, header: &csv::StringRecord) -> Result<Vec<usize>, Vec<Problem>> {
    let problem = |name: &str, message: String, hint: String| Problem {
        file: file.to_owned(),
        line: Some(1),
        column: Some(name.to_owned()),
        message,
        hint,
    };
    let mut problems = Vec::new();
    let mut places = Vec::new();
    for name in header {
        match COLUMNS.iter().position(|column| *column == name) {
            Some(place) if places.contains(&place) => {
                problems.push(problem(
                    name,
                    "the column stands twice".to_owned(),
                    "keep one of them".to_owned(),
                ));
            }
            Some(place) => places.push(place),
            None => {
                let hint = suggest(name, COLUMNS, &format!("the columns are {}", COLUMNS.join(", ")));
                problems.push(problem(name, format!("there is no column `{}`", clip(name)), hint));
            }
        }
    }
    for name in REQUIRED {
        if !header.iter().any(|column| column == name) {
            let hint = format!("the first line must name {}", REQUIRED.join(", "));
            problems.push(problem(name, format!("the column `{name}` is missing"), hint));
        }
    }
    if problems.is_empty() { Ok(places) } else { Err(problems) }
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

fn row(record: &csv::StringRecord, places: &[usize], line: u64) -> Row {
    let mut row = Row { line, ..Row::default() };
    for (text, place) in record.iter().zip(places) {
        if let Some(cell) = row.cells.get_mut(*place) {
            text.clone_into(cell);
        }
    }
    row
}

fn unreadable(file: &str, error: &csv::Error, line: Option<u64>) -> Problem {
    let (message, hint) = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => (
            format!("the row has {len} cells, the header {expected_len}"),
            "quote cells that hold a comma or a line break",
        ),
        csv::ErrorKind::Utf8 { .. } => ("the row is not UTF-8".to_owned(), "save the file as CSV UTF-8"),
        _ => (
            "the file is not a CSV".to_owned(),
            "save it as comma-separated values in UTF-8",
        ),
    };
    Problem {
        file: file.to_owned(),
        line,
        column: None,
        message,
        hint: hint.to_owned(),
    }
}

/// A message repeats what was written, but not megabytes of it.
fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_know_their_line_and_columns_come_in_any_order() {
        let rows = read(
            "a.csv",
            "\u{feff}period,value,org,indicator\r\n2021,1,x,y\r\n\r\n2022,\" 2\n\",x,y\r\n".as_bytes(),
        )
        .unwrap();
        assert_eq!(
            rows.iter()
                .map(|row| (row.line, row.get("period"), row.get("value")))
                .collect::<Vec<_>>(),
            [(2, "2021", "1"), (4, "2022", "2")]
        );
        assert_eq!(rows[0].some("note"), None);
    }

    #[test]
    fn faults_of_form_have_line_column_and_hint() {
        let told = |bytes: &[u8]| {
            read("a.csv", bytes)
                .unwrap_err()
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert!(told(b"indicator,org,perod,value\n")[0].contains("did you mean `period`"));
        assert!(told(b"indicator,org,period\nx,y,z\n")[0].contains("`value` is missing"));
        assert!(
            told(b"indicator,org,period,value\na,b,c\n")[0].starts_with("a.csv:2: the row has 3 cells, the header 4")
        );
        assert!(told(b"indicator,org,period,value\na,b,c,\xff\n")[0].contains("not UTF-8"));
        assert!(told(b"indicator,org,period,value\n")[0].contains("no rows"));
        assert!(told(b"")[0].contains("missing"));
    }
}
