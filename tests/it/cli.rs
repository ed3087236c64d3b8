//! The command line: what it says to people and to scripts, and how the server starts and stops.

mod demo;
mod evaluate;
mod half_request;
mod log;
mod refusal;
mod settings;
