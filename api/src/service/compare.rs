//! Comparisons: from codes to a plan to rows.

use analytics::op::{self, Comparability, Comparison, Lineage, Request};
use analytics::period::Period;
use analytics::sentence::Against;
use strum::Display;

use super::Service;
use super::access::Sight;
use super::edition::Edition;
use super::hierarchy::View;
use super::limit::limit;
use super::provisional::Include;
use super::selector::{IndicatorSelector, OrgSelector};
use crate::error::Error;

/// What the current value is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
pub enum Baseline {
    /// The same period one year earlier (同比).
    PreviousYear,
    /// The adjacent period (环比).
    PreviousPeriod,
    /// A period that is named.
    Period,
    /// So many years earlier, told as the growth of an average year.
    AverageGrowth,
    /// The target set for the same organisation and period.
    Target,
    /// The organisation directly above.
    Parent,
    /// The median of the peers.
    Peers,
}

/// What is to be compared.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which indicators.
    pub indicators: IndicatorSelector,
    /// Which organisations.
    pub orgs: OrgSelector,
    /// The current period.
    pub period: Period,
    /// What it is held against.
    pub baseline: Baseline,
    /// The named period of [`Baseline::Period`].
    pub base_period: Option<Period>,
    /// The years of [`Baseline::AverageGrowth`].
    pub years: Option<i32>,
    /// Which organisations below are taken into rolled-up values.
    pub comparability: Comparability,
    /// Give the numbers of a change across a break as well.
    pub across_breaks: bool,
    /// Under which tree.
    pub view: View,
    /// Figures as they were known at this time, in µs since the epoch.
    pub as_of: Option<i64>,
    /// And which figures.
    pub include: Include,
    /// Cells at most.
    pub max_cells: u64,
}

/// The rows and what they were computed over.
#[derive(Debug)]
pub struct Answer {
    /// One row an indicator and organisation.
    pub rows: Vec<Comparison>,
    /// What was held against what.
    pub request: Request,
    /// What it was computed over.
    pub edition: Edition,
}

impl Service {
    /// Compares as asked, over one version of the data.
    ///
    /// # Errors
    /// [`Error::Input`] for a baseline without its period, [`Error::NotFound`] for unknown codes, [`Error::Limit`] for too many cells.
    pub async fn compare(&self, sight: &Sight, question: Question) -> Result<Answer, Error> {
        let baseline = baseline(&question)?;
        let indicators = question.indicators.resolve(sight)?;
        let request = Request {
            orgs: question
                .view
                .orgs(&question.orgs, sight, &indicators, question.period)?,
            indicators,
            period: question.period,
            baseline,
            comparability: question.comparability,
            across_breaks: question.across_breaks,
        };
        let cells = request.indicators.len() as u64 * request.orgs.len() as u64;
        limit("comparison", cells, question.max_cells)?;
        let under = (question.view, request.period);
        let reading = sight.reading(question.as_of, question.include)?;
        let edition = self
            .edition_under(sight.snapshot.clone(), &request.indicators, reading, under)
            .await?;
        only_seen(sight, &edition, &request)?;
        let plan = request.clone();
        let rows = self
            .calculate_some(&edition, cells, move |data| op::compare(data, &plan))
            .await?;
        Ok(Answer { rows, request, edition })
    }

    /// The stored figures under both values of each row of `answer`.
    ///
    /// # Errors
    /// [`Error::Internal`] when the calculation fails.
    pub async fn lineage(&self, answer: &Answer) -> Result<Vec<Lineage>, Error> {
        let (request, rows) = (answer.request.clone(), answer.rows.clone());
        self.calculate(&answer.edition, move |data| op::lineage(data, &request, &rows))
            .await
    }
}

/// Refuses a baseline that would tell figures of other organisations than may be read.
fn only_seen(sight: &Sight, edition: &Edition, request: &Request) -> Result<(), Error> {
    if sight.is_all() {
        return Ok(());
    }
    let at = request.period;
    for org in &request.orgs {
        let others = match request.baseline {
            op::Baseline::Parent => edition.tree.parent(*org, Some(at)).into_iter().collect(),
            op::Baseline::Peers => edition.tree.peers(*org, at),
            _ => return Ok(()),
        };
        let sees = |other: &u32| {
            request
                .indicators
                .iter()
                .all(|indicator| sight.sees(*indicator, *other))
        };
        if !others.iter().all(sees) {
            return Err(Error::Forbidden {
                message: "this baseline stands on organisations that you may not read".to_owned(),
                hint: Some("compare with another period or with the target".to_owned()),
            });
        }
    }
    Ok(())
}

/// The plan's baseline; what does not go together is refused.
fn baseline(question: &Question) -> Result<op::Baseline, Error> {
    if question.years.is_some() && question.baseline != Baseline::AverageGrowth {
        return Err(Error::input(
            "years goes with baseline AVERAGE_GROWTH only",
            "set baseline: AVERAGE_GROWTH or leave years out",
        ));
    }
    if let Some(base) = base_of(question.period, question.baseline, question.base_period)? {
        return Ok(op::Baseline::Period(base));
    }
    Ok(match question.baseline {
        Baseline::Target => op::Baseline::Target,
        Baseline::Parent => op::Baseline::Parent,
        Baseline::AverageGrowth => match question.years.map(u8::try_from) {
            Some(Ok(years @ 1..=100)) => op::Baseline::AverageGrowth(years),
            Some(_) => return Err(Error::input("years is out of range", "ask for 1 to 100 years")),
            None => {
                return Err(Error::input(
                    "baseline AVERAGE_GROWTH needs years",
                    "say over how many years, as years: 2",
                ));
            }
        },
        _ => op::Baseline::Peers,
    })
}

/// What a sentence calls the base.
#[must_use]
pub fn against(baseline: op::Baseline) -> Against {
    match baseline {
        op::Baseline::Period(period) => Against::Period(period),
        op::Baseline::AverageGrowth(years) => Against::AverageGrowth(years),
        op::Baseline::Target => Against::Target,
        op::Baseline::Parent => Against::Parent,
        op::Baseline::Peers => Against::Peers,
    }
}

/// The base of a baseline that is another period: `None` for one that is none, and inside where the calendar has no such period.
pub(super) fn base_of(
    period: Period,
    baseline: Baseline,
    base_period: Option<Period>,
) -> Result<Option<Option<Period>>, Error> {
    if base_period.is_some() && baseline != Baseline::Period {
        return Err(Error::input(
            "basePeriod goes with baseline PERIOD only",
            "set baseline: PERIOD or leave basePeriod out",
        ));
    }
    match (baseline, base_period) {
        (Baseline::PreviousYear, _) => Ok(Some(period.previous_year())),
        (Baseline::PreviousPeriod, _) => Ok(Some(period.previous())),
        (Baseline::Period, Some(base)) if base.months() == period.months() => Ok(Some(Some(base))),
        (Baseline::Period, Some(base)) => Err(Error::input(
            format!(
                "{period} has {} months and {base} has {}: unlike periods are not compared",
                period.months(),
                base.months()
            ),
            "name a basePeriod of the same length",
        )),
        (Baseline::Period, None) => Err(Error::input(
            "baseline PERIOD needs basePeriod",
            "name the period to compare with, as basePeriod: \"2019\"",
        )),
        (Baseline::Target | Baseline::Parent | Baseline::Peers | Baseline::AverageGrowth, _) => Ok(None),
    }
}
