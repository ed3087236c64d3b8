//! The integration suite, one binary: everything that Plumbline promises, proved from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test that panics has failed, which is its way to speak"
)]

mod access;
mod answer;
mod architecture;
mod backup;
mod bad_input;
mod bi;
mod catalog;
mod cli;
mod comparison;
mod death;
mod evaluation;
mod evaluation_file;
mod export;
mod hostile;
mod import;
mod language;
mod paging;
mod program;
mod readme;
mod rollup;
mod schema_change;
mod schema_parity;
mod schema_sdl;
mod soak;
mod storage;
mod submission;
mod transport;
