//! Which observations a question is about.

use async_graphql::InputObject;
use entity::observation;

use super::indicator::IndicatorSelector;
use super::org_unit::OrgSelector;
use crate::error::Error;
use crate::graphql::scalar::choice::ObservationStatus;
use crate::graphql::scalar::period::Period;
use crate::service::access::Sight;
use crate::service::provisional::Include;
use crate::service::{availability, convert, selector};

/// Which observations: every condition narrows, none takes all.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ObservationFilter {
    /// Those of these indicators.
    indicators: Option<IndicatorSelector>,
    /// Those of these organisations.
    orgs: Option<OrgSelector>,
    /// Those of exactly this period.
    period: Option<Period>,
    /// Those that begin with this period or later.
    from: Option<Period>,
    /// Those that end with this period or earlier.
    to: Option<Period>,
    /// Those in one of these states.
    statuses: Option<Vec<ObservationStatus>>,
    /// Only totals when true (without breakdown), only parts when false.
    totals: Option<bool>,
}

impl ObservationFilter {
    /// The same conditions on what is available.
    pub(crate) fn available(self, as_of: Option<i64>, include: Include) -> availability::Question {
        availability::Question {
            indicators: self.indicators.unwrap_or_default().into(),
            orgs: self.orgs.unwrap_or_default().into(),
            exact: self.period.map(|period| period.0),
            statuses: self
                .statuses
                .map(|statuses| statuses.into_iter().map(Into::into).collect()),
            totals: self.totals,
            from: self.from.map(|period| period.0.start_month()),
            to: self.to.map(|period| period.0.end_month()),
            as_of,
            include,
        }
    }

    /// The conditions as keys, narrowed to what may be read.
    pub(super) fn resolve(self, sight: &Sight) -> Result<observation::Filter, Error> {
        let indicators = selector::IndicatorSelector::from(self.indicators.unwrap_or_default());
        let orgs = selector::OrgSelector::from(self.orgs.unwrap_or_default());
        let period = self.period.or(self.to).map(|period| period.0);
        let indicators = indicators.keys(sight)?;
        Ok(observation::Filter {
            orgs: orgs.keys(sight, indicators.as_deref().unwrap_or_default(), period)?,
            indicators,
            breakdown_items: match self.totals {
                None => None,
                Some(true) => Some(vec![0]),
                Some(false) => Some(sight.snapshot.catalog.items().map(|item| item.id).collect()),
            },
            start_month_from: self.from.map(|period| period.0.start_month()),
            end_month_to: self.to.map(|period| period.0.end_month()),
            exact: self.period.map(|period| (period.0.start_month(), period.0.end_month())),
            statuses: self.statuses.map(|statuses| {
                statuses
                    .into_iter()
                    .map(|status| convert::stored_status(status.into()))
                    .collect()
            }),
            sources: None,
            not_pending: None,
        })
    }
}
