//! The import: a file of figures is stored whole or not at all, and nothing that is stored is lost or changed in silence.

mod annotated;
mod api;
mod as_of;
pub(crate) mod attempt;
mod command;
mod commit;
mod file;
mod fuzz;
mod hostile;
mod pack;
mod preview;
mod progress;
mod published;
mod refusal;
mod revise;
mod round_trip;
mod ugly;
mod undo;
mod value;
