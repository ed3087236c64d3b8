//! Test support: what the integration suite and the benchmarks stand on.
//!
//! | module | gives |
//! |---|---|
//! | [`postgres`] | a throw-away PostgreSQL cluster |
//! | [`db`] | fresh databases on both backends, empty or filled, dropped with their value |
//! | [`table`] | all tables: made from the entities, or read whole |
//! | [`mod@suite`] | a test written once and run on both backends |
//! | [`app`], [`client`] | a real server on a port of its own, and somebody who asks it |
//! | [`socket`] | somebody who speaks over a web socket, message by message |
//! | [`program`] | the real program as a process: its output, its end, its death |
//! | [`fixture`] | catalogues and files of figures, small and large |
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "support that panics makes its test fail, which is what it is for"
)]

pub mod app;
pub mod client;
pub mod db;
pub mod fixture;
mod home;
pub mod postgres;
pub mod program;
pub mod socket;
pub mod suite;
pub mod table;
mod template;
