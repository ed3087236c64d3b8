//! Frameworks of evaluation: defined from files, published once, read again as what scores.

use std::sync::Arc;

use analytics::score::framework::Framework;
use entity::db::Tx;
use entity::{framework, framework_node};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::Service;
use super::access::{Act, Caller};
use super::audit::{Event, record};
use super::catalog::{Catalog, scale};
use super::convert;
use super::selector::{OrgSelector, level};
use super::snapshot::Snapshot;
use crate::error::Error;
use crate::export::evaluation::report::Text;
use crate::intake::catalog::check::framework::{Built, Facts, Lookup, build};
use crate::intake::catalog::entry::Placed;
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

/// What became of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defined {
    /// It is new.
    Created(i64),
    /// A draft was changed, or published.
    Updated(i64),
    /// It stood just so.
    Unchanged(i64),
}

impl Defined {
    /// The key of the version.
    #[must_use]
    pub fn id(self) -> i64 {
        match self {
            Self::Created(id) | Self::Updated(id) | Self::Unchanged(id) => id,
        }
    }
}

/// Why nothing was defined.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DefineError {
    /// Faults in the document.
    #[error("{} faults in the framework", .0.len())]
    Problems(Vec<Problem>),
    /// The database.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<entity::error::Error> for DefineError {
    fn from(error: entity::error::Error) -> Self {
        Self::Failed(error.into())
    }
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

/// What rules must know of an indicator.
fn facts(catalog: &Catalog, code: &str) -> Lookup {
    let Some(indicator) = catalog.indicator_by_code(code) else {
        let known = catalog.indicators().iter().map(|indicator| indicator.code.as_str());
        return Lookup::Unknown(suggest(code, known, "indicators lists the codes"));
    };
    let facts = Facts {
        kind: convert::kind(indicator.kind),
        polarity: convert::polarity(indicator.polarity),
        min: indicator.valid_min.and_then(analytics::decimal::exact),
        max: indicator.valid_max.and_then(analytics::decimal::exact),
    };
    Lookup::Known(indicator.id, Some(facts))
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

/// Tracks that name what does not exist, or share an organisation.
fn tracks(placed: &Placed<entry::Framework>, catalog: &Catalog) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut taken: std::collections::HashMap<u32, &str> = std::collections::HashMap::new();
    for track in &placed.entry.track {
        let span = track.code.span();
        let orgs = match selector(track).and_then(|selector| selector.defined(catalog, None)) {
            Ok(orgs) => orgs,
            Err(error) => {
                let hint = error.hint().unwrap_or("correct the track").to_owned();
                problems.push(placed.problem(span, "track", error.to_string(), hint));
                continue;
            }
        };
        for org in orgs {
            let Some(other) = taken.insert(org, track.code.get_ref()) else {
                continue;
            };
            let name = catalog.org(org).map_or("", |org| org.code.as_str());
            let message = format!("`{name}` is in two tracks, `{other}` and `{}`", track.code.get_ref());
            let hint = "an organisation is scored in one track: narrow one of them by level, within or orgs";
            problems.push(placed.problem(span, "track", message, hint));
            break;
        }
    }
    problems
}

/// Stores a version that was read from a file: a draft may change, a published one never.
///
/// # Errors
/// [`DefineError::Problems`] with every fault; the transaction is the caller's to give up.
pub(super) async fn define(
    tx: &Tx,
    catalog: &Catalog,
    placed: &Placed<entry::Framework>,
    (author, publish): (&str, bool),
) -> Result<Defined, DefineError> {
    let mut problems = tracks(placed, catalog);
    let built = match build(placed, |code| facts(catalog, code)) {
        Ok(built) if problems.is_empty() => built,
        Ok(_) => return Err(DefineError::Problems(problems)),
        Err(faults) => {
            problems.extend(faults);
            return Err(DefineError::Problems(problems));
        }
    };
    let mut entry = placed.entry.clone();
    entry.published = false;
    let document = document(entry)?;
    let wanted = framework::New {
        code: placed.entry.code.get_ref().clone(),
        version: placed.entry.version.get_ref().clone(),
        name_zh: placed.entry.name.zh.clone(),
        name_en: placed.entry.name.en.clone(),
        content_hash: format!("{:x}", Sha256::digest(document.as_bytes())),
        document,
        author: author.to_owned(),
        recorded_at: tx.now().await?,
        published_at: None,
    };
    let versions = framework::versions(tx, &wanted.code).await?;
    let stored = versions.into_iter().find(|row| row.version == wanted.version);
    let publish = publish || placed.entry.published;
    let published_at = publish.then_some(wanted.recorded_at);
    let is_same = stored
        .as_ref()
        .is_some_and(|row| row.content_hash == wanted.content_hash);
    let wanted = framework::New { published_at, ..wanted };
    let defined = match stored {
        Some(row) if is_same && (row.published_at.is_some() || !publish) => return Ok(Defined::Unchanged(row.id)),
        Some(row) if row.published_at.is_some() => {
            let message = format!(
                "version `{}` of `{}` is published and never changes",
                row.version, row.code
            );
            let hint = "give what is new a version of its own";
            let problem = placed.problem(placed.entry.version.span(), "version", message, hint);
            return Err(DefineError::Problems(vec![problem]));
        }
        Some(row) => {
            framework::update_draft(tx, row.id, wanted).await?;
            framework_node::delete_of(tx, row.id).await?;
            Defined::Updated(row.id)
        }
        None => Defined::Created(framework::insert(tx, wanted).await?),
    };
    framework_node::insert_many(tx, &nodes(defined.id(), placed, &built, catalog)).await?;
    Ok(defined)
}

fn nodes(id: i64, placed: &Placed<entry::Framework>, built: &Built, catalog: &Catalog) -> Vec<framework_node::New> {
    let core = &built.framework;
    let rows = (0i32..).zip(built.places.iter().zip(&core.nodes));
    rows.filter_map(|(position, (place, node))| {
        let entry = placed.entry.node.get(*place)?;
        let name = node_name(entry, catalog);
        let weights = core.tracks.iter().zip(&node.weights);
        let weights: Vec<String> = weights
            .filter_map(|(track, weight)| Some(format!("{track}={}", (*weight)?)))
            .collect();
        Some(framework_node::New {
            framework_id: id,
            position,
            code: node.code.clone(),
            parent: entry.parent.as_ref().map(|code| code.get_ref().clone()),
            name_zh: name.zh,
            name_en: name.en,
            rule: entry.rule.as_ref().map(|rule| rule.get_ref().clone()),
            indicator: entry.indicator.as_ref().map(|code| code.get_ref().clone()),
            weights: weights.join("|"),
        })
    })
    .collect()
}

/// The framework as a file with nothing else in it: what is stored, hashed and read again.
fn document(entry: entry::Framework) -> Result<String, Error> {
    #[derive(serde::Serialize)]
    struct File {
        framework: [entry::Framework; 1],
    }
    toml::to_string(&File { framework: [entry] }).map_err(Error::internal)
}

impl Service {
    /// Defines the frameworks of a file, as drafts or published.
    ///
    /// # Errors
    /// [`DefineError::Problems`]: nothing is changed then.
    pub async fn define_frameworks(
        &self,
        text: &str,
        (caller, publish): (&Caller, bool),
    ) -> Result<Vec<Defined>, DefineError> {
        caller.may(Act::Define)?;
        let file = CatalogFile {
            name: "document".to_owned(),
            text: text.to_owned(),
        };
        let placed = frameworks(&[file]).map_err(DefineError::Problems)?;
        let tx = self.db.begin_write().await?;
        let catalog = self.follower.catalog(&tx).await?;
        let mut defined = Vec::with_capacity(placed.len());
        for framework in &placed {
            let one = define(&tx, &catalog, framework, (&caller.author(), publish)).await?;
            if !matches!(one, Defined::Unchanged(_)) {
                let entry = &framework.entry;
                let version = entry.version.get_ref();
                let object = format!("framework {} {version}", entry.code.get_ref());
                let event = Event::new("define_framework", object).after(json!({ "published": publish }));
                record(&tx, caller, event).await?;
            }
            defined.push(one);
        }
        tx.commit().await?;
        Ok(defined)
    }

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
