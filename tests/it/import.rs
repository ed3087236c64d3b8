//! The import: a file of figures is stored whole or not at all, and nothing that is stored is lost or changed in silence.

mod attempt;
mod command;
mod commit;
mod file;
mod fuzz;
mod hostile;
mod pack;
mod published;
mod refusal;
mod revise;
mod ugly;
mod value;
