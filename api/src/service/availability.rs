//! What is stored, before anybody asks for a number.

use analytics::op::availability::{self, AvailabilityRequest, IndicatorAvailability};
use analytics::period::Period;
use analytics::status::Status;

use super::Service;
use super::access::Sight;
use super::edition::Edition;
use super::provisional::Include;
use super::selector::{IndicatorSelector, OrgSelector};
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
        sight: &Sight,
        question: Question,
    ) -> Result<(Vec<IndicatorAvailability>, Edition), Error> {
        let indicators = question.indicators.resolve(sight)?;
        let orgs = match question.orgs.takes_all() && sight.is_all() {
            true => None,
            false => Some(question.orgs.resolve(sight, &indicators, None)?),
        };
        let request = AvailabilityRequest {
            indicators,
            orgs,
            exact: question.exact,
            statuses: question.statuses,
            totals: question.totals,
            from: question.from,
            to: question.to,
        };
        let reading = sight.reading(question.as_of, question.include)?;
        let edition = self
            .edition(sight.snapshot.clone(), &request.indicators, reading)
            .await?;
        let found = self
            .calculate(&edition, move |data| availability::availability(data, &request))
            .await?;
        Ok((found, edition))
    }
}
