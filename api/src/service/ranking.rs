//! Rankings: from codes to places.

use analytics::op::Cited;
use analytics::op::ranking::{self, Ranking, RankingRequest};
use analytics::period::Period;

use super::Service;
use super::access::Sight;
use super::edition::Edition;
use super::hierarchy::View;
use super::limit::limit;
use super::provisional::Include;
use super::selector::{OrgSelector, readable};
use crate::error::Error;

/// What is to be ranked.
#[derive(Clone, Debug)]
pub struct Question {
    /// Code of the indicator.
    pub indicator: String,
    /// Which organisations.
    pub orgs: OrgSelector,
    /// The period.
    pub period: Period,
    /// Ratios over a smaller denominator are not ranked; in the base unit of its quantity.
    pub minimum_denominator: Option<f64>,
    /// Under which tree.
    pub view: View,
    /// Figures as they were known at this time, in µs since the epoch.
    pub as_of: Option<i64>,
    /// And which figures.
    pub include: Include,
    /// Organisations at most.
    pub max_cells: u64,
}

impl Service {
    /// Ranks as asked, over one version of the data.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes, [`Error::Limit`] for too many organisations.
    pub async fn ranking(&self, sight: &Sight, question: Question) -> Result<(Ranking, Edition), Error> {
        let indicator = readable(sight, &question.indicator)?;
        let request = RankingRequest {
            indicator,
            orgs: question
                .view
                .orgs(&question.orgs, sight, &[indicator], question.period)?,
            period: question.period,
            minimum_denominator: question.minimum_denominator,
        };
        limit("ranking", request.orgs.len() as u64, question.max_cells)?;
        let under = (question.view, request.period);
        let reading = sight.reading(question.as_of, question.include)?;
        let edition = self
            .edition_under(sight.snapshot.clone(), &[request.indicator], reading, under)
            .await?;
        let ranking = self
            .calculate(&edition, move |data| ranking::ranking(data, &request))
            .await?;
        let mut ranking = ranking.ok_or_else(|| Error::internal("an indicator that is not in its catalogue"))?;
        // What stands above is told to those who may read it.
        ranking.parent = ranking.parent.filter(|(parent, _)| sight.sees(indicator, *parent));
        Ok((ranking, edition))
    }

    /// The stored figures under the values of an indicator, one list a cell.
    ///
    /// # Errors
    /// [`Error::Internal`] when the calculation fails.
    pub async fn lineage_of(
        &self,
        edition: &Edition,
        indicator: i64,
        cells: Vec<(u32, Period)>,
    ) -> Result<Vec<Vec<Cited>>, Error> {
        self.calculate(edition, move |data| analytics::op::lineage_of(data, indicator, &cells))
            .await
    }
}
