//! Figures in files: where they stand in a sheet, what a cell says, what a period's words mean.

mod entry;
mod field;
mod layout;
mod mapping;
pub mod number;
pub mod plain;
pub mod printed;
mod read;
pub mod span;
mod title;
mod vocabulary;
pub mod word;

pub use entry::{Entry, UnitFrom};
pub use field::{COLUMNS, Field};
pub use layout::{Layout, MOST_SPAN};
pub use mapping::Mapping;
pub use read::{Table, Tally, no_rows, tables};
pub use vocabulary::{Named, Vocabulary};

/// The published figures that `demo` loads.
pub const PUBLISHED: &str = include_str!("../../../../demo/published.csv");
