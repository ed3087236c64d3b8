//! From the rows of a file to cells, or to all of their faults.

use std::collections::HashMap;

use entity::observation::{Key, New};

use super::cell::Cell;
use super::check::Check;
use super::content::Content;
use crate::intake::figures::Row;
use crate::intake::problem::Problem;
use crate::service::catalog::Catalog;
use crate::service::convert;

/// Faults that are listed before the rest is only counted.
const MOST_PROBLEMS: usize = 1000;

/// Checks all rows.
pub(super) fn resolve(
    file: &str,
    rows: &[Row],
    catalog: &Catalog,
    content: Content,
) -> Result<Vec<Cell>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut cells = Vec::with_capacity(rows.len());
    let mut lines: HashMap<Key, u64> = HashMap::with_capacity(rows.len());
    for row in rows {
        let mut check = Check {
            file,
            row,
            catalog,
            content,
            problems: Vec::new(),
        };
        let cell = check.cell();
        problems.append(&mut check.problems);
        if problems.len() > MOST_PROBLEMS {
            break;
        }
        let Some(cell) = cell else { continue };
        if let Some(other) = lines.insert(Key::from(&cell.row), cell.line) {
            let mut check = Check {
                file,
                row,
                catalog,
                content,
                problems: Vec::new(),
            };
            check.fault(
                "period",
                format!("line {other} gives a figure for the same cell"),
                "keep one of the two lines",
            );
            problems.append(&mut check.problems);
        }
        cells.push(cell);
    }
    if problems.is_empty() { Ok(cells) } else { Err(problems) }
}

impl Check<'_> {
    /// The cell, when no column has a fault.
    fn cell(&mut self) -> Option<Cell> {
        self.texts();
        self.target();
        let indicator = self.indicator();
        let period = self.period();
        let org_id = self.org(period);
        let breakdown_item_id = self.breakdown();
        let status = self.status();
        let flags = self.flags();
        let document = self.document();
        let amount = indicator
            .zip(status)
            .and_then(|(indicator, status)| self.amount(indicator, status));
        let (indicator, period, amount) = (indicator?, period?, amount?);
        let (org_id, breakdown_item_id, status, flags) = (org_id?, breakdown_item_id?, status?, flags?);
        if !self.problems.is_empty() {
            return None;
        }
        let text = |column: &str| self.row.some(column).map(str::to_owned);
        let row = New {
            indicator_id: indicator.id,
            org_id,
            start_month: period.start_month(),
            end_month: period.end_month(),
            breakdown_item_id,
            revision: 1,
            value: amount.value,
            status: convert::stored_status(status),
            decimals: amount.decimals,
            printed: text("printed").or_else(|| text("value")),
            unit_id: amount.unit_id,
            flags: flags.to_string(),
            note: text("note"),
            source_id: None,
            locator: text("locator"),
            batch_id: None,
            reason: None,
            recorded_at: 0,
            superseded_at: None,
        };
        Some(Cell {
            line: self.row.line,
            row,
            document,
        })
    }
}
