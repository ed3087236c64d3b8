//! Backup and restore: the whole database in one file that either database can be made of again, and that tells when it was cut or altered.
//!
//! The file is a zip: one text a table, a row a line, and a manifest at its end with the number and the hash of the rows of each.

mod archive;
mod error;
mod load;
mod manifest;
mod row;
mod save;

pub use archive::Archive;
pub use error::BackupError;
pub use load::load;
pub use manifest::{Manifest, TableEntry};
pub use save::{Saved, save};
