//! The operations on the store, one a file.

mod additive;
pub mod compare;
mod cut;
mod data;
mod derived;
mod lineage;
mod matched;
#[cfg(test)]
mod model;
#[cfg(test)]
mod model_tree;
mod ratio;
mod recipe;
mod resolve;
mod rollup;
mod series;
mod window;

pub use compare::{Baseline, Comparability, Comparison, Lineage, Request, compare, lineage};
pub use data::Data;
pub use lineage::{Cited, Touched, touched};
