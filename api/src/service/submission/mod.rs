//! What organisations hand in before it is published: submissions, their thread, their figures, and what is still owed.
//!
//! A submission is one organisation's report for one period. Its figures stay apart from the observations until they are published as one import batch.

mod act;
mod actor;
mod calendar;
mod deadline;
mod fill;
pub mod machine;
mod open;
mod owed;
mod publish;
mod read;
mod turn;

pub use self::actor::Actor;
pub use self::calendar::{CalendarEntry, NewCalendar};
pub use self::fill::{EnteredFigure, Filling};
pub use self::open::NewSubmission;
pub use self::owed::{Owing, OwingQuery};
pub use self::read::Query;
pub use self::turn::Step;
