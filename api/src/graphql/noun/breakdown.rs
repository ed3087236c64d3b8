//! A total beside the items it is broken down into.

use analytics::decimal;
use analytics::op::breakdown;
use async_graphql::SimpleObject;

use super::unit::unit_scale;
use crate::error::Error;
use crate::graphql::scalar::choice::ObservationStatus;
use crate::service::edition::Edition;

/// The items of one breakdown beside their total.
#[derive(SimpleObject)]
pub(crate) struct BreakdownTotal {
    /// Code of the breakdown, as `case_type`.
    breakdown: String,
    /// Items that are stored.
    items: Vec<BreakdownItem>,
    /// Total's own figure, in the indicator's unit.
    total: Option<f64>,
    /// What the items add up to, in the indicator's unit; null where none has a number.
    sum: Option<f64>,
    /// `total` − `sum`: what is in none of the items; negative where they exceed the total (joint handling).
    residual: Option<f64>,
}

/// One item of a breakdown.
#[derive(SimpleObject)]
pub(crate) struct BreakdownItem {
    /// Code of the item, as `civil`.
    code: String,
    /// Its figure, in the indicator's unit.
    value: Option<f64>,
    /// What the figure, or its absence, means.
    status: ObservationStatus,
}

impl BreakdownTotal {
    /// A total of `indicator`; `None` where the catalogue does not know the breakdown.
    pub(crate) fn new(
        edition: &Edition,
        indicator: i64,
        found: &breakdown::BreakdownTotal,
    ) -> Result<Option<Self>, Error> {
        let (catalog, snapshot) = (edition.catalog(), &edition.snapshot);
        let scale = unit_scale(snapshot, indicator, false)?;
        let told = |value: Option<f64>| value.map(|value| decimal::in_unit(value, scale));
        let Some(breakdown) = catalog.breakdown(found.breakdown) else {
            return Ok(None);
        };
        let item = |cell: &analytics::fact::Cell| {
            Some(BreakdownItem {
                code: catalog.item(i64::from(cell.breakdown))?.code.clone(),
                value: told(cell.value),
                status: cell.state.status.into(),
            })
        };
        Ok(Some(Self {
            breakdown: breakdown.code.clone(),
            items: found.items.iter().filter_map(item).collect(),
            total: told(found.total),
            sum: told(found.sum),
            residual: told(found.residual()),
        }))
    }
}
