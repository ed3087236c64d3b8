//! The catalogue: files become units, themes, organisations, breakdowns and indicators, all of them or none.

mod apply;
mod command;
mod guard;
mod org_succession;
mod refusal;
mod try_apply;
