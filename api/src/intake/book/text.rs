//! Text files: which encoding, which separator.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::sheet::{Body, Sheet};
use crate::intake::problem::{Problem, Text};

/// Lines that are looked at to find the separator.
const LOOKED_AT: usize = 20;

pub(super) fn read<'a>(name: &str, bytes: &'a [u8]) -> Result<Sheet<'a>, Box<Problem>> {
    let text = decode(name, bytes)?;
    let delimiter = delimiter(&text);
    Ok(Sheet {
        name: String::new(),
        visible: true,
        merges: Vec::new(),
        body: Body::Text { text, delimiter },
    })
}

/// UTF-8 with or without BOM, UTF-16 with BOM, otherwise GB18030, which holds GBK and GB2312.
fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Box<Problem>> {
    let (encoding, start) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, length),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => return plain(name, Cow::Borrowed(text)),
            Err(_) => (GB18030, 0),
        },
    };
    let rest = bytes.get(start..).unwrap_or_default();
    let (text, wrong) = encoding.decode_without_bom_handling(rest);
    if wrong {
        let line = if encoding == UTF_8 || encoding == GB18030 {
            first_wrong_line(rest, encoding)
        } else {
            1
        };
        return Err(Box::new(
            Problem::of_file(
                name,
                Text::new(
                    "the text is neither UTF-8 nor GB18030",
                    "文件编码既不是 UTF-8,也不是 GB18030",
                ),
                Text::new("save the file as CSV UTF-8", "请另存为“CSV UTF-8(逗号分隔)”"),
            )
            .at_line(line),
        ));
    }
    plain(name, text)
}

/// A text with zero bytes is some other format.
fn plain<'a>(name: &str, text: Cow<'a, str>) -> Result<Cow<'a, str>, Box<Problem>> {
    match text.find('\0') {
        None => Ok(text),
        Some(at) => {
            let before = text.get(..at).unwrap_or_default();
            let line = before.bytes().filter(|byte| *byte == b'\n').count() as u64 + 1;
            Err(Box::new(
                Problem::of_file(
                    name,
                    Text::new("the text holds a zero byte", "文件含有空字节"),
                    Text::new("save the file as CSV UTF-8", "请另存为“CSV UTF-8(逗号分隔)”"),
                )
                .at_line(line),
            ))
        }
    }
}

fn first_wrong_line(bytes: &[u8], encoding: &'static Encoding) -> u64 {
    let lines = bytes.split(|byte| *byte == b'\n');
    let wrong = lines.take_while(|line| !encoding.decode_without_bom_handling(line).1);
    wrong.count() as u64 + 1
}

/// The separator that makes most cells in rows of one length: a tab (pasted tables), a semicolon or a comma.
fn delimiter(text: &str) -> u8 {
    let cells = |delimiter: u8| -> usize {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let mut lengths = std::collections::BTreeMap::new();
        let mut record = csv::StringRecord::new();
        for _ in 0..LOOKED_AT {
            match reader.read_record(&mut record) {
                Ok(true) if record.len() > 1 => *lengths.entry(record.len()).or_insert(0) += record.len(),
                Ok(true) => {}
                _ => break,
            }
        }
        lengths.into_values().max().unwrap_or(0)
    };
    let mut best = (b',', cells(b','));
    for other in [b'\t', b';'] {
        let found = cells(other);
        if found > best.1 {
            best = (other, found);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        let sheet = read("a.csv", bytes).unwrap();
        let texts = |row: Vec<super::super::Cell>| row.into_iter().map(|cell| cell.text).collect();
        sheet.head(10).into_iter().map(texts).collect()
    }

    #[test]
    fn every_usual_encoding_gives_the_same_cells() {
        let text = "街道,受理\n笋岗,\"1,2\"\n";
        let wanted = cells(text.as_bytes());
        assert_eq!(wanted, [["街道", "受理"], ["笋岗", "1,2"]]);
        let (gb, ..) = GB18030.encode(text);
        let utf_16: Vec<u8> = [0xfeff]
            .into_iter()
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [format!("\u{feff}{text}").as_bytes(), &gb, &utf_16] {
            assert_eq!(cells(bytes), wanted);
        }
    }

    #[test]
    fn the_separator_that_makes_columns_is_taken() {
        for text in ["a\tb,c\n1\t2", "a;b,c\n1;2"] {
            assert_eq!(cells(text.as_bytes()), [["a", "b,c"], ["1", "2"]]);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_line() {
        let problem = read("a.csv", b"a,b\n1,\xff\xff\n").unwrap_err();
        assert_eq!(problem.line, Some(2));
        assert!(read("a.csv", b"a,b\n1,\0\n").is_err());
    }
}
