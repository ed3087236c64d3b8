//! Finding the header: of all rows that could be one, those that say most of the figures below.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::super::field::Field;
use super::super::mapping::{Mapping, Role};
use super::super::plain::compact;
use super::super::span;
use super::super::vocabulary::Vocabulary;
use super::column::{self, Reading};
use super::context::Context;
use super::fault::{Candidate, Faults};
use super::found::Layout;
use super::label::Labels;
use crate::intake::book::{Cell, CellKind, Sheet};
use crate::intake::problem::Problem;

/// Rows among which the header is looked for, and rows of data that are looked at.
const HEAD: usize = 40;
/// Rows above the data that titles may take.
const LAST_START: usize = 15;
/// Rows that a header may have.
const MOST_ROWS: usize = 3;
/// Cells of a text to the left of a blank one whose label may go on over it.
pub const MOST_SPAN: usize = 256;
/// Merged cells that are heeded.
const MOST_MERGED: u32 = 1_000_000;

/// The layout of a sheet.
///
/// # Errors
/// What hinders the header that says most: unknown, doubled and missing columns.
pub(in super::super) fn detect(
    file: &str,
    sheet: &Sheet<'_>,
    vocabulary: &dyn Vocabulary,
    mapping: &Mapping,
) -> Result<Layout, Vec<Problem>> {
    let head = sheet.head(HEAD);
    let faults = Faults {
        file,
        sheet,
        vocabulary,
    };
    let search = Search {
        sheet,
        merged: merged(sheet, head.len()),
        head: &head,
        vocabulary,
        mapping,
    };
    let mut best: Option<(Score, Candidate)> = None;
    for header in search.places() {
        let candidate = search.candidate(header);
        if search.begins_with_title(&candidate) {
            continue;
        }
        let score = Score::of(&candidate, faults.count(&candidate));
        if best.as_ref().is_none_or(|(known, _)| score > *known) {
            best = Some((score, candidate));
        }
    }
    match best {
        Some((score, candidate)) if score.faultless => Ok(search.layout(candidate)),
        Some((score, candidate)) if score.known > 0 => Err(faults.problems(&candidate)),
        _ => Err(vec![faults.no_header()]),
    }
}

/// How much a header explains; of two that explain the same, the first, because rows above a header are lost, then the one with fewer rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    faultless: bool,
    /// Columns that are understood.
    known: usize,
    fewer_faults: Reverse<usize>,
    first: Reverse<usize>,
    /// What the labels say in all.
    told: usize,
    fewer_rows: Reverse<usize>,
}

impl Score {
    fn of(candidate: &Candidate, faults: usize) -> Self {
        let readings = || candidate.columns.iter().map(|(_, reading)| reading);
        let told = readings().map(|reading| match reading {
            Reading::Told(Role::Value(dims)) => dims.count(),
            Reading::Told(_) => 1,
            _ => 0,
        });
        let known = readings().filter(|reading| matches!(reading, Reading::Told(_) | Reading::UnitOrOrg));
        Self {
            faultless: faults == 0,
            known: known.count(),
            fewer_faults: Reverse(faults),
            first: Reverse(candidate.header.0),
            told: told.sum(),
            fewer_rows: Reverse(candidate.header.1 - candidate.header.0),
        }
    }
}

/// For each of the first cells that is merged into another: that one.
fn merged(sheet: &Sheet<'_>, rows: usize) -> HashMap<(usize, usize), (usize, usize)> {
    let mut merged = HashMap::new();
    let mut left = MOST_MERGED;
    for merge in &sheet.merges {
        let (top, from) = (merge.rows.0 as usize, merge.columns.0 as usize);
        for row in top..rows.min(merge.rows.1 as usize + 1) {
            for column in from..=merge.columns.1 as usize {
                if left == 0 {
                    return merged;
                }
                left -= 1;
                merged.insert((row, column), (top, from));
            }
        }
    }
    merged
}

struct Search<'a> {
    sheet: &'a Sheet<'a>,
    head: &'a [Vec<Cell>],
    merged: HashMap<(usize, usize), (usize, usize)>,
    vocabulary: &'a dyn Vocabulary,
    mapping: &'a Mapping,
}

impl Search<'_> {
    fn places(&self) -> Vec<(usize, usize)> {
        if let Some([first, last]) = self.mapping.header {
            return vec![(first as usize - 1, last as usize - 1)];
        }
        let mut places = Vec::new();
        for first in 0..self.head.len().min(LAST_START) {
            if self
                .head
                .get(first)
                .is_some_and(|row| row.iter().all(|cell| cell.text.is_empty()))
            {
                continue;
            }
            places.extend(
                (0..MOST_ROWS)
                    .map(|more| (first, first + more))
                    .filter(|(_, last)| *last < self.head.len()),
            );
        }
        places
    }

    fn candidate(&self, header: (usize, usize)) -> Candidate {
        let titles: Vec<&str> = self
            .head
            .iter()
            .take(header.0)
            .flatten()
            .map(|cell| cell.text.as_str())
            .filter(|text| !text.is_empty())
            .collect();
        let context = Context::read(&titles, &self.sheet.name, self.mapping, self.vocabulary);
        let labels = Labels {
            vocabulary: self.vocabulary,
            mapping: self.mapping,
            period: context.period_value(),
            year: context.year,
        };
        // In a text a row that is longer than its header has lost a quote; in a workbook the figures may go on where the header does not.
        let rows = if self.sheet.is_grid() {
            self.head.len()
        } else {
            header.1 + 1
        };
        let width = self
            .head
            .iter()
            .take(rows)
            .skip(header.0)
            .map(Vec::len)
            .max()
            .unwrap_or(0);
        let mut columns: Vec<(String, Reading)> = (0..width)
            .map(|place| {
                let path: Vec<String> = (header.0..=header.1)
                    .map(|row| self.label(row, place, header))
                    .collect();
                let reading = self.by_content(column::read(&path, &labels), header.1 + 1, place);
                let mut label = path;
                label.retain(|text| !text.is_empty());
                label.dedup();
                (label.join(" "), reading)
            })
            .collect();
        column::settle_totals(&mut columns);
        Candidate {
            header,
            context,
            columns,
        }
    }

    /// Whether its first row changes nothing of what the others say: then it is a title, which may say something of the whole sheet.
    fn begins_with_title(&self, candidate: &Candidate) -> bool {
        let (first, last) = candidate.header;
        if first == last || self.mapping.header.is_some() {
            return false;
        }
        let below = self.candidate((first + 1, last)).columns;
        let reading = |columns: &[(String, Reading)], place: usize| -> Reading {
            let found = columns.get(place).map(|(_, reading)| reading.clone());
            found.unwrap_or(Reading::Told(Role::Ignored))
        };
        (0..candidate.columns.len().max(below.len()))
            .all(|place| reading(&candidate.columns, place) == reading(&below, place))
    }

    /// The label of a cell, that of the merged cells it belongs to included. A text file has lost its merged cells: a blank one above the last row of the
    /// header continues the one to its left.
    fn label(&self, row: usize, column: usize, header: (usize, usize)) -> String {
        let own = self.own_label(row, column);
        if !own.is_empty() {
            return own;
        }
        if let Some((top, left)) = self.merged.get(&(row, column)).copied() {
            return if top >= header.0 {
                self.own_label(top, left)
            } else {
                String::new()
            };
        }
        if !self.sheet.is_grid() && row < header.1 {
            let mut left = (0..column)
                .rev()
                .take(MOST_SPAN)
                .map(|column| self.own_label(row, column));
            return left.find(|label| !label.is_empty()).unwrap_or_default();
        }
        String::new()
    }

    /// The text of a cell as a label; a date is its month.
    fn own_label(&self, row: usize, column: usize) -> String {
        let Some(cell) = self.head.get(row).and_then(|cells| cells.get(column)) else {
            return String::new();
        };
        let month = (cell.kind == CellKind::Date).then(|| span::of_date(&cell.text).ok());
        month
            .flatten()
            .map_or_else(|| compact(&cell.text).into_owned(), |month| month.to_string())
    }

    /// A column whose label says nothing is told by what stands below: organisations, indicators or units.
    fn by_content(&self, reading: Reading, from: usize, column: usize) -> Reading {
        if matches!(
            reading,
            Reading::Told(_) | Reading::Several(_) | Reading::Total(_) | Reading::Contradiction
        ) {
            return reading;
        }
        let below = self.head.iter().skip(from).filter_map(|row| row.get(column));
        let texts: Vec<String> = below
            .map(|cell| compact(&cell.text).into_owned())
            .filter(|text| !text.is_empty())
            .collect();
        if texts.is_empty() {
            return if reading == Reading::Blank {
                Reading::Told(Role::Ignored)
            } else {
                reading
            };
        }
        let all = |is: &dyn Fn(&str) -> bool| texts.iter().all(|text| is(text));
        let is_org = |text: &str| self.vocabulary.org(text).one().is_some() || super::super::word::is_total(text);
        let is_indicator = |text: &str| self.vocabulary.indicator(text).one().is_some();
        if all(&is_org) {
            Reading::Told(Role::Field(Field::Org))
        } else if reading == Reading::UnitOrOrg && all(&|text| self.vocabulary.is_unit(text)) {
            Reading::Told(Role::Field(Field::Unit))
        } else if all(&is_indicator) {
            Reading::Told(Role::Field(Field::Indicator))
        } else {
            reading
        }
    }

    fn layout(&self, candidate: Candidate) -> Layout {
        let columns: Vec<(String, Role)> = candidate
            .columns
            .into_iter()
            .map(|(label, reading)| match reading {
                Reading::Told(role) => (label, role),
                _ => (label, Role::Ignored),
            })
            .collect();
        let is_key = |place: u32| {
            let role = columns.get(place as usize).map(|(_, role)| role);
            matches!(
                role,
                Some(Role::Field(
                    Field::Indicator | Field::Org | Field::Period | Field::Breakdown | Field::Unit
                ))
            )
        };
        let (mut tops, mut left) = (HashMap::new(), MOST_MERGED);
        for merge in &self.sheet.merges {
            let is_below = merge.rows.0 as usize > candidate.header.1;
            if is_below && merge.columns.0 == merge.columns.1 && is_key(merge.columns.0) {
                let last = merge.rows.1.min(merge.rows.0.saturating_add(left));
                left -= last - merge.rows.0;
                tops.extend((merge.rows.0 + 1..=last).map(|row| ((row, merge.columns.0), merge.rows.0)));
            }
        }
        Layout {
            header: candidate.header,
            columns,
            context: candidate.context,
            tops,
        }
    }
}
