//! Where to look for findings, and for which.

use super::finding::{Finding, FindingKind, Severity};

/// Where to look, and for what.
#[derive(Clone, Debug)]
pub struct FindingsRequest {
    /// Keys of the indicators.
    pub indicators: Vec<i64>,
    /// Ordinals of the organisations.
    pub orgs: Vec<u32>,
    /// Only cells that begin in this month or later.
    pub from: Option<i32>,
    /// Only cells that end in this month or earlier.
    pub to: Option<i32>,
    /// Only these kinds; all when none are named.
    pub kinds: Option<Vec<FindingKind>>,
    /// Only as bad as this or worse.
    pub least: Severity,
}

impl FindingsRequest {
    pub(super) fn covers(&self, start: i32, end: i32) -> bool {
        self.from.is_none_or(|from| from <= start) && self.to.is_none_or(|to| end <= to)
    }

    pub(super) fn wants(&self, finding: &Finding) -> bool {
        finding.severity >= self.least && self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&finding.kind))
    }
}
