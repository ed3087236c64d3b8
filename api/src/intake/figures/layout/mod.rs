//! Where a sheet has its header, and what each column and the whole sheet say of the figures.

mod column;
mod context;
mod detect;
mod fault;
mod found;
mod label;

pub use self::detect::MOST_SPAN;
pub(super) use self::detect::detect;
pub use self::found::Layout;
