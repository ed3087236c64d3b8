//! Files as people send them, CSV, pasted tables, XLSX and ODS, as sheets of cells.

mod archive;
mod fault;
mod grid;
mod kind;
pub mod neutral;
mod ods;
mod sheet;
mod text;
mod xlsx;

use self::fault::BookFault;
pub use self::fault::Limits;
use self::kind::FileKind;
pub use self::sheet::{Cell, CellKind, Merge, Row, Sheet};
use super::problem::Problem;

/// A file, read.
#[derive(Clone, Debug)]
pub struct Book<'a> {
    /// Its sheets; one without name in a text file.
    pub sheets: Vec<Sheet<'a>>,
    /// Whether it is a workbook and not a text.
    pub workbook: bool,
}

/// Reads a file: what it is is told by its bytes, and its name must not say otherwise.
///
/// # Errors
/// One problem of the whole file: another format, a workbook with macros, links to other files, or a password, one that is cut off, one that would grow
/// beyond the limits.
pub fn open<'a>(name: &str, bytes: &'a [u8], limits: &Limits) -> Result<Book<'a>, Box<Problem>> {
    let kind = kind::detect(name, bytes)?;
    if kind == FileKind::Text {
        return Ok(Book {
            sheets: vec![text::read(name, bytes)?],
            workbook: false,
        });
    }
    archive::check(name, bytes, kind, limits)?;
    // The readers are well kept, but a file from outside must never be able to end a server.
    let read = std::panic::catch_unwind(|| match kind {
        FileKind::Xlsx => xlsx::read(bytes, limits),
        FileKind::Ods | FileKind::Text => ods::read(bytes, limits),
    });
    let sheets = match read {
        Ok(Ok(sheets)) => sheets,
        Ok(Err(fault)) => return Err(fault.problem(name, limits)),
        Err(_) => return Err(BookFault::Damaged.problem(name, limits)),
    };
    Ok(Book { sheets, workbook: true })
}
