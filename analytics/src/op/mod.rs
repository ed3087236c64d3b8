//! The operations on the store, one a file.

mod additive;
pub mod compare;
mod data;
mod derived;
mod matched;
#[cfg(test)]
mod model;
#[cfg(test)]
mod model_tree;
mod own;
mod ratio;
mod resolve;
mod rollup;
mod select;
mod window;

pub use compare::{Baseline, Comparability, Comparison, Request, compare};
pub use data::Data;
