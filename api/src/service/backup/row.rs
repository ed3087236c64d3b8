//! A row as a line: a JSON list. A double stands in it as a text, in the fewest digits that give the same bits again, so that no reader of JSON rounds it.

use entity::dump::{Cell, Kind, Table};
use serde_json::Value;

/// Appends a row to a text.
pub(super) fn write(row: &[Cell], line: &mut Vec<u8>) {
    line.push(b'[');
    for (index, cell) in row.iter().enumerate() {
        if index > 0 {
            line.push(b',');
        }
        match cell {
            Cell::Null => line.extend_from_slice(b"null"),
            Cell::Whole(number) => line.extend_from_slice(number.to_string().as_bytes()),
            Cell::Real(number) => line.extend_from_slice(format!("\"{number:?}\"").as_bytes()),
            Cell::Text(text) => line.extend_from_slice(Value::from(text.as_str()).to_string().as_bytes()),
            Cell::Truth(truth) => line.extend_from_slice(truth.to_string().as_bytes()),
            Cell::Bytes(bytes) => {
                line.push(b'"');
                for byte in bytes {
                    line.extend_from_slice(format!("{byte:02x}").as_bytes());
                }
                line.push(b'"');
            }
        }
    }
    line.extend_from_slice(b"]\n");
}

/// The row in a line; none when it is not one of this table.
pub(super) fn read(line: &str, table: &Table) -> Option<Vec<Cell>> {
    let values: Vec<Value> = serde_json::from_str(line).ok()?;
    if values.len() != table.columns.len() {
        return None;
    }
    let pairs = values.into_iter().zip(&table.columns);
    pairs.map(|(value, column)| cell(value, column.kind)).collect()
}

fn cell(value: Value, kind: Kind) -> Option<Cell> {
    Some(match (kind, value) {
        (_, Value::Null) => Cell::Null,
        (Kind::Whole, Value::Number(number)) => Cell::Whole(number.as_i64()?),
        (Kind::Real, Value::String(text)) => Cell::Real(text.parse().ok()?),
        (Kind::Text, Value::String(text)) => Cell::Text(text),
        (Kind::Truth, Value::Bool(truth)) => Cell::Truth(truth),
        (Kind::Bytes, Value::String(text)) => Cell::Bytes(bytes(&text)?),
        _ => return None,
    })
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    digits
        .chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? * 16 + digit(*low)?),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use entity::dump::Column;
    use proptest::prelude::*;

    use super::*;

    fn table() -> Table {
        let kinds = [Kind::Whole, Kind::Real, Kind::Text, Kind::Truth, Kind::Bytes];
        let columns = kinds.map(|kind| Column {
            name: format!("{kind:?}"),
            kind,
        });
        Table {
            name: "t".to_owned(),
            columns: columns.to_vec(),
            key: Vec::new(),
        }
    }

    proptest! {
        #[test]
        fn a_row_comes_back_to_the_last_bit(
            whole in any::<i64>(), bits in any::<u64>(), text in any::<String>(), truth in any::<bool>(), bytes in any::<Vec<u8>>(), nulls in 0u8..32
        ) {
            let real = f64::from_bits(bits);
            prop_assume!(!real.is_nan());
            let mut row = vec![Cell::Whole(whole), Cell::Real(real), Cell::Text(text), Cell::Truth(truth), Cell::Bytes(bytes)];
            for (index, cell) in row.iter_mut().enumerate() {
                if nulls & (1 << index) != 0 {
                    *cell = Cell::Null;
                }
            }
            let mut line = Vec::new();
            write(&row, &mut line);
            let line = String::from_utf8(line).unwrap();
            prop_assert_eq!(line.matches('\n').count(), 1);
            let back = read(line.trim_end_matches('\n'), &table()).unwrap();
            if let (Cell::Real(before), Cell::Real(after)) = (&row[1], &back[1]) {
                prop_assert_eq!(before.to_bits(), after.to_bits());
            }
            prop_assert_eq!(back, row);
        }

        #[test]
        fn no_line_panics(line in "[\\[\\]0-9a-f\",\\\\unlt.]{0,60}") {
            let _ = read(&line, &table());
        }
    }

    #[test]
    fn a_line_of_another_table_is_none() {
        for line in [
            "",
            "[]",
            "[1]",
            "[1,2,\"\",true,\"\"]",
            "[1,\"1\",\"\",true,\"f\"]",
            "[1.5,\"1\",\"\",true,\"\"]",
            "{}",
        ] {
            assert_eq!(read(line, &table()), None, "{line}");
        }
    }
}
