//! Figures into the database: every figure checked, compared with what is stored, and written all together or not at all.

mod amount;
mod batch;
mod cell;
mod check;
mod content;
mod digest;
mod draft;
mod effect;
mod error;
mod job;
mod names;
mod options;
mod plan;
mod progress;
mod release;
mod remark;
mod report;
mod resolve;
mod run;
mod table;
mod token;
mod undo;
mod write;

pub use self::content::Content;
pub(super) use self::draft::Scope;
pub use self::error::ImportError;
pub use self::job::{Job, Jobs};
pub use self::options::{Beside, Options, mapping, reason};
pub use self::plan::{Outcome, Revision};
pub use self::progress::{Phase, Progress};
pub(super) use self::release::Release;
pub use self::report::Report;
pub use self::table::{Place, TableReading};
pub use self::undo::{UndoOptions, UndoReport};
