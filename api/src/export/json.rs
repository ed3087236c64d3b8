//! Rows as JSON text: an array of objects, or the objects that a GraphQL selection asks for; written directly, without a tree between.

use super::table::{Batch, Head, Labels};
use super::text::{self, Manner, Written};

const MANNER: Manner = Manner {
    text: encoded,
    around: b"\"",
};

/// What is written for each row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The cell of a column.
    Cell(usize),
    /// The same text in each row.
    Same(String),
    /// Named parts, in order.
    Object(Vec<(String, Shape)>),
}

impl Shape {
    /// All columns by name.
    #[must_use]
    pub fn of_all(head: &Head, labels: Labels) -> Self {
        let cell = |(place, name): (usize, &str)| (name.to_owned(), Self::Cell(place));
        Self::Object(head.names(labels).enumerate().map(cell).collect())
    }
}

/// A shape with everything encoded that is the same in each row.
#[derive(Debug)]
enum Plan {
    Cell(usize),
    Same(Vec<u8>),
    Object(Vec<(Vec<u8>, Plan)>),
}

impl Plan {
    fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Cell(place) => Self::Cell(*place),
            Shape::Same(text) => Self::Same(encoded(text)),
            Shape::Object(parts) => {
                let part = |(place, (key, shape)): (usize, &(String, Shape))| {
                    let mut before = if place == 0 { Vec::new() } else { vec![b','] };
                    before.extend(encoded(key));
                    before.push(b':');
                    (before, Self::of(shape))
                };
                Self::Object(parts.iter().enumerate().map(part).collect())
            }
        }
    }
}

/// Writes rows as a JSON array, piece by piece.
#[derive(Debug)]
pub struct JsonTable {
    plan: Plan,
    /// By column: the words as they are written.
    words: Vec<Option<Written>>,
    bytes: Vec<u8>,
    is_first: bool,
}

impl JsonTable {
    /// Begins an array.
    #[must_use]
    pub fn new(shape: &Shape) -> Self {
        Self {
            plan: Plan::of(shape),
            words: Vec::new(),
            bytes: vec![b'['],
            is_first: true,
        }
    }

    /// Appends rows.
    pub fn batch(&mut self, batch: &Batch) {
        self.words.resize(batch.cells.len(), None);
        for (known, cells) in self.words.iter_mut().zip(&batch.cells) {
            text::learn(known, cells, encoded);
        }
        self.bytes.reserve(batch.rows * batch.cells.len() * 24);
        for row in 0..batch.rows {
            if !std::mem::take(&mut self.is_first) {
                self.bytes.push(b',');
            }
            self.bytes.push(b'\n');
            write(&mut self.bytes, &self.plan, batch, &self.words, row);
        }
    }

    /// Ends the array.
    pub fn end(&mut self) {
        self.bytes.extend_from_slice(b"\n]\n");
    }

    /// What was written since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

fn write(bytes: &mut Vec<u8>, plan: &Plan, batch: &Batch, words: &[Option<Written>], row: usize) {
    match plan {
        Plan::Same(text) => bytes.extend_from_slice(text),
        Plan::Object(parts) => {
            bytes.push(b'{');
            for (key, part) in parts {
                bytes.extend_from_slice(key);
                write(bytes, part, batch, words, row);
            }
            bytes.push(b'}');
        }
        Plan::Cell(place) => {
            let known = words.get(*place).and_then(Option::as_ref);
            let before = bytes.len();
            if let Some(cells) = batch.cells.get(*place) {
                text::cell(bytes, cells, known.map(|(_, words)| words.as_slice()), row, &MANNER);
            }
            if bytes.len() == before {
                bytes.extend_from_slice(b"null");
            }
        }
    }
}

fn encoded(text: &str) -> Vec<u8> {
    // A text is always JSON.
    serde_json::to_vec(text).unwrap_or_else(|_| b"null".to_vec())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::export::table::{Cells, NO_WORD, Words};

    #[test]
    fn rows_are_objects_of_the_shape_that_was_asked_for() {
        let object = |parts: Vec<(&str, Shape)>| {
            Shape::Object(parts.into_iter().map(|(key, shape)| (key.to_owned(), shape)).collect())
        };
        let shape = object(vec![
            (
                "node",
                object(vec![
                    ("b", Shape::Cell(1)),
                    ("a", Shape::Cell(0)),
                    ("b2", Shape::Cell(1)),
                ]),
            ),
            ("type", Shape::Same("Row".to_owned())),
        ]);
        let mut table = JsonTable::new(&shape);
        let words: Words = Arc::new(vec!["x\"y".to_owned()]);
        for numbers in [vec![1.5, f64::NAN], vec![0.0, -3.0]] {
            table.batch(&Batch {
                rows: 2,
                cells: vec![
                    Cells::Code(vec![0, NO_WORD], Arc::clone(&words)),
                    Cells::Number(numbers),
                ],
            });
        }
        table.end();
        let read: Value = serde_json::from_slice(&table.take()).unwrap();
        let row = |a: Value, b: Value| json!({ "node": { "b": b, "a": a, "b2": b }, "type": "Row" });
        let rows = [
            row(json!("x\"y"), json!(1.5)),
            row(Value::Null, Value::Null),
            row(json!("x\"y"), json!(0)),
            row(Value::Null, json!(-3)),
        ];
        assert_eq!(read, json!(rows));
    }

    #[test]
    fn a_table_without_rows_is_an_empty_array() {
        let mut table = JsonTable::new(&Shape::Object(Vec::new()));
        table.end();
        assert_eq!(serde_json::from_slice::<Value>(&table.take()).unwrap(), json!([]));
    }
}
