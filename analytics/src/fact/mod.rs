//! The fact store: an immutable value of sorted columns, one chunk an indicator, whose versions share what did not change.

mod cell;
mod chunk;
mod columns;
mod merge;
mod seek;
mod state;
mod store;

pub use cell::Cell;
pub use chunk::Chunk;
pub(crate) use chunk::{Cut, Rows};
pub use columns::Columns;
pub(crate) use seek::Seek;
pub use state::State;
pub use store::FactStore;
