//! Cells as texts, appended to bytes.

use std::io::Write;
use std::sync::Arc;

use super::table::{Cells, Words, when};

/// The words of a dictionary column, and each as it is written.
pub(super) type Written = (Words, Vec<Vec<u8>>);

/// Writes the words of a dictionary column once, not in each row.
pub(super) fn learn(known: &mut Option<Written>, cells: &Cells, text: fn(&str) -> Vec<u8>) {
    if let Cells::Code(_, words) = cells
        && !known.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, words))
    {
        *known = Some((Arc::clone(words), words.iter().map(|word| text(word)).collect()));
    }
}

/// How a form writes cells.
pub(super) struct Manner {
    /// A text.
    pub(super) text: fn(&str) -> Vec<u8>,
    /// What stands on both sides of a date.
    pub(super) around: &'static [u8],
}

/// Appends a cell; nothing for one that is not there.
pub(super) fn cell(bytes: &mut Vec<u8>, cells: &Cells, words: Option<&[Vec<u8>]>, row: usize, manner: &Manner) {
    match cells {
        Cells::Code(keys, _) => {
            let key = keys.get(row).and_then(|key| usize::try_from(*key).ok());
            if let Some(word) = key.and_then(|key| words?.get(key)) {
                bytes.extend_from_slice(word);
            }
        }
        Cells::Text(texts) => {
            if let Some(Some(cell)) = texts.get(row) {
                bytes.extend_from_slice(&(manner.text)(cell));
            }
        }
        Cells::Number(numbers) => {
            if let Some(cell) = numbers.get(row).filter(|number| number.is_finite()) {
                number(bytes, *cell);
            }
        }
        Cells::Integer(numbers) => {
            if let Some(Some(cell)) = numbers.get(row) {
                integer(bytes, *cell);
            }
        }
        Cells::Boolean(values) => {
            if let Some(Some(value)) = values.get(row) {
                bytes.extend_from_slice(if *value { b"true" } else { b"false" });
            }
        }
        Cells::Date(days) => {
            if let Some(Some(days)) = days.get(row) {
                bytes.extend_from_slice(manner.around);
                day(bytes, *days);
                bytes.extend_from_slice(manner.around);
            }
        }
        Cells::Time(micros) => {
            if let Some(Some(micros)) = micros.get(row) {
                bytes.extend_from_slice(manner.around);
                moment(bytes, *micros);
                bytes.extend_from_slice(manner.around);
            }
        }
    }
}

/// Whole numbers up to here are written without a detour.
const EXACT: f64 = 1e15;

/// Appends the shortest decimal form: `720`, `97.5`.
fn number(bytes: &mut Vec<u8>, number: f64) {
    if number.fract() == 0.0 && number.abs() < EXACT {
        // In range, as just checked.
        #[allow(clippy::cast_possible_truncation, reason = "a whole number below 10¹⁵")]
        integer(bytes, number as i64);
    } else {
        // Writing to bytes does not fail.
        let _ = write!(bytes, "{number}");
    }
}

/// Appends a whole number.
fn integer(bytes: &mut Vec<u8>, number: i64) {
    let mut digits = [0u8; 20];
    let mut rest = number.unsigned_abs();
    let mut at = digits.len();
    loop {
        at -= 1;
        // A digit.
        #[allow(clippy::cast_possible_truncation, reason = "below ten")]
        if let Some(place) = digits.get_mut(at) {
            *place = b'0' + (rest % 10) as u8;
        }
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        bytes.push(b'-');
    }
    bytes.extend_from_slice(digits.get(at..).unwrap_or_default());
}

/// Appends `2021-09-30`; nothing for what is no day.
fn day(bytes: &mut Vec<u8>, days: i32) {
    if let Some(day) = when::day(days) {
        let _ = write!(bytes, "{day}");
    }
}

/// Appends `2026-01-31T08:30:00.000000Z`; nothing for what is no moment.
fn moment(bytes: &mut Vec<u8>, micros: i64) {
    bytes.extend_from_slice(when::moment(micros).unwrap_or_default().as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    proptest! {
        #[test]
        fn numbers_are_read_as_they_were(value in prop_oneof![any::<f64>(), (-1e16..1e16f64).prop_map(f64::trunc)]) {
            prop_assume!(value.is_finite());
            prop_assert_eq!(told(|bytes| number(bytes, value)).parse::<f64>().unwrap(), value);
        }

        #[test]
        fn integers_are_written_as_the_library_writes_them(value in any::<i64>()) {
            prop_assert_eq!(told(|bytes| integer(bytes, value)), value.to_string());
        }
    }
}
