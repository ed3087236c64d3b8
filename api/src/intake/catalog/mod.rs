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

use self::entry::Placed;
use self::entry::framework::Framework;
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

/// Reads files that hold nothing but frameworks. What their indicators are is for the catalogue they meet.
///
/// # Errors
/// What is not TOML, something else than a framework, or nothing.
pub fn frameworks(files: &[CatalogFile]) -> Result<Vec<Placed<Framework>>, Vec<Problem>> {
    let catalog = parse::parse(files)?;
    let others = catalog.units.len()
        + catalog.themes.len()
        + catalog.orgs.len()
        + catalog.successions.len()
        + catalog.breakdowns.len()
        + catalog.indicators.len();
    let name = files.first().map_or("", |file| file.name.as_str());
    if others > 0 || catalog.frameworks.is_empty() {
        let hint = "write [[framework]] with its tracks, nodes and grades, and nothing else";
        return Err(vec![Problem::of_file(
            name,
            "this is not a file of frameworks alone",
            hint,
        )]);
    }
    Ok(catalog.frameworks)
}
