//! Files that leave: figures for other programs, templates to be filled in, and workbooks that go back to streets.

pub mod annotated;
pub mod evaluation;
pub mod observation;
mod style;
pub mod template;
