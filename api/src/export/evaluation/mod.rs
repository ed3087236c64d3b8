//! The annual evaluation as files.

pub mod dossier;
pub mod report;
