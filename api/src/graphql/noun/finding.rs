//! What is odd about the figures.

use std::sync::Arc;

use analytics::decimal::{self, Rounding};
use analytics::op::findings::{self, Evidence, Names};
use async_graphql::{Context, InputObject, Object, Result};

use super::indicator::{Indicator, IndicatorSelector};
use super::org_unit::{OrgSelector, OrgUnit};
use super::unit::{readable, unit_scale};
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::choice::{DiscrepancyCause, FindingKind, Locale, Severity};
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::time::DateTime;
use crate::service::finding::Question;
use crate::service::snapshot::Snapshot;

/// Which findings: every condition narrows, none takes all.
#[derive(Debug, Default, InputObject)]
pub(crate) struct FindingFilter {
    /// About these indicators.
    indicators: Option<IndicatorSelector>,
    /// About these organisations.
    orgs: Option<OrgSelector>,
    /// About figures within this period.
    period: Option<Period>,
    /// About figures that begin with this period or later.
    from: Option<Period>,
    /// About figures that end with this period or earlier.
    to: Option<Period>,
    /// Of one of these kinds.
    kinds: Option<Vec<FindingKind>>,
    /// As bad as this or worse.
    severity: Option<Severity>,
    /// In the figures as they were known at this time; now when left out.
    as_of: Option<DateTime>,
}

pub(crate) struct Finding {
    snapshot: Arc<Snapshot>,
    finding: findings::Finding,
}

/// Something odd about figures: a question to whoever reported them, never a correction.
#[Object]
impl Finding {
    /// What is odd.
    async fn kind(&self) -> FindingKind {
        self.finding.kind.into()
    }

    /// How bad it is.
    async fn severity(&self) -> Severity {
        self.finding.severity.into()
    }

    /// Indicator concerned.
    async fn indicator(&self) -> Result<Indicator, Error> {
        Indicator::new(&self.snapshot, self.finding.indicator)
    }

    /// Cells concerned, the one in question first.
    async fn cells(&self) -> Result<Vec<FindingCell>, Error> {
        let cell = |cell: &findings::CellRef| {
            Ok(FindingCell {
                org_unit: OrgUnit::new(&self.snapshot, cell.org)?,
                period: Period(cell.period),
            })
        };
        self.finding.cells.iter().map(cell).collect()
    }

    /// Number in question, in the indicator's unit; null where it is about no number.
    async fn stated(&self) -> Result<Option<f64>, Error> {
        self.told(match self.finding.evidence {
            Evidence::Differ { stated, .. } => Some(stated),
            Evidence::Far { value, .. } | Evidence::Changed { value, .. } => Some(value),
            Evidence::Unlike { .. } | Evidence::Denominators { .. } | Evidence::Owed { .. } => None,
        })
    }

    /// Number it is held against, in the indicator's unit: what the parts give, the median of the series, or the value a year earlier.
    async fn expected(&self) -> Result<Option<f64>, Error> {
        self.told(match self.finding.evidence {
            Evidence::Differ { computed, .. } => Some(computed),
            Evidence::Far { median, .. } => Some(median),
            Evidence::Changed { before, .. } => Some(before),
            Evidence::Unlike { .. } | Evidence::Denominators { .. } | Evidence::Owed { .. } => None,
        })
    }

    /// Likely cause of a printed ratio that its parts do not give.
    async fn cause(&self) -> Option<DiscrepancyCause> {
        match self.finding.evidence {
            Evidence::Differ { cause, .. } => cause.map(Into::into),
            _ => None,
        }
    }

    /// One plain sentence.
    async fn text(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> Result<String, Error> {
        let locale = locale.unwrap_or(Locale::Zh);
        let missing = || Error::internal("a finding without indicator or organisation");
        let catalog = &self.snapshot.catalog;
        let indicator = catalog.indicator(self.finding.indicator).ok_or_else(missing)?;
        let org = self.finding.cells.first().and_then(|cell| catalog.org(cell.org));
        let org = org.ok_or_else(missing)?;
        let of = |indicator: i64| {
            move |value: f64| {
                readable(&self.snapshot, indicator, value, Some(locale), Rounding::HalfUp)
                    .unwrap_or_else(|_| value.to_string())
            }
        };
        let names = match locale {
            Locale::Zh => (&indicator.name_zh, &org.name_zh),
            Locale::En => (&indicator.name_en, &org.name_en),
        };
        let names = Names {
            indicator: names.0,
            org: names.1,
            value: &of(indicator.id),
            denominator: &of(indicator.denominator_id.unwrap_or(indicator.id)),
        };
        Ok(self.finding.text(&names, locale.into()))
    }
}

impl Finding {
    fn told(&self, value: Option<f64>) -> Result<Option<f64>, Error> {
        let scale = unit_scale(&self.snapshot, self.finding.indicator, false)?;
        Ok(value.map(|value| decimal::in_unit(value, scale)))
    }
}

pub(crate) struct FindingCell {
    org_unit: OrgUnit,
    period: Period,
}

/// A cell that a finding is about.
#[Object]
impl FindingCell {
    /// Organisation.
    async fn org_unit(&self) -> &OrgUnit {
        &self.org_unit
    }

    /// Period.
    async fn period(&self) -> Period {
        self.period
    }
}

#[derive(Default)]
pub(crate) struct FindingQuery;

/// Queries of findings.
#[Object]
impl FindingQuery {
    /// What is odd about the figures: discrepancies, gaps, outliers, unlike periods. All that there is, or an error that says how to narrow the search; never a part.
    async fn findings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which findings; all when left out.")] filter: Option<FindingFilter>,
    ) -> Result<Vec<Finding>> {
        let filter = filter.unwrap_or_default();
        let limits = ctx.limits()?;
        let from = filter.from.or(filter.period).map(|period| period.0.start_month());
        let to = filter.to.or(filter.period).map(|period| period.0.end_month());
        let question = Question {
            indicators: filter.indicators.unwrap_or_default().into(),
            orgs: filter.orgs.unwrap_or_default().into(),
            from,
            to,
            kinds: filter.kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
            least: filter.severity.map_or(findings::Severity::Info, Into::into),
            as_of: filter.as_of.map(DateTime::micros),
            max_figures: limits.max_search,
            max_findings: limits.max_cells,
        };
        let (found, edition) = ctx.service()?.findings(ctx.sight()?, question).await?;
        let told = |finding| Finding {
            snapshot: Arc::clone(&edition.snapshot),
            finding,
        };
        Ok(found.into_iter().map(told).collect())
    }
}
