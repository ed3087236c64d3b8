//! The definition of a framework: held against the catalogue, stored as a draft, published once.

use entity::db::Tx;
use entity::{framework, framework_node};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{node_name, selector};
use crate::error::Error;
use crate::intake::catalog::check::framework::{Built, Facts, Lookup, build};
use crate::intake::catalog::entry::Placed;
use crate::intake::catalog::entry::framework as entry;
use crate::intake::catalog::{CatalogFile, frameworks};
use crate::intake::problem::{Problem, suggest};
use crate::service::Service;
use crate::service::access::{Act, Caller};
use crate::service::audit::{Event, record};
use crate::service::catalog::Catalog;
use crate::service::convert;

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
pub(in crate::service) async fn define(
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
