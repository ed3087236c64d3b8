//! Files that leave: tables for other programs in each form, figures and templates to be filled in, and workbooks that go back to streets.

pub mod annotated;
pub mod arrow;
pub mod csv;
pub mod evaluation;
pub mod form;
pub mod gzip;
pub mod json;
pub mod json_stat;
pub mod observation;
pub mod parquet;
mod style;
pub mod table;
pub mod template;
mod text;
pub mod xlsx;
