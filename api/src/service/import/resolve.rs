//! From the bytes of a file to cells, and all of its faults.

use std::collections::HashMap;
use std::ops::ControlFlow;

use analytics::decimal;
use entity::observation::Key;

use super::cell::{Cell, Document, Told};
use super::check::Check;
use super::content::Content;
use super::names::Names;
use super::progress::Progress;
use super::table::Place;
use super::table::TableReading;
use crate::intake::book::{self, CellKind, Limits};
use crate::intake::figures::{self, Entry, Field, Mapping, Tally};
use crate::intake::problem::{Problem, Text};
use crate::service::catalog::Catalog;
use crate::service::convert;

/// Faults that are listed before the rest is only counted.
const MOST_PROBLEMS: usize = 1000;
/// Figures after which the progress is told.
const STEP: usize = 10_000;

/// What is to be read, and how.
pub(super) struct Request<'a> {
    pub(super) file: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) mapping: &'a Mapping,
    pub(super) content: Content,
    pub(super) limits: &'a Limits,
    pub(super) progress: &'a Progress,
}

/// A file, read and checked.
#[derive(Default)]
pub(super) struct Resolved {
    pub(super) tables: Vec<TableReading>,
    pub(super) cells: Vec<Cell>,
    pub(super) index: HashMap<Key, u32>,
    pub(super) documents: Vec<Document>,
    pub(super) rejected: Vec<Place>,
    pub(super) problems: Vec<Problem>,
    pub(super) tally: Tally,
}

/// Reads and checks all figures of a file. Faults are in what comes back; figures without fault are there beside them.
pub(super) fn resolve(request: &Request<'_>, catalog: &Catalog) -> Resolved {
    let mut resolved = Resolved::default();
    let names = Names::new(catalog);
    let book = match book::open(request.file, request.bytes, request.limits) {
        Ok(book) => book,
        Err(problem) => {
            resolved.problems.push(*problem);
            return resolved;
        }
    };
    let tables = match figures::tables(request.file, &book, &names, request.mapping) {
        Ok(tables) => tables,
        Err(problems) => {
            resolved.problems = problems;
            return resolved;
        }
    };
    let words = request.mapping.word_list();
    let mut documents: HashMap<Document, u32> = HashMap::new();
    for (number, table) in (0u16..).zip(&tables) {
        resolved.tables.push(TableReading {
            sheet: table.sheet().to_owned(),
            header: table.layout().header_rows(),
            columns: table.layout().told(),
            whole: table.layout().told_by_sheet(),
        });
        let mut form = Vec::new();
        let mut since_step = 0;
        let tally = table.entries(request.file, request.mapping, &mut form, |entry| {
            let mut check = Check {
                file: request.file,
                entry,
                names: &names,
                words: &words,
                content: request.content,
                problems: Vec::new(),
            };
            check.figure(number, &mut resolved, &mut documents);
            since_step += 1;
            if since_step == STEP {
                request.progress.advance(STEP);
                since_step = 0;
            }
            if request.progress.is_cancelled() || resolved.problems.len() > MOST_PROBLEMS {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        });
        resolved.problems.append(&mut form);
        resolved.tally.blank += tally.blank;
        resolved.tally.left_out += tally.left_out;
    }
    resolved.problems.sort_by_key(|problem| problem.line);
    if resolved.cells.is_empty() && resolved.problems.is_empty() && resolved.tally.blank == 0 {
        resolved.problems.push(figures::no_rows(request.file));
    }
    resolved
}

impl Check<'_> {
    fn figure(&mut self, table: u16, resolved: &mut Resolved, documents: &mut HashMap<Document, u32>) {
        let place = place(table, self.entry);
        let cell = self.cell(place, resolved, documents);
        if let Some(cell) = cell {
            let next = u32::try_from(resolved.cells.len()).unwrap_or(u32::MAX);
            match resolved
                .index
                .get(&cell.key)
                .and_then(|known| resolved.cells.get(*known as usize))
            {
                None => {
                    resolved.index.insert(cell.key, next);
                    resolved.cells.push(cell);
                }
                Some(other) => {
                    let (en, zh) = if place.line == other.place.line && place.table == other.place.table {
                        let letters = crate::intake::problem::column_letters(other.place.column);
                        (format!("column {letters}"), format!("{letters} 列"))
                    } else {
                        (
                            format!("line {}", other.place.line),
                            format!("第 {} 行", other.place.line),
                        )
                    };
                    self.fault(
                        Field::Period,
                        Text::new(
                            format!("{en} gives a figure for the same cell"),
                            format!("{zh}已有同一项数据"),
                        ),
                        Text::new("keep one of the two lines", "请只保留一处"),
                    );
                }
            }
        }
        if !self.problems.is_empty() {
            resolved.rejected.push(place);
            // An organisation that is not known is told once, and not for every figure of its row.
            let line = Some(self.entry.line);
            for problem in std::mem::take(&mut self.problems) {
                let mut same_line = resolved.problems.iter().rev().take_while(|known| known.line == line);
                if !same_line.any(|known| *known == problem) {
                    resolved.problems.push(problem);
                }
            }
        }
    }

    /// The cell, when no field has a fault; nothing for one that is left alone.
    fn cell(&mut self, place: Place, resolved: &mut Resolved, documents: &mut HashMap<Document, u32>) -> Option<Cell> {
        self.texts();
        self.target();
        let indicator = self.indicator();
        let period = self.period();
        let org_id = self.org(period);
        let breakdown_item_id = self.breakdown();
        let given = self.status();
        let flags = self.flags();
        let document = self.document();
        let amount = indicator.and_then(|indicator| self.amount(indicator));
        let written_from = self.written_from();
        let (indicator, period, amount, given) = (indicator?, period?, amount?, given?);
        if amount.value.is_none() && amount.status.is_none() && given.is_none() {
            if self.problems.is_empty() {
                resolved.tally.blank += 1;
            }
            return None;
        }
        let status = self.agreed(given, amount.status, amount.value.is_some());
        let (org_id, breakdown_item_id, status, flags) = (org_id?, breakdown_item_id?, status?, flags?);
        if !self.problems.is_empty() {
            return None;
        }
        let text = |field: Field| self.entry.some(field).map(Box::from);
        let shown: Option<Box<str>> = text(Field::Value);
        let printed: Option<Box<str>> = text(Field::Printed).or_else(|| shown.clone());
        let mut told = Told::of(self.entry);
        if amount.status.is_some() || given.is_some() {
            told = told.with(Field::Status);
        }
        Some(Cell {
            place,
            key: Key {
                indicator_id: indicator.id,
                org_id,
                breakdown_item_id,
                start_month: period.start_month(),
                end_month: period.end_month(),
            },
            value: amount.value.map(decimal::clean),
            status: convert::stored_status(status),
            decimals: amount.decimals,
            unit_id: amount.unit_id,
            told,
            written_from,
            has_typed_digits: self.entry.kind == CellKind::Text,
            flags: flags.to_string().into(),
            shown: shown.filter(|shown| Some(shown) != printed.as_ref()),
            printed,
            note: text(Field::Note),
            locator: text(Field::Locator),
            document: document.map(|document| {
                let next = u32::try_from(documents.len()).unwrap_or(u32::MAX);
                *documents.entry(document).or_insert_with_key(|document| {
                    resolved.documents.push(document.clone());
                    next
                })
            }),
        })
    }
}

fn place(table: u16, entry: &Entry<'_>) -> Place {
    Place {
        table,
        line: u32::try_from(entry.line).unwrap_or(u32::MAX),
        column: entry.column,
    }
}
