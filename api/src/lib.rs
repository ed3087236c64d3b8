//! The Plumbline server.
//!
//! ```text
//! main → cli → app → http → graphql → service → {intake, export} → entity | analytics
//! ```
//!
//! An arrow may skip a level and never points up. `config`, `error` and `telemetry` import nothing of ours. Reads may go from `graphql` to `entity`'s
//! queries; writes and calculations go through `service`.

pub mod app;
pub mod cli;
pub mod config;
pub mod error;
pub mod export;
pub mod graphql;
pub mod http;
pub mod intake;
pub mod service;
pub mod telemetry;
