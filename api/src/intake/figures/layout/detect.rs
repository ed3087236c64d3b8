//! Finding the header: of all rows that could be one, those that say most of the figures below.

use std::collections::HashMap;

use super::super::field::Field;
use super::super::mapping::{Mapping, Role};
use super::super::plain::compact;
use super::super::vocabulary::Vocabulary;
use super::column::{self, Reading};
use super::context::Context;
use super::fault::{Candidate, Faults};
use super::found::Layout;
use super::label::Labels;
use crate::intake::book::{Cell, Sheet};
use crate::intake::problem::Problem;

/// Rows among which the header is looked for, and rows of data that are looked at.
const HEAD: usize = 40;
/// Rows above the data that titles may take.
const LAST_START: usize = 15;
/// Rows that a header may have.
const MOST_ROWS: usize = 3;

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
        head: &head,
        vocabulary,
        mapping,
    };
    let mut best: Option<(usize, Candidate, Vec<Problem>)> = None;
    for header in search.places() {
        let candidate = search.candidate(header);
        let known = candidate
            .columns
            .iter()
            .filter(|(_, reading)| matches!(reading, Reading::Told(_) | Reading::UnitOrOrg))
            .count();
        let problems = faults.problems(&candidate);
        let is_better = best.as_ref().is_none_or(|(best_known, _, best_problems)| {
            (problems.is_empty(), known) > (best_problems.is_empty(), *best_known)
                || (problems.is_empty() == best_problems.is_empty()
                    && known == *best_known
                    && problems.len() < best_problems.len())
        });
        if is_better {
            best = Some((known, candidate, problems));
        }
    }
    match best {
        Some((_, candidate, problems)) if problems.is_empty() => Ok(search.layout(candidate)),
        Some((known, _, problems)) if known > 0 => Err(problems),
        _ => Err(vec![faults.no_header()]),
    }
}

struct Search<'a> {
    sheet: &'a Sheet<'a>,
    head: &'a [Vec<Cell>],
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
        let width = self.head.iter().skip(header.0).map(Vec::len).max().unwrap_or(0);
        let columns = (0..width)
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
        Candidate {
            header,
            context,
            columns,
        }
    }

    /// The label of a cell, that of the merged cells it belongs to included. A text file has lost its merged cells: a blank one above the last row of the
    /// header continues the one to its left.
    fn label(&self, row: usize, column: usize, header: (usize, usize)) -> String {
        let at = |row: usize, column: usize| -> &str {
            self.head
                .get(row)
                .and_then(|cells| cells.get(column))
                .map_or("", |cell| cell.text.as_str())
        };
        let text = at(row, column);
        if !text.is_empty() {
            return compact(text).into_owned();
        }
        if let Some((top, left)) = self.sheet.merged_into(row, column) {
            return if top >= header.0 {
                compact(at(top, left)).into_owned()
            } else {
                String::new()
            };
        }
        if !self.sheet.is_grid() && row < header.1 {
            let left = (0..column)
                .rev()
                .map(|column| at(row, column))
                .find(|text| !text.is_empty());
            return left.map(|text| compact(text).into_owned()).unwrap_or_default();
        }
        String::new()
    }

    /// A column whose label says nothing is told by what stands below: organisations, indicators or units.
    fn by_content(&self, reading: Reading, from: usize, column: usize) -> Reading {
        if matches!(reading, Reading::Told(_) | Reading::Several(_)) {
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
        let mut tops = HashMap::new();
        for merge in &self.sheet.merges {
            let is_below = merge.rows.0 as usize > candidate.header.1;
            if is_below && merge.columns.0 == merge.columns.1 && is_key(merge.columns.0) {
                tops.extend(
                    (merge.rows.0 + 1..=merge.rows.1)
                        .take(100_000)
                        .map(|row| ((row, merge.columns.0), merge.rows.0)),
                );
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
