//! The catalogue's files: `file` finds them, `entry` says what may stand in them, `parse` reads it, `check` holds them against each other.

pub mod check;
pub mod embedded;
pub mod entry;
pub mod file;
mod parse;

pub use check::check;
pub use embedded::embedded;
pub use entry::Catalog;
pub use file::{CatalogFile, read_directory};

use super::problem::Problem;

/// Reads and checks all files of a catalogue.
///
/// # Errors
/// Every fault of every file, in the order of the files.
pub fn read(files: &[CatalogFile]) -> Result<Catalog, Vec<Problem>> {
    let catalog = parse::parse(files)?;
    let problems = check(&catalog);
    if problems.is_empty() {
        Ok(catalog)
    } else {
        Err(problems)
    }
}
