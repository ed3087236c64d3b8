//! A total beside the items it is broken down into. Items may exceed it (joint handling) or leave a rest: both are told, neither is mended.

use std::collections::BTreeMap;

use super::data::Data;
use super::series::Series;
use crate::decimal::{clean, subtract};
use crate::error::Error;
use crate::fact::Cell;
use crate::period::Period;

/// The items of one breakdown beside their total.
#[derive(Clone, Debug, PartialEq)]
pub struct BreakdownTotal {
    /// Key of the breakdown.
    pub breakdown: i64,
    /// The items that are stored, in the order of their keys.
    pub items: Vec<Cell>,
    /// The total's own cell.
    pub total: Option<f64>,
    /// What the items add up to; `None` where none has a number.
    pub sum: Option<f64>,
}

impl BreakdownTotal {
    /// Total − sum of the items: what is in none of them, negative where they exceed it.
    #[must_use]
    pub fn residual(&self) -> Option<f64> {
        self.total.zip(self.sum).map(|(total, sum)| subtract(total, clean(sum)))
    }
}

/// The breakdowns of what `org` reports for just `period`; `breakdown_of` gives the breakdown of an item.
///
/// # Errors
/// [`Error::Plan`] when a chunk is not what it was built as.
pub fn breakdowns(
    data: Data<'_>,
    indicator: i64,
    org: u32,
    period: Period,
    breakdown_of: impl Fn(u32) -> Option<i64>,
) -> Result<Vec<BreakdownTotal>, Error> {
    let Some(indicator) = data.indicators.get(indicator) else {
        return Ok(Vec::new());
    };
    let cells = Series::of(data.store, indicator)?
        .cells(org)
        .filter(|cell| cell.is_for(period));
    Ok(totals(cells, breakdown_of))
}

/// The breakdowns among the cells of one organisation and period.
pub(super) fn totals(
    cells: impl Iterator<Item = Cell>,
    breakdown_of: impl Fn(u32) -> Option<i64>,
) -> Vec<BreakdownTotal> {
    let (mut total, mut by_breakdown) = (None, BTreeMap::<i64, Vec<Cell>>::new());
    for cell in cells {
        if cell.breakdown == 0 {
            total = cell.value;
        } else if let Some(breakdown) = breakdown_of(cell.breakdown) {
            by_breakdown.entry(breakdown).or_default().push(cell);
        }
    }
    let totals = by_breakdown.into_iter().map(|(breakdown, items)| BreakdownTotal {
        breakdown,
        sum: items
            .iter()
            .filter_map(|item| item.value)
            .reduce(|sum, value| sum + value),
        items,
        total,
    });
    totals.collect()
}
