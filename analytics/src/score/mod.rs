//! Scoring (考评): a framework of weighted criteria applied to the values of organisations. Points are decimals from the value to the total, so that the same
//! values give the same points to the last digit on every machine; they are rounded once, when they leave.
//!
//! ```text
//! {advice, interval, rank, waterfall, warning, words} → evaluate → {rule, spread} → {check, relative, sheet} → framework
//! ```

pub mod advice;
pub mod check;
pub mod evaluate;
pub mod framework;
pub mod interval;
#[cfg(test)]
mod model;
#[cfg(test)]
mod published;
pub mod rank;
mod relative;
mod rule;
pub mod sheet;
mod spread;
pub mod warning;
pub mod waterfall;
pub mod words;

/// The version of the scoring rules. A change that can move any score is a new version, and sealed runs say theirs.
pub const ENGINE: u32 = 1;
