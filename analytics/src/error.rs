//! What can go wrong inside a calculation; bad input is refused before it gets here.

use thiserror::Error;

/// A calculation that could not be made. Every variant is a fault of ours, never of a caller's figures.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// Columns of one chunk differ in length.
    #[error("column `{column}` has {found} rows where {expected} were given")]
    Length {
        /// The column's name.
        column: &'static str,
        /// Rows of the first column.
        expected: usize,
        /// Rows of this one.
        found: usize,
    },
    /// A row names an organisation that is not in the tree.
    #[error("organisation ordinal {0} is not in the tree")]
    UnknownOrg(u32),
    /// The organisations' parents form a circle.
    #[error("the organisations' parents form a circle at ordinal {0}")]
    Circle(u32),
    /// The engine refused a plan.
    #[error("the calculation plan failed")]
    Plan(#[from] polars::error::PolarsError),
}
