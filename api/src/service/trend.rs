//! Series over many periods: from codes to points.

use analytics::op::trend::{self, TrendRequest, TrendSeries};
use analytics::period::Period;

use super::Service;
use super::access::Sight;
use super::edition::Edition;
use super::hierarchy::View;
use super::limit::limit;
use super::provisional::Include;
use super::selector::{IndicatorSelector, OrgSelector};
use crate::error::Error;

/// Periods of a moving average at most.
const WIDEST: i32 = 120;

/// Which series.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which indicators.
    pub indicators: IndicatorSelector,
    /// Which organisations.
    pub orgs: OrgSelector,
    /// The first period.
    pub from: Period,
    /// The last period, of the same type.
    pub to: Period,
    /// Periods of a moving average.
    pub moving_average: Option<i32>,
    /// Under which tree.
    pub view: View,
    /// Figures as they were known at this time, in µs since the epoch.
    pub as_of: Option<i64>,
    /// And which figures.
    pub include: Include,
    /// Cells at most.
    pub max_cells: u64,
}

impl Service {
    /// The series as asked, over one version of the data.
    ///
    /// # Errors
    /// [`Error::Input`] for periods that make no series, [`Error::NotFound`] for unknown codes, [`Error::Limit`] for too many cells.
    pub async fn trend(&self, sight: &Sight, question: Question) -> Result<(Vec<TrendSeries>, Edition), Error> {
        let (from, to) = (question.from, question.to);
        let moving_average = match question.moving_average.map(usize::try_from) {
            None => None,
            Some(Ok(width)) if (2..=WIDEST.unsigned_abs() as usize).contains(&width) => Some(width),
            Some(_) => {
                let message = "movingAverage is out of range";
                return Err(Error::input(message, format!("ask for 2 to {WIDEST} periods")));
            }
        };
        let indicators = question.indicators.resolve(sight)?;
        let request = TrendRequest {
            orgs: question.view.orgs(&question.orgs, sight, &indicators, to)?,
            indicators,
            periods: from.until(to).ok_or_else(|| {
                Error::input(
                    format!("there is no series from {from} to {to}"),
                    "name two periods of one type and length, the earlier one first, as from: \"2019-Q1\", to: \"2021-Q4\"",
                )
            })?,
            moving_average,
        };
        let series = request.indicators.len() as u64 * request.orgs.len() as u64;
        limit("series", series * request.periods.len() as u64, question.max_cells)?;
        let under = (question.view, to);
        let reading = sight.reading(question.as_of, question.include)?;
        let edition = self
            .edition_under(sight.snapshot.clone(), &request.indicators, reading, under)
            .await?;
        let series = self
            .calculate(&edition, move |data| trend::trend(data, &request))
            .await?;
        Ok((series, edition))
    }
}
