//! What an import would change: the file's cells against the current figures.

use std::collections::HashMap;

use analytics::decimal;
use entity::choice::ObservationStatus;
use entity::db::Tx;
use entity::observation::{self, Key, Model, Within};
use entity::{source, target};

use super::cell::{Cell, Document};
use super::content::Content;
use super::resolve::Resolved;
use super::table::Place;
use crate::error::Error;
use crate::intake::figures::{Field, number};
use crate::service::catalog::{Catalog, scale};
use crate::service::convert;

/// Revisions and conflicts that are told one by one.
const MOST_TOLD: usize = 1000;

/// What becomes of a figure of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There was no figure.
    Created,
    /// The stored figure is another.
    Revised,
    /// It is stored as it stands in the file.
    Unchanged,
    /// It has a fault.
    Rejected,
}

/// A stored figure that the file says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Where it stands in the file.
    pub place: Place,
    /// Code of the indicator.
    pub indicator: String,
    /// Code of the organisation.
    pub org: String,
    /// Code of the period.
    pub period: String,
    /// As stored: the printed text with its unit, and the status where it is not plain.
    pub before: String,
    /// As in the file.
    pub after: String,
    /// The columns that differ.
    pub columns: Vec<&'static str>,
}

/// A revision that a cell replaces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replaced {
    pub(super) id: i64,
    pub(super) revision: i32,
    /// Whether it was a figure; a withdrawn one is none.
    pub(super) is_figure: bool,
    pub(super) source_id: Option<i64>,
    /// Whether its source stays where the file tells none: nothing but what is said about the figure differs.
    pub(super) keeps_source: bool,
}

/// What becomes of the cells.
#[derive(Default)]
pub(super) struct Plan {
    /// One a cell.
    pub(super) outcomes: Vec<Outcome>,
    /// By the cell's index.
    pub(super) replaced: HashMap<u32, Replaced>,
    /// The first revisions.
    pub(super) revisions: Vec<Revision>,
    /// The first cells that somebody changed since the file was looked at.
    pub(super) conflicts: Vec<Revision>,
    pub(super) conflict_count: usize,
}

impl Plan {
    pub(super) fn count(&self, wanted: Outcome) -> usize {
        self.outcomes.iter().filter(|outcome| **outcome == wanted).count()
    }
}

/// Compares the cells with what is current in the write transaction, so that nobody can come between. Where the file tells nothing of a field, the cell takes
/// it from the stored figure. A figure recorded after `as_of` is a conflict.
pub(super) async fn plan(
    tx: &Tx,
    catalog: &Catalog,
    resolved: &mut Resolved,
    content: Content,
    as_of: i64,
) -> Result<Plan, Error> {
    let documents: HashMap<i64, source::Model> = source::all(tx).await?.into_iter().map(|row| (row.id, row)).collect();
    let mut plan = Plan {
        outcomes: vec![Outcome::Created; resolved.cells.len()],
        ..Plan::default()
    };
    let ids = |id: fn(&Key) -> i64| {
        let mut ids: Vec<i64> = resolved.cells.iter().map(|cell| id(&cell.key)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let (indicators, orgs) = (ids(|key| key.indicator_id), ids(|key| key.org_id));
    let months = resolved.cells.iter().map(|cell| cell.key);
    let within = Within {
        indicators: &indicators,
        orgs: &orgs,
        start_from: months.clone().map(|key| key.start_month).min().unwrap_or(0),
        end_to: months.map(|key| key.end_month).max().unwrap_or(0),
    };
    let mut compare = Compare {
        catalog,
        documents: &documents,
        resolved,
        plan: &mut plan,
        as_of,
    };
    match content {
        Content::Figures => observation::each_current(tx, &within, |stored| compare.one(&stored)).await?,
        Content::Targets => {
            for stored in target::current_of(tx, &indicators).await? {
                compare.one(&stored.into());
            }
        }
    }
    plan.revisions.sort_by_key(|revision| revision.place);
    Ok(plan)
}

/// Compares the cells with rows that the caller holds.
pub(super) async fn plan_against(
    tx: &Tx,
    catalog: &Catalog,
    resolved: &mut Resolved,
    rows: &[Model],
) -> Result<Plan, Error> {
    let documents: HashMap<i64, source::Model> = source::all(tx).await?.into_iter().map(|row| (row.id, row)).collect();
    let mut plan = Plan {
        outcomes: vec![Outcome::Created; resolved.cells.len()],
        ..Plan::default()
    };
    let mut compare = Compare {
        catalog,
        documents: &documents,
        resolved,
        plan: &mut plan,
        as_of: i64::MAX,
    };
    for row in rows {
        compare.one(row);
    }
    plan.revisions.sort_by_key(|revision| revision.place);
    Ok(plan)
}

struct Compare<'a> {
    catalog: &'a Catalog,
    documents: &'a HashMap<i64, source::Model>,
    resolved: &'a mut Resolved,
    plan: &'a mut Plan,
    as_of: i64,
}

impl Compare<'_> {
    fn one(&mut self, stored: &Model) {
        let Some(index) = self.resolved.index.get(&Key::from(stored)).copied() else {
            return;
        };
        let Some(cell) = self.resolved.cells.get_mut(index as usize) else {
            return;
        };
        let columns = if stored.withdrawn {
            Vec::new()
        } else {
            reconcile(cell, stored, self.catalog, &self.resolved.documents, self.documents)
        };
        let outcome = match (stored.withdrawn, columns.is_empty()) {
            (true, _) => Outcome::Created,
            (false, true) => Outcome::Unchanged,
            (false, false) => Outcome::Revised,
        };
        if let Some(place) = self.plan.outcomes.get_mut(index as usize) {
            *place = outcome;
        }
        if outcome == Outcome::Unchanged {
            return;
        }
        let replaced = Replaced {
            id: stored.id,
            revision: stored.revision,
            is_figure: !stored.withdrawn,
            source_id: stored.source_id,
            keeps_source: !stored.withdrawn && !is_other_figure(&columns),
        };
        self.plan.replaced.insert(index, replaced);
        let is_conflict =
            stored.recorded_at > self.as_of || cell.written_from.is_some_and(|revision| revision != stored.revision);
        self.plan.conflict_count += usize::from(is_conflict);
        if is_conflict && self.plan.conflicts.len() < MOST_TOLD {
            self.plan
                .conflicts
                .push(revision(self.catalog, cell, stored, columns.clone()));
        }
        if outcome == Outcome::Revised && self.plan.revisions.len() < MOST_TOLD {
            self.plan.revisions.push(revision(self.catalog, cell, stored, columns));
        }
    }
}

/// The columns in which the file says something else than what is stored, provenance included. What the file does not tell is taken over.
fn reconcile(
    cell: &mut Cell,
    stored: &Model,
    catalog: &Catalog,
    told: &[Document],
    known: &HashMap<i64, source::Model>,
) -> Vec<&'static str> {
    let mut columns = Vec::new();
    if cell.value == stored.value && !cell.has_typed_digits && cell.decimals < stored.decimals {
        cell.decimals = stored.decimals;
    }
    let value_differs = cell.value != stored.value || (cell.value.is_some() && cell.decimals != stored.decimals);
    if value_differs {
        columns.push("value");
    }
    if cell.told.has(Field::Unit) {
        if cell.unit_id != stored.unit_id {
            columns.push("unit");
        }
    } else if !value_differs {
        cell.unit_id = stored.unit_id;
    }
    if cell.told.has(Field::Status) || value_differs {
        if cell.status != stored.status {
            columns.push("status");
        }
    } else {
        cell.status = stored.status;
    }
    if cell.told.has(Field::Printed) {
        if cell.value != stored.value
            && cell.printed == stored.printed.as_deref().map(Box::from)
            && says_value(stored, catalog)
        {
            // An export whose value was corrected still prints the old one.
            cell.printed = cell.shown.take();
        }
        if cell.printed.as_deref() != stored.printed.as_deref() {
            columns.push("printed");
        }
    } else if columns.is_empty() {
        cell.printed = stored.printed.as_deref().map(Box::from);
    } else if cell.printed.as_deref() != stored.printed.as_deref() {
        columns.push("printed");
    }
    provenance(cell, stored, told, known, &mut columns);
    columns
}

/// Flags, source, locator and note.
fn provenance(
    cell: &mut Cell,
    stored: &Model,
    told: &[Document],
    known: &HashMap<i64, source::Model>,
    columns: &mut Vec<&'static str>,
) {
    if !cell.told.has(Field::Flags) {
        cell.flags = stored.flags.as_str().into();
    } else if *cell.flags != *stored.flags {
        columns.push("flags");
    }
    if cell.told.has(Field::SourceTitle) {
        let source = stored.source_id.and_then(|id| known.get(&id));
        let document = cell.document.and_then(|place| told.get(place as usize));
        if document.map(|document| &document.title) != source.map(|source| &source.title) {
            columns.push("source_title");
        }
        if document.map(|document| &document.address) != source.map(|source| &source.address) {
            columns.push("source_url");
        }
        // A file that does not say when and by whom the document was published does not contradict what is known.
        let date = document.and_then(|document| document.published_on.as_ref());
        if date.is_some() && date != source.and_then(|source| source.published_on.as_ref()) {
            columns.push("published_on");
        }
        let publisher = document.and_then(|document| document.publisher.as_ref());
        if publisher.is_some() && publisher != source.and_then(|source| source.publisher.as_ref()) {
            columns.push("publisher");
        }
    }
    for (field, ours, theirs) in [
        (Field::Locator, &mut cell.locator, &stored.locator),
        (Field::Note, &mut cell.note, &stored.note),
    ] {
        if cell.told.has(field) {
            if ours.as_deref() != theirs.as_deref() {
                columns.push(field.name());
            }
        } else if field == Field::Note || !is_other_figure(columns) || cell.told.has(Field::SourceTitle) {
            *ours = theirs.as_deref().map(Box::from);
        }
    }
}

/// Whether the figure itself is another, and not only what is said about it.
fn is_other_figure(columns: &[&'static str]) -> bool {
    columns
        .iter()
        .any(|column| matches!(*column, "value" | "unit" | "status"))
}

/// Whether the printed text is nothing but the stored value in figures.
fn says_value(stored: &Model, catalog: &Catalog) -> bool {
    let number = stored
        .printed
        .as_deref()
        .and_then(|printed| number::parse(printed).ok());
    let scale = stored
        .unit_id
        .and_then(|unit| catalog.unit(unit))
        .and_then(|unit| scale(unit).ok());
    let printed = number
        .zip(scale)
        .and_then(|(number, scale)| decimal::in_base(number.value, scale));
    printed.is_some() && printed == stored.value
}

fn revision(catalog: &Catalog, cell: &Cell, stored: &Model, columns: Vec<&'static str>) -> Revision {
    let indicator = catalog
        .indicator(cell.key.indicator_id)
        .map_or_else(String::new, |indicator| indicator.code.clone());
    let org = catalog
        .tree()
        .ordinal(cell.key.org_id)
        .and_then(|ordinal| catalog.org(ordinal))
        .map_or_else(String::new, |org| org.code.clone());
    let period = analytics::period::Period::from_months(cell.key.start_month, cell.key.end_month)
        .map_or_else(String::new, |period| period.to_string());
    let told = |printed: Option<&str>, unit: Option<i64>, status: ObservationStatus| {
        let unit = unit
            .and_then(|id| catalog.unit(id))
            .map_or("", |unit| unit.label_zh.as_str());
        let figure = match printed {
            // A text that was read with its unit says it already.
            Some(printed) if !unit.is_empty() && printed.ends_with(unit) => printed.to_owned(),
            Some(printed) => format!("{printed} {unit}"),
            None => "—".to_owned(),
        };
        if status == ObservationStatus::Normal {
            figure
        } else {
            format!("{figure} {}", convert::status(status))
        }
    };
    Revision {
        place: cell.place,
        indicator,
        org,
        period,
        before: told(stored.printed.as_deref(), stored.unit_id, stored.status),
        after: told(cell.printed.as_deref(), cell.unit_id, cell.status),
        columns,
    }
}
