//! What may stand in a catalogue file. Each entry remembers where it stands.

pub mod framework;
mod text;

use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use self::framework::Framework;
pub use self::text::Text;
use super::file::CatalogFile;
use crate::intake::problem::Problem;

/// A unit of measurement.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its code.
    pub code: Spanned<String>,
    /// The quantity it measures.
    pub quantity: String,
    /// Base units in one of it, as a decimal text.
    pub scale: Spanned<String>,
    /// What sheets write for it.
    pub words: Vec<Spanned<String>>,
    /// Its label.
    pub label: Text,
}

/// A theme.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Its code.
    pub code: Spanned<String>,
    /// Its place in the list.
    pub order: i32,
    /// Its name.
    pub name: Text,
}

/// A parent for some time.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// The parent's code.
    pub org: Spanned<String>,
    /// First month.
    pub from: Option<Spanned<String>>,
    /// Last month.
    pub to: Option<Spanned<String>>,
}

/// An organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Org {
    /// Its code.
    pub code: Spanned<String>,
    /// Its level.
    pub level: Spanned<String>,
    /// Its name.
    pub name: Text,
    /// Its only parent.
    pub parent: Option<Spanned<String>>,
    /// Its parents in time.
    #[serde(default)]
    pub parents: Vec<Parent>,
    /// First month of its existence.
    pub from: Option<Spanned<String>>,
    /// Last month of its existence.
    pub to: Option<Spanned<String>>,
}

/// Organisations that others follow.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Succession {
    /// How.
    pub kind: Spanned<String>,
    /// Codes of those that end.
    pub from: Vec<Spanned<String>>,
    /// Codes of those that begin.
    pub to: Vec<Spanned<String>>,
    /// First month of those that begin.
    pub month: Spanned<String>,
}

/// One item of a breakdown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakdownItem {
    /// Its code.
    pub code: Spanned<String>,
    /// Its name.
    pub name: Text,
}

/// A breakdown with its items.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breakdown {
    /// Its code.
    pub code: Spanned<String>,
    /// Its name.
    pub name: Text,
    /// Its items.
    #[serde(default)]
    pub item: Vec<BreakdownItem>,
}

/// A definition, from a period on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    /// The first period it counts for; the first version has none.
    pub from: Option<Spanned<String>>,
    /// Whether values before and after are not to be compared.
    #[serde(default)]
    pub breaks_series: bool,
    /// The definition.
    pub definition: Text,
}

/// An indicator.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its code.
    pub code: Spanned<String>,
    /// Its kind.
    pub kind: Spanned<String>,
    /// Code of its theme.
    pub theme: Spanned<String>,
    /// Code of the unit it is kept in.
    pub unit: Spanned<String>,
    /// Code of the unit it is read in.
    pub display_unit: Option<Spanned<String>>,
    /// Its rule over organisations.
    pub over_orgs: Spanned<String>,
    /// Its rule over time.
    pub over_time: Spanned<String>,
    /// Which way is good.
    pub polarity: Spanned<String>,
    /// Digits after the point.
    pub decimals: Spanned<i32>,
    /// Least value.
    pub min: Option<Spanned<String>>,
    /// Greatest value.
    pub max: Option<Spanned<String>>,
    /// Code of a ratio's numerator.
    pub numerator: Option<Spanned<String>>,
    /// Code of a ratio's denominator.
    pub denominator: Option<Spanned<String>>,
    /// Formula of a derived indicator.
    pub formula: Option<Spanned<String>>,
    /// Which of a parent's own figure and its parts' sum is the value.
    pub total: Option<Spanned<String>>,
    /// Its name.
    pub name: Text,
    /// The law it rests on.
    pub legal_basis: Option<Text>,
    /// Its definitions.
    #[serde(default)]
    pub version: Vec<Version>,
}

/// An entry and the file it stands in.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The file.
    pub file: Arc<CatalogFile>,
    /// The entry.
    pub entry: T,
}

impl<T> Placed<T> {
    /// A fault at `span` of the entry's file.
    pub fn problem(
        &self,
        span: Range<usize>,
        key: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Problem {
        Problem::of_file(&self.file.name, message.into(), hint.into())
            .at_line(self.file.line(span.start))
            .in_column(key)
    }
}

/// All entries of all files.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Units.
    pub units: Vec<Placed<Unit>>,
    /// Themes.
    pub themes: Vec<Placed<Theme>>,
    /// Organisations.
    pub orgs: Vec<Placed<Org>>,
    /// Successions of organisations.
    pub successions: Vec<Placed<Succession>>,
    /// Breakdowns.
    pub breakdowns: Vec<Placed<Breakdown>>,
    /// Indicators.
    pub indicators: Vec<Placed<Indicator>>,
    /// Frameworks of evaluation.
    pub frameworks: Vec<Placed<Framework>>,
}
