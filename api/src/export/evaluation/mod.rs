//! The annual evaluation as files.

pub mod csv;
pub mod docx;
pub mod dossier;
pub mod json;
mod outline;
pub mod report;
mod words;
pub mod xlsx;
