//! What a workbook's zip may hold: everything is unpacked once against the limit, before a reader believes any of it.

use std::io::{Cursor, Read, Write};

use zip::ZipArchive;

use super::fault::{BookFault, Limits};
use super::kind::FileKind;
use crate::intake::problem::{Problem, Text};

/// Entries a workbook may have; real ones have some dozens.
const MOST_ENTRIES: usize = 10_000;

/// Tags that a cell takes at most, its text in several formats included.
const TAGS_PER_CELL: usize = 8;

/// Counts tags: readers keep a list of texts and merged cells that is not counted in cells.
#[derive(Default)]
struct Elements {
    tags: usize,
}

impl Write for Elements {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.tags += bytes.iter().filter(|byte| **byte == b'<').count();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(super) fn check(name: &str, bytes: &[u8], kind: FileKind, limits: &Limits) -> Result<(), Box<Problem>> {
    let damaged = || BookFault::Damaged.problem(name, limits);
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_ENTRIES {
        return Err(too_large(name, limits));
    }
    let mut left = limits.unpacked_bytes;
    let mut has_content = false;
    for index in 0..archive.len() {
        // An entry with a password cannot be read; the sizes it declares are not believed.
        let mut entry = archive.by_index(index).map_err(|_| damaged())?;
        let path = entry.name().map_err(|_| damaged())?.to_lowercase();
        if path.ends_with("vbaproject.bin") || path.starts_with("xl/macrosheets/") || path.starts_with("basic/") {
            return Err(refused(name, ("has macros", "含有宏"), ("without macros", "不带宏的")));
        }
        if path.starts_with("xl/externallinks/") {
            return Err(refused(
                name,
                ("refers to other files", "引用了其他文件"),
                (
                    "with the references replaced by their values",
                    "已把外部引用粘贴为数值的",
                ),
            ));
        }
        has_content |= path
            == if kind == FileKind::Ods {
                "content.xml"
            } else {
                "xl/workbook.xml"
            };
        let mut elements = Elements::default();
        let unpacked = std::io::copy(&mut (&mut entry).take(left + 1), &mut elements).map_err(|_| damaged())?;
        if path.ends_with(".xml") && elements.tags > limits.cells.saturating_mul(TAGS_PER_CELL) {
            return Err(BookFault::TooManyCells.problem(name, limits));
        }
        left = left.checked_sub(unpacked).ok_or_else(|| too_large(name, limits))?;
    }
    if has_content { Ok(()) } else { Err(damaged()) }
}

fn too_large(name: &str, limits: &Limits) -> Box<Problem> {
    let mebibytes = limits.unpacked_bytes / 1_048_576;
    Box::new(Problem::of_file(
        name,
        Text::new(
            format!("the workbook is larger than {mebibytes} MiB when it is unpacked"),
            format!("工作簿解压后超过 {mebibytes} MiB"),
        ),
        Text::new(
            "split it, remove pictures and empty formatted rows, or send the figures as CSV",
            "请拆分工作簿,删去图片和带格式的空行,或改用 CSV",
        ),
    ))
}

fn refused(name: &str, (en, zh): (&str, &str), (hint_en, hint_zh): (&str, &str)) -> Box<Problem> {
    Box::new(Problem::of_file(
        name,
        Text::new(format!("the workbook {en}"), format!("工作簿{zh}")),
        Text::new(
            format!("save a copy {hint_en} as .xlsx, and send that"),
            format!("请另存一份{hint_zh} .xlsx 再报送"),
        ),
    ))
}
