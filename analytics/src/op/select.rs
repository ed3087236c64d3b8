//! What the store holds for each indicator, organisation and window: one plan for all of them.

use std::collections::HashMap;

use polars::prelude::*;

use crate::error::Error;
use crate::fact::{FactStore, State};
use crate::period::Period;

/// A figure reported for just the window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    pub(super) value: Option<f64>,
    pub(super) state: State,
    pub(super) id: i64,
}

/// What the parts of one length add up to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub(super) length: i32,
    pub(super) count: i32,
    pub(super) sum: f64,
    pub(super) last: Option<f64>,
}

/// What is there for one window.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) exact: Option<Exact>,
    /// Halves, quarters, months: longest first.
    pub(super) parts: Vec<Parts>,
    /// Figures for other months that touch the window.
    pub(super) other: bool,
}

/// By indicator and organisation, one entry a window.
pub(super) type Selection = HashMap<(i64, u32), Vec<Found>>;

/// Reads the totals (no breakdown) of `indicators` and `orgs` for each of `windows`.
pub(super) fn select(
    store: &FactStore,
    indicators: &[i64],
    orgs: &[u32],
    windows: &[Period],
) -> Result<Selection, Error> {
    let Some(frame) = slices(store, indicators, orgs)? else {
        return Ok(Selection::new());
    };
    let touched = windows
        .iter()
        .map(|window| touches(*window))
        .reduce(Expr::or)
        .unwrap_or_else(|| lit(false));
    let answers: Vec<Expr> = windows
        .iter()
        .enumerate()
        .flat_map(|(index, window)| questions(index, *window))
        .collect();
    let found = frame
        .lazy()
        .filter(col("breakdown").eq(lit(0u32)).and(touched))
        .group_by([col("indicator"), col("org")])
        .agg(answers)
        .collect()?;
    read(&found, windows)
}

/// The rows of the organisations asked for, one slice a run of ordinals.
fn slices(store: &FactStore, indicators: &[i64], orgs: &[u32]) -> Result<Option<DataFrame>, Error> {
    let runs = runs(orgs);
    let mut all: Option<DataFrame> = None;
    for indicator in indicators {
        let Some(chunk) = store.chunk(*indicator) else { continue };
        for (from, to) in &runs {
            let mut slice = chunk.slice(*from, *to);
            if slice.height() == 0 {
                continue;
            }
            slice.with_column(Column::new_scalar(
                "indicator".into(),
                Scalar::from(*indicator),
                slice.height(),
            ))?;
            match &mut all {
                None => all = Some(slice),
                Some(frame) => {
                    frame.vstack_mut_owned(slice)?;
                }
            }
        }
    }
    Ok(all)
}

/// Runs of adjacent ordinals, end not included.
fn runs(orgs: &[u32]) -> Vec<(u32, u32)> {
    let mut sorted = orgs.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for org in sorted {
        match runs.last_mut() {
            Some((_, end)) if *end == org => *end += 1,
            _ => runs.push((org, org.saturating_add(1))),
        }
    }
    runs
}

fn end() -> Expr {
    col("start") + col("months") - lit(1i32)
}

fn touches(window: Period) -> Expr {
    col("start")
        .lt_eq(lit(window.end_month()))
        .and(end().gt_eq(lit(window.start_month())))
}

fn exactly(window: Period) -> Expr {
    col("start")
        .eq(lit(window.start_month()))
        .and(col("months").eq(lit(window.months())))
}

/// A figure with a number that is one of the parts of `length` months.
fn is_part(window: Period, length: i32) -> Expr {
    col("months")
        .eq(lit(length))
        .and(col("start").gt_eq(lit(window.start_month())))
        .and(end().lt_eq(lit(window.end_month())))
        .and((col("start") % lit(length)).eq(lit(0i32)))
        .and(col("value").is_not_null())
}

fn name(what: &str, window: usize, length: i32) -> String {
    format!("{what}_{window}_{length}")
}

fn questions(index: usize, window: Period) -> Vec<Expr> {
    let exact = |column: &str| {
        col(column)
            .filter(exactly(window))
            .first()
            .alias(name(column, index, 0))
    };
    let other = col("value")
        .is_not_null()
        .and(touches(window))
        .and(exactly(window).not());
    let mut questions = vec![
        exact("value"),
        exact("state"),
        exact("id"),
        other.any(true).alias(name("other", index, 0)),
    ];
    for length in window.tilings() {
        let part = || is_part(window, length);
        questions.push(part().cast(DataType::Int32).sum().alias(name("count", index, length)));
        questions.push(col("value").filter(part()).sum().alias(name("sum", index, length)));
        questions.push(
            col("value")
                .filter(part().and(end().eq(lit(window.end_month()))))
                .first()
                .alias(name("last", index, length)),
        );
    }
    questions
}

fn read(found: &DataFrame, windows: &[Period]) -> Result<Selection, Error> {
    let (indicators, orgs) = (found.column("indicator")?.i64()?, found.column("org")?.u32()?);
    let mut selection = Selection::with_capacity(found.height());
    for row in 0..found.height() {
        if let (Some(indicator), Some(org)) = (indicators.get(row), orgs.get(row)) {
            selection.insert((indicator, org), vec![Found::default(); windows.len()]);
        }
    }
    for (index, window) in windows.iter().enumerate() {
        let column = |what: &str, length: i32| found.column(&name(what, index, length));
        let (value, state, id) = (
            column("value", 0)?.f64()?,
            column("state", 0)?.u32()?,
            column("id", 0)?.i64()?,
        );
        let other = column("other", 0)?.bool()?;
        for row in 0..found.height() {
            let Some(slot) = slot(&mut selection, indicators.get(row), orgs.get(row), index) else {
                continue;
            };
            slot.exact = id.get(row).zip(state.get(row)).map(|(id, state)| Exact {
                value: value.get(row),
                state: State::unpack(state),
                id,
            });
            slot.other = other.get(row).unwrap_or(false);
        }
        for length in window.tilings() {
            let (count, sum, last) = (
                column("count", length)?.i32()?,
                column("sum", length)?.f64()?,
                column("last", length)?.f64()?,
            );
            for row in 0..found.height() {
                let Some(slot) = slot(&mut selection, indicators.get(row), orgs.get(row), index) else {
                    continue;
                };
                let parts = Parts {
                    length,
                    count: count.get(row).unwrap_or(0),
                    sum: sum.get(row).unwrap_or(0.0),
                    last: last.get(row),
                };
                slot.parts.push(parts);
            }
        }
    }
    Ok(selection)
}

fn slot(selection: &mut Selection, indicator: Option<i64>, org: Option<u32>, window: usize) -> Option<&mut Found> {
    selection.get_mut(&(indicator?, org?))?.get_mut(window)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjacent_organisations_are_one_slice() {
        assert_eq!(runs(&[5, 1, 2, 3, 9, 2]), [(1, 4), (5, 6), (9, 10)]);
        assert!(runs(&[]).is_empty());
    }
}
