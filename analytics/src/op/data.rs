//! What every operation reads.

use crate::fact::FactStore;
use crate::indicator::Indicators;
use crate::tree::OrgTree;

/// What a calculation reads.
#[derive(Clone, Copy, Debug)]
pub struct Data<'a> {
    /// The figures.
    pub store: &'a FactStore,
    /// The targets, in the same form.
    pub targets: &'a FactStore,
    /// The indicators.
    pub indicators: &'a Indicators,
    /// The organisations.
    pub tree: &'a OrgTree,
}
