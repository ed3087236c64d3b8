//! Why a change came about: from codes to contributions.

use analytics::op::decompose::{self, DecomposeRequest, Decomposition};
use analytics::period::Period;

use super::Service;
use super::access::Sight;
use super::compare::{Baseline, base_of};
use super::edition::Edition;
use super::hierarchy::View;
use super::provisional::Include;
use super::selector::{org, readable};
use crate::error::Error;

/// What is to be taken apart.
#[derive(Clone, Debug)]
pub struct Question {
    /// Code of the indicator.
    pub indicator: String,
    /// Code of the organisation.
    pub org: String,
    /// The current period.
    pub period: Period,
    /// What it is held against: another period.
    pub baseline: Baseline,
    /// The named period of [`Baseline::Period`].
    pub base_period: Option<Period>,
    /// Under which tree.
    pub view: View,
    /// Figures as they were known at this time, in µs since the epoch.
    pub as_of: Option<i64>,
    /// And which figures.
    pub include: Include,
}

/// The parts and what they were computed for.
#[derive(Debug)]
pub struct Answer {
    /// The change taken apart.
    pub decomposition: Decomposition,
    /// What was asked.
    pub request: DecomposeRequest,
    /// What it was computed over.
    pub edition: Edition,
}

impl Service {
    /// Takes a change apart, over one version of the data.
    ///
    /// # Errors
    /// [`Error::Input`] for an indicator that cannot be taken apart or a baseline that is no period, [`Error::NotFound`] for unknown codes.
    pub async fn decompose(&self, sight: &Sight, question: Question) -> Result<Answer, Error> {
        let period = question.period;
        let base = match base_of(period, question.baseline, question.base_period)? {
            Some(Some(base)) => base,
            Some(None) => {
                return Err(Error::input(
                    format!("{period} has no such base"),
                    "name one with baseline: PERIOD and basePeriod",
                ));
            }
            None => {
                return Err(Error::input(
                    "only a change between two periods is taken apart",
                    "ask for baseline PREVIOUS_YEAR, PREVIOUS_PERIOD or PERIOD",
                ));
            }
        };
        let request = DecomposeRequest {
            indicator: readable(sight, &question.indicator)?,
            org: org(&sight.snapshot.catalog, &question.org)?,
            period,
            base,
        };
        sight.need(&[request.indicator], request.org)?;
        let under = (question.view, period);
        let reading = sight.reading(question.as_of, question.include)?;
        let edition = self
            .edition_under(sight.snapshot.clone(), &[request.indicator], reading, under)
            .await?;
        let found = self
            .calculate(&edition, move |data| decompose::decompose(data, &request))
            .await?;
        let decomposition = found.ok_or_else(|| {
            Error::input(
                format!("`{}` does not add up over organisations", question.indicator),
                "ask for a count, an amount or a ratio with both parts; of a formula, for its inputs",
            )
        })?;
        Ok(Answer {
            decomposition,
            request,
            edition,
        })
    }
}
