//! What is odd about the figures: from codes to findings.

use std::sync::Arc;

use analytics::op::findings::{Finding, FindingKind, FindingsRequest, Severity, figures_read, findings};

use super::Service;
use super::access::Sight;
use super::edition::Edition;
use super::limit::limit;
use super::selector::{IndicatorSelector, OrgSelector};
use crate::error::Error;

/// Where to look, and for what.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which indicators.
    pub indicators: IndicatorSelector,
    /// Which organisations.
    pub orgs: OrgSelector,
    /// Only cells that begin in this month or later.
    pub from: Option<i32>,
    /// Only cells that end in this month or earlier.
    pub to: Option<i32>,
    /// Only these kinds.
    pub kinds: Option<Vec<FindingKind>>,
    /// Only as bad as this or worse.
    pub least: Severity,
    /// Figures as they were known at this time, in µs since the epoch.
    pub as_of: Option<i64>,
    /// Stored figures that may be looked at.
    pub max_figures: u64,
    /// Findings at most.
    pub max_findings: u64,
}

impl Service {
    /// All findings, or a refusal: never a part of them.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes, [`Error::Limit`] for a search or an answer that is too large.
    pub async fn findings(&self, sight: &Sight, question: Question) -> Result<(Vec<Finding>, Edition), Error> {
        let indicators = question.indicators.resolve(sight)?;
        let request = FindingsRequest {
            orgs: question.orgs.resolve(sight, &indicators, None)?,
            indicators,
            from: question.from,
            to: question.to,
            kinds: question.kinds,
            least: question.least,
        };
        let edition = self
            .edition(sight.snapshot.clone(), &request.indicators, question.as_of)
            .await?;
        limit("search", figures_read(edition.data(), &request), question.max_figures)?;
        let catalog = Arc::clone(&edition.snapshot.catalog);
        let mut found = self
            .calculate(&edition, move |data| {
                let breakdown_of = |item: u32| Some(catalog.item(i64::from(item))?.breakdown_id);
                findings(data, &request, breakdown_of)
            })
            .await?;
        found.retain(|finding| finding.cells.iter().all(|cell| sight.sees(finding.indicator, cell.org)));
        limit("list of findings", found.len() as u64, question.max_findings)?;
        Ok((found, edition))
    }
}
