//! Pure numbers: what a figure means, how figures are kept, and how they are compared.
//!
//! ```text
//! {op, score, sentence} → change → {difference, significance} → {fact, indicator, tree, measure} → {formula, period, status, flag, reason, decimal} → error
//! ```
//!
//! Columns go in, rows come out; no polars type appears in a public signature. Nothing here knows a database, a network, a clock or `async`: the
//! same columns always give the same rows.
//!
//! ```
//! use analytics::period::Period;
//!
//! let reported: Period = "2021-01/2021-09".parse()?;
//! assert_eq!(reported.previous_year().map(|base| base.to_string()).as_deref(), Some("2020-01/2020-09"));
//! assert!(reported.previous().is_none()); // a cumulative figure has no adjacent period
//! # Ok::<(), analytics::period::PeriodError>(())
//! ```

pub mod change;
pub mod decimal;
mod difference;
pub mod error;
pub mod fact;
pub mod flag;
pub mod formula;
pub mod indicator;
pub mod measure;
pub mod op;
pub mod period;
pub mod reason;
pub mod score;
pub mod sentence;
pub mod significance;
pub mod status;
pub mod synthetic;
pub mod tree;
pub mod trend;
