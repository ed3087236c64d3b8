//! One indicator of one organisation under search: its periods and values.

use std::collections::BTreeSet;

use super::finding::{CellRef, Evidence, Finding, FindingKind, Severity};
use super::request::FindingsRequest;
use crate::fact::Cell;
use crate::measure::Measure;
use crate::op::cut::Breaks;
use crate::op::data::Data;
use crate::op::recipe::Recipe;
use crate::op::window::Window;
use crate::period::Period;

/// What is searched.
pub(super) struct Subject<'a> {
    pub(super) data: &'a Data<'a>,
    pub(super) recipe: &'a Recipe<'a>,
    pub(super) breaks: &'a Breaks<'a>,
    pub(super) org: u32,
    /// The organisation's own value for each period in which it stores any of the figures.
    pub(super) values: Vec<(Period, Measure)>,
    request: &'a FindingsRequest,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        data: &'a Data<'a>,
        recipe: &'a Recipe<'a>,
        breaks: &'a Breaks<'a>,
        org: u32,
        request: &'a FindingsRequest,
    ) -> Self {
        let cells = recipe.tracked();
        let periods: BTreeSet<Period> = cells
            .iter()
            .flat_map(|series| series.cells(org))
            .filter(|cell| cell.breakdown == 0)
            .filter_map(|cell| cell.period())
            .collect();
        let value = |period: Period| (period, Window::current(data, period).measure(recipe, org));
        Self {
            data,
            recipe,
            breaks,
            org,
            values: periods.into_iter().map(value).collect(),
            request,
        }
    }

    /// Whether the period was asked for.
    pub(super) fn is_asked(&self, period: Period) -> bool {
        self.request.covers(period.start_month(), period.end_month())
    }

    /// The totals stored for the indicator itself.
    pub(super) fn totals(&self) -> Vec<Cell> {
        let series = self.recipe.tracked();
        let own = series
            .iter()
            .find(|series| series.indicator.id == self.recipe.indicator.id);
        own.map_or_else(Vec::new, |series| {
            series.cells(self.org).filter(|cell| cell.breakdown == 0).collect()
        })
    }

    /// The value of one period.
    pub(super) fn value(&self, period: Period) -> Option<&Measure> {
        let place = self.values.binary_search_by_key(&period, |(period, _)| *period).ok()?;
        self.values.get(place).map(|(_, measure)| measure)
    }

    pub(super) fn finding(
        &self,
        kind: FindingKind,
        severity: Severity,
        periods: &[Period],
        evidence: Evidence,
    ) -> Finding {
        let org = self.org;
        Finding {
            kind,
            severity,
            indicator: self.recipe.indicator.id,
            cells: periods.iter().map(|period| CellRef { org, period: *period }).collect(),
            evidence,
        }
    }
}
