//! The annual evaluation as documents: the annual report with its figures, and the notice of the results.

mod body;
mod chart;
mod emf;
mod notice;
mod number;
mod package;
mod report;
mod result;
mod style;

pub use self::notice::notice;
pub use self::report::document;
