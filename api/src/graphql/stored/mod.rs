//! Stored queries: what a document makes of itself as a table, by the schema alone, so that the columns are there when there are no rows.

mod cells;
mod plan;
mod variables;

pub use cells::batch;
pub use plan::Plan;
pub use variables::variables;
