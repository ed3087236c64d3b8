//! What is stored, before anybody asks for a number.

use std::sync::Arc;

use analytics::op::availability::{self, AvailabilityRequest, IndicatorAvailability};
use analytics::period::Period;
use analytics::status::Status;

use super::Service;
use super::edition::Edition;
use super::provisional::{Include, Reading};
use super::selector::{IndicatorSelector, OrgSelector};
use super::snapshot::Snapshot;
use crate::error::Error;

/// Which part of what is stored.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which indicators.
    pub indicators: IndicatorSelector,
    /// Which organisations.
    pub orgs: OrgSelector,
    /// Only figures of just this period.
    pub exact: Option<Period>,
    /// Only figures in one of these states.
    pub statuses: Option<Vec<Status>>,
    /// Only totals, or only items of breakdowns.
    pub totals: Option<bool>,
    /// Only figures that begin in this month or later.
    pub from: Option<i32>,
    /// Only figures that end in this month or earlier.
    pub to: Option<i32>,
    /// As it was known at this time, in µs since the epoch.
    pub as_of: Option<i64>,
    /// And which figures.
    pub include: Include,
}

impl Service {
    /// What is stored of each indicator.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes.
    pub async fn availability(
        &self,
        snapshot: Arc<Snapshot>,
        question: Question,
    ) -> Result<(Vec<IndicatorAvailability>, Edition), Error> {
        let orgs = match question.orgs.takes_all() {
            true => None,
            false => Some(question.orgs.resolve(&snapshot.catalog, None)?),
        };
        let request = AvailabilityRequest {
            indicators: question.indicators.resolve(&snapshot.catalog)?,
            orgs,
            exact: question.exact,
            statuses: question.statuses,
            totals: question.totals,
            from: question.from,
            to: question.to,
        };
        let edition = self
            .edition(
                snapshot,
                &request.indicators,
                Reading::of(question.as_of, question.include),
            )
            .await?;
        let found = self
            .calculate(&edition, move |data| availability::availability(data, &request))
            .await?;
        Ok((found, edition))
    }
}
