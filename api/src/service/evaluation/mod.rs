//! Evaluations (考评): a framework applied to the organisations of its tracks, explained, sealed, and run again.
//!
//! `population` says who, `inputs` what is known of them, `run` scores, `form` turns scores into the result that leaves and back, `reading` tells it in words,
//! `seal` publishes runs, `verify` holds them against the database, `what_if` scores sealed inputs by other weights, `moved` tells two results apart, `file` makes files.

pub mod file;
mod form;
mod inputs;
pub mod mark;
pub mod moved;
pub(super) mod overlay;
mod population;
mod reading;
mod run;
mod seal;
mod sources;
mod verify;
pub mod what_if;

pub use reading::dossier;
pub(super) use run::place_of;
pub use run::{EvaluationQuery, labels};
pub use seal::{PublishOptions, Sealed};
pub use verify::{Verdict, Verified};

use chrono::{DateTime, SecondsFormat};

/// Draws of the rank intervals, unless fewer are asked for.
pub const DRAWS: u32 = 1000;
/// Seed of the draws: the same for all, so that everybody finds the same intervals.
pub const SEED: u64 = 20_260_101;

/// A recording time as it stands in results.
pub(crate) fn moment(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros)
        .map_or_else(String::new, |time| time.to_rfc3339_opts(SecondsFormat::Micros, true))
}
