//! Figures in files: `long` reads one row an observation, `number` reads what stands in a cell.

pub mod long;
pub mod number;

/// The published figures that `demo` loads.
pub const PUBLISHED: &str = include_str!("../../../../demo/published.csv");

pub use long::{COLUMNS, Row, read};
