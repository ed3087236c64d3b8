//! Evaluations (考评): a framework applied to the organisations of its tracks, explained, sealed, and run again.
//!
//! `population` says who, `inputs` what is known of them, `run` scores, `form` turns scores into the result that leaves and back, `reading` tells it in words,
//! `seal` publishes runs, `verify` holds them against the database, `what_if` scores sealed inputs by other weights, `moved` tells two results apart, `file` makes files.

mod assemble;
pub mod file;
mod form;
mod inputs;
pub mod mark;
pub mod moved;
pub(super) mod overlay;
mod place;
mod population;
mod query;
mod reading;
mod run;
mod seal;
mod source;
mod verify;
pub mod what_if;

pub use assemble::labels;
pub(super) use place::place_of;
pub use query::{DRAWS, EvaluationQuery, SEED};
pub use seal::{PublishOptions, Sealed};
pub use verify::{Verdict, Verified};
