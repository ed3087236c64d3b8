//! Frameworks of evaluation, read again as what scores.

mod define;

use std::sync::Arc;

use analytics::score::framework::Framework;
use entity::framework;

pub(super) use self::define::define;
pub use self::define::{DefineError, Defined};
use super::Service;
use super::catalog::{Catalog, scale};
use super::selector::{OrgSelector, level};
use super::snapshot::Snapshot;
use crate::error::Error;
use crate::export::evaluation::report::Text;
use crate::intake::catalog::check::framework::{Built, Lookup, build};
use crate::intake::catalog::entry::framework as entry;
use crate::intake::catalog::{CatalogFile, frameworks};
use crate::intake::problem::{Problem, suggest};

/// A version of a framework that can be scored by.
#[derive(Clone, Debug)]
pub struct Scheme {
    /// As stored.
    pub row: framework::Model,
    /// As written, its nodes in the order of `core`.
    pub entry: entry::Framework,
    /// What scores.
    pub core: Framework,
}

impl Scheme {
    /// A stored version. It was held against the catalogue when it was defined.
    ///
    /// # Errors
    /// [`Error::Internal`] when what is stored is no framework.
    pub fn read(row: framework::Model, catalog: &Catalog) -> Result<Self, Error> {
        let file = CatalogFile {
            name: format!("{} {}", row.code, row.version),
            text: row.document.clone(),
        };
        let faulty = |problems: Vec<Problem>| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Error::internal(format!("a stored framework cannot be read: {}", problems.join("; ")))
        };
        let mut placed = frameworks(&[file]).map_err(faulty)?;
        let placed = placed
            .pop()
            .ok_or_else(|| Error::internal("a stored framework is empty"))?;
        let lookup = |code: &str| match catalog.indicator_by_code(code) {
            Some(indicator) => Lookup::Known(indicator.id, None),
            None => Lookup::Unknown("the catalogue has lost it".to_owned()),
        };
        let Built { framework, places } = build(&placed, lookup).map_err(faulty)?;
        let mut entry = placed.entry;
        let nodes = places
            .iter()
            .filter_map(|place| entry.node.get(*place).cloned())
            .collect();
        entry.node = nodes;
        Ok(Self {
            row,
            entry,
            core: framework,
        })
    }

    /// Whether it is published.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.row.published_at.is_some()
    }

    /// The name of a node: its own, or its indicator's.
    #[must_use]
    pub fn node_name(&self, node: usize, catalog: &Catalog) -> Text {
        let Some(entry) = self.entry.node.get(node) else {
            return Text::default();
        };
        node_name(entry, catalog)
    }
}

fn node_name(entry: &entry::Node, catalog: &Catalog) -> Text {
    let indicator = || catalog.indicator_by_code(entry.indicator.as_ref()?.get_ref());
    match (&entry.name, indicator()) {
        (Some(name), _) => Text {
            zh: name.zh.clone(),
            en: name.en.clone(),
        },
        (None, Some(indicator)) => Text {
            zh: indicator.name_zh.clone(),
            en: indicator.name_en.clone(),
        },
        (None, None) => Text::default(),
    }
}

/// Which organisations a track takes.
pub(super) fn selector(track: &entry::Track) -> Result<OrgSelector, Error> {
    Ok(OrgSelector {
        codes: track
            .orgs
            .as_ref()
            .map(|codes| codes.iter().map(|code| code.get_ref().clone()).collect()),
        within: track.within.as_ref().map(|code| code.get_ref().clone()),
        with_self: false,
        level: track.level.as_ref().map(|name| level(name.get_ref())).transpose()?,
    })
}

impl Service {
    /// A version of a framework: the one named, or else the newest that is published, or else the newest.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the versions or codes there are.
    pub async fn scheme(&self, snapshot: &Snapshot, code: &str, version: Option<&str>) -> Result<Arc<Scheme>, Error> {
        let versions = framework::versions(&self.db, code).await?;
        let newest = || {
            let published = versions.iter().rev().find(|row| row.published_at.is_some());
            published.or_else(|| versions.last())
        };
        let found = match version {
            Some(version) => versions.iter().find(|row| row.version == version),
            None => newest(),
        };
        let Some(row) = found else {
            let hint = if versions.is_empty() {
                let codes: Vec<String> = framework::all(&self.db)
                    .await?
                    .into_iter()
                    .map(|row| row.code)
                    .collect();
                suggest(code, codes.iter().map(String::as_str), "frameworks lists the codes")
            } else {
                let versions: Vec<&str> = versions.iter().map(|row| row.version.as_str()).collect();
                format!("its versions are {}", versions.join(", "))
            };
            return Err(Error::NotFound {
                what: "framework",
                name: version.map_or_else(|| code.to_owned(), |version| format!("{code} {version}")),
                hint: Some(hint),
            });
        };
        Ok(Arc::new(Scheme::read(row.clone(), &snapshot.catalog)?))
    }

    /// The version of a key.
    ///
    /// # Errors
    /// [`Error::Internal`] when it is not there.
    pub(super) async fn scheme_of(&self, catalog: &Catalog, id: i64) -> Result<Scheme, Error> {
        let row = framework::by_ids(&self.db, &[id]).await?.pop();
        let row = row.ok_or_else(|| Error::internal("a framework that is not stored"))?;
        Scheme::read(row, catalog)
    }
}

/// Base units in one of an indicator's own unit, which its rules stand in.
pub(super) fn unit_scale(catalog: &Catalog, indicator: i64) -> Result<rust_decimal::Decimal, Error> {
    let unit = catalog
        .indicator(indicator)
        .and_then(|indicator| catalog.unit(indicator.unit_id));
    scale(unit.ok_or_else(|| Error::internal("an indicator without unit"))?)
}
