//! The fact store: an immutable value of sorted columns, one chunk an indicator, whose versions share what did not change.

mod chunk;
mod columns;
mod state;
mod store;

pub use chunk::{Cell, Chunk};
pub use columns::Columns;
pub use state::State;
pub use store::FactStore;
