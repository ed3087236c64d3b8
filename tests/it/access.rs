//! Nobody reads or writes beyond their part of the tree, and every act is on record.

mod around;
mod audit;
pub(crate) mod cast;
mod issuer;
mod matrix;
mod part;
mod question;
mod refused;
mod signer;
