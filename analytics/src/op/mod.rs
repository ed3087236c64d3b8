//! The operations on the store, one a file.

mod additive;
pub mod availability;
mod band;
pub mod breakdown;
pub mod compare;
mod cut;
mod data;
pub mod decompose;
mod derived;
pub mod effect;
pub mod findings;
#[cfg(test)]
mod hand_answer;
#[cfg(test)]
mod hand_value;
#[cfg(test)]
mod hand_world;
mod joint;
mod lineage;
mod matched;
#[cfg(test)]
mod model;
#[cfg(test)]
mod model_answer;
#[cfg(test)]
mod model_succession;
#[cfg(test)]
mod model_tree;
#[cfg(test)]
mod model_world;
mod own;
pub mod ranking;
mod ratio;
mod recipe;
mod resolve;
mod rollup;
mod series;
mod total;
pub mod trend;
mod window;

pub use compare::{Baseline, Comparability, Comparison, Lineage, Request, compare, lineage};
pub use data::Data;
pub use lineage::{Cited, Touched, touched};
pub use ranking::lineage_of;
pub use total::totals;
