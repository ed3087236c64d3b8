//! A table as CSV: UTF-8, CRLF, RFC 4180; a blank cell is a value that is not there; no text is a formula.

use super::table::{Batch, Head, Labels};
use super::text::{self, Manner, Written};
use crate::intake::book::neutral::neutralised;

const MANNER: Manner = Manner {
    text: quoted,
    around: b"",
};

/// Writes a table as CSV, piece by piece.
#[derive(Debug, Default)]
pub struct CsvTable {
    /// By column: the words as they are written.
    words: Vec<Option<Written>>,
    bytes: Vec<u8>,
}

impl CsvTable {
    /// Begins a file; with a byte order mark Excel reads it as UTF-8.
    #[must_use]
    pub fn new(head: &Head, labels: Labels, with_mark: bool) -> Self {
        let mut table = Self {
            words: vec![None; head.columns.len()],
            bytes: Vec::new(),
        };
        if with_mark {
            table.bytes.extend_from_slice(b"\xef\xbb\xbf");
        }
        for (place, name) in head.names(labels).enumerate() {
            if place > 0 {
                table.bytes.push(b',');
            }
            table.bytes.extend_from_slice(&quoted(name));
        }
        table.bytes.extend_from_slice(b"\r\n");
        table
    }

    /// Appends rows.
    pub fn batch(&mut self, batch: &Batch) {
        for (known, cells) in self.words.iter_mut().zip(&batch.cells) {
            text::learn(known, cells, quoted);
        }
        self.bytes.reserve(batch.rows * batch.cells.len() * 8);
        for row in 0..batch.rows {
            for (place, cells) in batch.cells.iter().enumerate() {
                if place > 0 {
                    self.bytes.push(b',');
                }
                let words = self.words.get(place).and_then(Option::as_ref);
                text::cell(
                    &mut self.bytes,
                    cells,
                    words.map(|(_, words)| words.as_slice()),
                    row,
                    &MANNER,
                );
            }
            self.bytes.extend_from_slice(b"\r\n");
        }
    }

    /// What was written since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

/// A text as a cell. One that is there and empty is quoted, so that it is not taken for one that is not there.
fn quoted(text: &str) -> Vec<u8> {
    let text = neutralised(text);
    let is_plain = !text.is_empty() && !text.contains(['"', ',', '\n', '\r']) && text.trim() == text;
    if is_plain {
        text.as_bytes().to_vec()
    } else {
        format!("\"{}\"", text.replace('"', "\"\"")).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::export::table::{Cells, Column, Kind, NO_WORD, Words};

    #[test]
    fn cells_are_quoted_where_they_must_be_and_formulas_are_none() {
        let column = |name: &str, kind| Column::new(name, "标", "About", kind, false);
        let head = Head {
            columns: vec![
                column("code", Kind::Code),
                column("text", Kind::Text),
                column("number", Kind::Number),
            ],
            ..Head::default()
        };
        let mut csv = CsvTable::new(&head, Labels::Names, true);
        let words: Words = Arc::new(vec!["=1".to_owned(), "a,b".to_owned()]);
        csv.batch(&Batch {
            rows: 3,
            cells: vec![
                Cells::Code(vec![0, 1, NO_WORD], words),
                Cells::Text(vec![Some("say \"x\"\r\n".to_owned()), Some(String::new()), None]),
                Cells::Number(vec![-5.5, f64::NAN, 720.0]),
            ],
        });
        let text = String::from_utf8(csv.take()).unwrap();
        assert_eq!(
            text,
            "\u{feff}code,text,number\r\n'=1,\"say \"\"x\"\"\r\n\",-5.5\r\n\"a,b\",\"\",\r\n,,720\r\n"
        );
        let chinese = CsvTable::new(&head, Labels::Chinese, false).take();
        assert_eq!(chinese, "标,标,标\r\n".as_bytes());
    }
}
