//! From the text of files to entries.

use std::sync::Arc;

use serde::Deserialize;

use super::entry::framework::Framework;
use super::entry::{Breakdown, Catalog, Indicator, Org, Placed, Succession, Theme, Unit};
use super::file::CatalogFile;
use crate::intake::problem::Problem;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entries {
    #[serde(default)]
    unit: Vec<Unit>,
    #[serde(default)]
    theme: Vec<Theme>,
    #[serde(default)]
    org: Vec<Org>,
    #[serde(default)]
    succession: Vec<Succession>,
    #[serde(default)]
    breakdown: Vec<Breakdown>,
    #[serde(default)]
    indicator: Vec<Indicator>,
    #[serde(default)]
    framework: Vec<Framework>,
}

/// The entries of all files.
///
/// # Errors
/// What is not TOML, or not an entry of a catalogue.
pub(super) fn parse(files: &[CatalogFile]) -> Result<Catalog, Vec<Problem>> {
    let mut catalog = Catalog::default();
    let mut problems = Vec::new();
    for file in files {
        match toml::from_str::<Entries>(&file.text) {
            Ok(_) if holds_zero_byte(&file.text) => problems.push(Problem {
                file: file.name.clone(),
                line: file.text.find("\\u0000").map(|offset| file.line(offset)).or(Some(1)),
                column: None,
                cell: None,
                message: "a text holds a zero byte".into(),
                hint: "remove \\u0000".into(),
            }),
            Ok(entries) => entries.place(&Arc::new(file.clone()), &mut catalog),
            Err(error) => problems.push(Problem {
                file: file.name.clone(),
                line: error.span().map(|span| file.line(span.start)),
                column: None,
                cell: None,
                message: error.message().trim().replace('\n', " ").into(),
                hint: "see catalog/README.md for the keys of each entry".into(),
            }),
        }
    }
    if problems.is_empty() {
        Ok(catalog)
    } else {
        Err(problems)
    }
}

impl Entries {
    fn place(self, file: &Arc<CatalogFile>, catalog: &mut Catalog) {
        catalog.units.extend(placed(file, self.unit));
        catalog.themes.extend(placed(file, self.theme));
        catalog.orgs.extend(placed(file, self.org));
        catalog.successions.extend(placed(file, self.succession));
        catalog.breakdowns.extend(placed(file, self.breakdown));
        catalog.indicators.extend(placed(file, self.indicator));
        catalog.frameworks.extend(placed(file, self.framework));
    }
}

fn placed<'a, T>(file: &'a Arc<CatalogFile>, entries: Vec<T>) -> impl Iterator<Item = Placed<T>> + use<'a, T> {
    entries.into_iter().map(|entry| Placed {
        file: Arc::clone(file),
        entry,
    })
}

/// Whether any text of the file holds a zero byte, which PostgreSQL cannot keep.
fn holds_zero_byte(text: &str) -> bool {
    fn holds(value: &toml::Value) -> bool {
        match value {
            toml::Value::String(text) => text.contains('\0'),
            toml::Value::Array(items) => items.iter().any(holds),
            toml::Value::Table(fields) => fields.values().any(holds),
            _ => false,
        }
    }
    text.parse::<toml::Table>()
        .is_ok_and(|fields| fields.values().any(holds))
}
