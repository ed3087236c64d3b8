//! What an import would change: the file's cells against the current figures.

use std::collections::HashMap;

use entity::choice::ObservationStatus;
use entity::db::Tx;
use entity::observation::{self, Key, Model};
use entity::{source, target};

use super::cell::{Cell, Document};
use super::content::Content;
use crate::error::Error;
use crate::service::catalog::Catalog;
use crate::service::convert;

/// A stored figure that the file says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// Line in the file.
    pub line: u64,
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

/// The cells sorted by what becomes of them; cells by their index.
pub(super) struct Plan {
    pub(super) created: Vec<usize>,
    /// With the index, the stored revision's id and its number.
    pub(super) revised: Vec<(Revision, usize, i64, i32)>,
    pub(super) unchanged: usize,
}

/// Compares `cells` with what is current in the write transaction, so that nobody can come between.
pub(super) async fn plan(tx: &Tx, catalog: &Catalog, cells: &[Cell], content: Content) -> Result<Plan, Error> {
    let mut indicators: Vec<i64> = cells.iter().map(|cell| cell.row.indicator_id).collect();
    indicators.sort_unstable();
    indicators.dedup();
    let first = cells.iter().map(|cell| cell.row.start_month).min().unwrap_or(0);
    let last = cells.iter().map(|cell| cell.row.end_month).max().unwrap_or(0);
    let stored: Vec<Model> = match content {
        Content::Figures => observation::current_in(tx, &indicators, first, last).await?,
        Content::Targets => {
            let targets = target::current_of(tx, &indicators).await?;
            targets.into_iter().map(Into::into).collect()
        }
    };
    let current: HashMap<Key, Model> = stored.into_iter().map(|row| (Key::from(&row), row)).collect();
    let documents: HashMap<i64, source::Model> = source::all(tx).await?.into_iter().map(|row| (row.id, row)).collect();
    let mut plan = Plan {
        created: Vec::new(),
        revised: Vec::new(),
        unchanged: 0,
    };
    for (index, cell) in cells.iter().enumerate() {
        match current.get(&Key::from(&cell.row)) {
            None => plan.created.push(index),
            Some(stored) => match differences(cell, stored, &documents) {
                columns if columns.is_empty() => plan.unchanged += 1,
                columns => plan.revised.push((
                    revision(catalog, cell, stored, columns),
                    index,
                    stored.id,
                    stored.revision,
                )),
            },
        }
    }
    Ok(plan)
}

/// The columns in which the file says something else than what is stored, provenance included.
fn differences(cell: &Cell, stored: &Model, documents: &HashMap<i64, source::Model>) -> Vec<&'static str> {
    let (row, document) = (&cell.row, stored.source_id.and_then(|id| documents.get(&id)));
    let (title, address, date) = match &cell.document {
        Some(Document {
            title,
            address,
            published_on,
        }) => (Some(title), Some(address), published_on.as_ref()),
        None => (None, None, None),
    };
    let differs = [
        ("value", row.value != stored.value || row.decimals != stored.decimals),
        ("unit", row.unit_id != stored.unit_id),
        ("status", row.status != stored.status),
        ("printed", row.printed != stored.printed),
        ("flags", row.flags != stored.flags),
        ("source_title", title != document.map(|document| &document.title)),
        ("source_url", address != document.map(|document| &document.address)),
        // A file that does not say when the document was published does not contradict what is known.
        (
            "published_on",
            date.is_some() && date != document.and_then(|document| document.published_on.as_ref()),
        ),
        ("locator", row.locator != stored.locator),
        ("note", row.note != stored.note),
    ];
    differs
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(column, _)| column)
        .collect()
}

fn revision(catalog: &Catalog, cell: &Cell, stored: &Model, columns: Vec<&'static str>) -> Revision {
    let indicator = catalog
        .indicator(cell.row.indicator_id)
        .map_or_else(String::new, |indicator| indicator.code.clone());
    let org = catalog
        .tree()
        .ordinal(cell.row.org_id)
        .and_then(|ordinal| catalog.org(ordinal))
        .map_or_else(String::new, |org| org.code.clone());
    let period = analytics::period::Period::from_months(cell.row.start_month, cell.row.end_month)
        .map_or_else(String::new, |period| period.to_string());
    let told = |printed: &Option<String>, unit: Option<i64>, status: ObservationStatus| {
        let unit = unit
            .and_then(|id| catalog.unit(id))
            .map_or("", |unit| unit.label_zh.as_str());
        let figure = printed
            .as_ref()
            .map_or_else(|| "—".to_owned(), |printed| format!("{printed} {unit}"));
        if status == ObservationStatus::Normal {
            figure
        } else {
            format!("{figure} {}", convert::status(status))
        }
    };
    Revision {
        line: cell.line,
        indicator,
        org,
        period,
        before: told(&stored.printed, stored.unit_id, stored.status),
        after: told(&cell.row.printed, cell.row.unit_id, cell.row.status),
        columns,
    }
}
