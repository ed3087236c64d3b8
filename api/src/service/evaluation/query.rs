//! What is to be evaluated.

use analytics::period::Period;

use crate::service::selector::OrgSelector;

/// Draws of the rank intervals, unless fewer are asked for.
pub const DRAWS: u32 = 1000;
/// Seed of the draws: the same for all, so that everybody finds the same intervals.
pub const SEED: u64 = 20_260_101;

/// What is to be evaluated.
#[derive(Clone, Debug)]
pub struct EvaluationQuery {
    /// Code of the framework.
    pub framework: String,
    /// Its version; the newest that is published when left out.
    pub version: Option<String>,
    /// The period.
    pub period: Period,
    /// Which of the organisations in its tracks are ranked; all when nothing is said. Relative rules look at the whole track all the same.
    pub orgs: OrgSelector,
    /// As it was known at this time, in µs since the epoch; now when none.
    pub as_of: Option<i64>,
    /// Find the stored figures under every value.
    pub sources: bool,
    /// Draws of the rank intervals; 0 for none.
    pub draws: u32,
    /// Organisations times nodes at most.
    pub max_cells: u64,
}

impl EvaluationQuery {
    /// The evaluation of `framework` in `period` with everything that a sealed run holds.
    #[must_use]
    pub fn whole(framework: impl Into<String>, period: Period) -> Self {
        Self {
            framework: framework.into(),
            version: None,
            period,
            orgs: OrgSelector::default(),
            as_of: None,
            sources: true,
            draws: DRAWS,
            max_cells: u64::MAX,
        }
    }
}
