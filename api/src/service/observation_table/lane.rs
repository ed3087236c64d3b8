//! The rows of one indicator.

use std::sync::Arc;

use analytics::decimal;
use analytics::fact::{Cell, Chunk};
use analytics::flag::{Flag, Flags};
use analytics::measure::{Discrepancy, Measure};
use analytics::period::Period;
use analytics::reason::Reason;
use analytics::status::Status;
use rust_decimal::Decimal;

use crate::error::Error;
use crate::service::availability::Question;
use crate::service::catalog::scale;
use crate::service::edition::Edition;

/// One row, with places instead of words.
pub(super) struct Line {
    /// The indicator's place in the table.
    pub(super) place: i32,
    /// The organisation's ordinal, or the place of the total.
    pub(super) org: u32,
    pub(super) breakdown: u32,
    pub(super) start: i32,
    pub(super) months: i32,
    /// Value, numerator and denominator in their units; NaN is none.
    pub(super) numbers: [f64; 3],
    pub(super) status: Status,
    pub(super) flags: Flags,
    pub(super) decimals: Option<u32>,
    /// Of a total: what is in it, and what belongs.
    pub(super) parts: Option<(u32, u32)>,
    pub(super) reason: Option<Reason>,
}

impl Line {
    pub(super) fn period(&self) -> Option<Period> {
        Period::from_months(self.start, self.start.checked_add(self.months)? - 1)
    }
}

/// One indicator with what its rows are told by.
pub(super) struct Lane {
    pub(super) indicator: i64,
    place: i32,
    chunk: Option<Arc<Chunk>>,
    scale: Decimal,
    /// A ratio's numerator and denominator, with their scales.
    parts: [Option<(Option<Arc<Chunk>>, Decimal)>; 2],
}

impl Lane {
    pub(super) fn new(edition: &Edition, indicator: i64, place: usize) -> Result<Self, Error> {
        let catalog = edition.catalog();
        let scale_of = |id: i64| {
            let unit = catalog
                .indicator(id)
                .and_then(|indicator| catalog.unit(indicator.unit_id));
            scale(unit.ok_or_else(|| Error::internal("an indicator without unit"))?)
        };
        let model = catalog.indicator(indicator);
        let part = |id: Option<i64>| -> Result<_, Error> {
            let Some(id) = id else { return Ok(None) };
            Ok(Some((edition.facts.chunk(id).cloned(), scale_of(id)?)))
        };
        Ok(Self {
            indicator,
            place: i32::try_from(place).unwrap_or(i32::MAX),
            chunk: edition.facts.chunk(indicator).cloned(),
            scale: scale_of(indicator)?,
            parts: [
                part(model.and_then(|model| model.numerator_id))?,
                part(model.and_then(|model| model.denominator_id))?,
            ],
        })
    }

    /// The rows of an organisation that `question` asks for, totals before breakdowns, by period.
    pub(super) fn lines(&self, question: &Question, org: u32) -> Result<Vec<Line>, Error> {
        let Some(chunk) = &self.chunk else {
            return Ok(Vec::new());
        };
        let mut lines = Vec::new();
        let mut beside: Option<[Vec<Cell>; 2]> = None;
        for cell in chunk.cells(org)?.filter(|cell| fits(question, cell)) {
            let mut line = self.line(org, &cell);
            if self.parts.iter().any(Option::is_some) {
                let beside = match &mut beside {
                    Some(beside) => beside,
                    None => beside.insert([self.part(0, org)?, self.part(1, org)?]),
                };
                let found = [0, 1].map(|index| same(&beside[index], &cell));
                for (index, value) in found.into_iter().enumerate() {
                    let scale = self.parts[index].as_ref().map_or(Decimal::ONE, |(_, scale)| *scale);
                    line.numbers[index + 1] = told(value, scale);
                }
                if self.contradicts(&cell, found) {
                    line.flags = line.flags.with(Flag::Discrepancy);
                }
            }
            lines.push(line);
        }
        Ok(lines)
    }

    fn line(&self, org: u32, cell: &Cell) -> Line {
        Line {
            place: self.place,
            org,
            breakdown: cell.breakdown,
            start: cell.start,
            months: cell.months,
            numbers: [told(cell.value, self.scale), f64::NAN, f64::NAN],
            status: cell.state.status,
            flags: cell.state.flags,
            decimals: Some(cell.state.decimals),
            parts: None,
            reason: None,
        }
    }

    fn part(&self, index: usize, org: u32) -> Result<Vec<Cell>, Error> {
        match &self.parts[index] {
            Some((Some(chunk), _)) => Ok(chunk.cells(org)?.collect()),
            _ => Ok(Vec::new()),
        }
    }

    /// Whether a printed ratio is not what its own parts give, to the digits in which it is printed.
    fn contradicts(&self, cell: &Cell, parts: [Option<f64>; 2]) -> bool {
        let (Some(printed), [Some(top), Some(bottom)]) = (cell.value, parts) else {
            return false;
        };
        bottom != 0.0 && Discrepancy::check(printed, cell.state.decimals, top / bottom, None, self.scale).is_some()
    }

    /// A totals row.
    pub(super) fn total(&self, period: Period, measure: &Measure, org: u32) -> Line {
        let part = |index: usize, value: Option<f64>| match &self.parts[index] {
            Some((_, scale)) => told(value, *scale),
            None => f64::NAN,
        };
        Line {
            place: self.place,
            org,
            breakdown: 0,
            start: period.start_month(),
            months: period.months(),
            numbers: [
                told(measure.value, self.scale),
                part(0, measure.numerator),
                part(1, measure.denominator),
            ],
            status: measure.status,
            flags: measure.flags,
            decimals: None,
            parts: Some((measure.coverage.present, measure.coverage.expected)),
            reason: measure.reason,
        }
    }
}

/// A part's figure for just the same breakdown and period as `cell`.
fn same(cells: &[Cell], cell: &Cell) -> Option<f64> {
    let key = |cell: &Cell| (cell.breakdown, cell.start, cell.months);
    let found = cells.binary_search_by_key(&key(cell), key).ok()?;
    cells.get(found)?.value
}

fn told(value: Option<f64>, scale: Decimal) -> f64 {
    match value {
        Some(value) if scale == Decimal::ONE => decimal::clean(value),
        Some(value) => decimal::in_unit(value, scale),
        None => f64::NAN,
    }
}

fn fits(question: &Question, cell: &Cell) -> bool {
    let last = cell.start + cell.months - 1;
    question.exact.is_none_or(|period| cell.is_for(period))
        && question.from.is_none_or(|from| cell.start >= from)
        && question.to.is_none_or(|to| last <= to)
        && question.totals.is_none_or(|totals| (cell.breakdown == 0) == totals)
        && question
            .statuses
            .as_ref()
            .is_none_or(|some| some.contains(&cell.state.status))
}
