//! The house rules, read from the sources and held by tests, so that `ARCHITECTURE.md` stays true.
//!
//! | rule | file | what it holds |
//! |---|---|---|
//! | crate arrows | `crates` | which crate may depend on which, and what each may never depend on |
//! | purity | `purity` | `analytics` has no clock, no I/O and no `async` |
//! | layers | `layer` | inside `api` every arrow points down; which module may name which crate |
//! | no circles | `cycle` | no two files of one crate need each other, directly or around a corner |
//! | sizes | `size` | files ≤ 400 lines, functions ≤ 80, a `//!` line on top of each file |
//! | no panics | `panics` | no `unwrap`, `expect` or panicking macro outside tests |
//! | lint attributes | `attribute` | an `allow` or `expect` says why |
//! | names | `name` | no drawer for odds and ends; one noun, one file name |
//! | tracked text | `text` | no path of one machine, no package registry's host |
//!
//! The rest is how the rules see the code: `source` (files and their place in the module tree), `tokens` (what stands
//! inside macro calls), `scope` and `reference` (which path means what), `tree` (files and the arrows between them),
//! `report` (how a breach is told). Each rule is one test, and beside it stand tests that feed it a breach.

mod attribute;
mod crates;
mod cycle;
mod layer;
mod name;
mod panics;
mod purity;
mod reference;
mod report;
mod scope;
mod size;
mod source;
mod text;
mod tokens;
mod tree;
