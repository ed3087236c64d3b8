//! The organisations as a tree whose parents are valid in time: `node` is what it is built from, `org_tree` builds it, `walk` answers who stood under whom, and
//! `recast` puts the same organisations under the tree of one month.

mod node;
mod org_tree;
mod recast;
mod walk;

pub use node::{Edge, Node, Succession};
pub use org_tree::OrgTree;
