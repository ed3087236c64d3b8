//! Frameworks of evaluation.

use std::sync::Arc;

use analytics::decimal::to_f64;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entity::framework;

use super::framework_node::FrameworkNode;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::choice::Locale;
use crate::graphql::scalar::time::DateTime;
use crate::service::evaluation::labels;
use crate::service::framework::{DefineError, Defined, Scheme};
use crate::service::snapshot::Snapshot;

pub(crate) struct Framework {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) scheme: Arc<Scheme>,
}

/// A version of a framework of evaluation (考评方案): a tree of weighted criteria with rules, tracks and grades. A published version never changes.
#[Object]
impl Framework {
    /// Stable code.
    async fn code(&self) -> &str {
        &self.scheme.row.code
    }

    /// Version, such as the year it is for.
    async fn version(&self) -> &str {
        &self.scheme.row.version
    }

    /// Name.
    async fn name(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> &str {
        match locale.unwrap_or(Locale::Zh) {
            Locale::Zh => &self.scheme.row.name_zh,
            Locale::En => &self.scheme.row.name_en,
        }
    }

    /// What is to be known of it, as that it is an example.
    async fn note(
        &self,
        #[graphql(default_with = "Some(Locale::Zh)", desc = "Language of the text.")] locale: Option<Locale>,
    ) -> Option<&str> {
        let note = self.scheme.entry.note.as_ref()?;
        Some(match locale.unwrap_or(Locale::Zh) {
            Locale::Zh => &note.zh,
            Locale::En => &note.en,
        })
    }

    /// Full marks without bonus.
    async fn total(&self) -> f64 {
        to_f64(self.scheme.core.total)
    }

    /// Digits after the point of a published score; ranks follow the published score.
    async fn decimals(&self) -> u32 {
        self.scheme.core.decimals
    }

    /// When it was published; null for a draft, which may still change.
    async fn published_at(&self) -> Option<DateTime> {
        self.scheme.row.published_at.and_then(DateTime::from_micros)
    }

    /// Who defined it.
    async fn author(&self) -> &str {
        &self.scheme.row.author
    }

    /// SHA-256 of the document in hexadecimal.
    async fn content_hash(&self) -> &str {
        &self.scheme.row.content_hash
    }

    /// The framework as a file of the catalogue (TOML), to be changed and defined as another version.
    async fn document(&self) -> &str {
        &self.scheme.row.document
    }

    /// Groups of organisations that are scored and ranked apart.
    async fn tracks(&self) -> Vec<FrameworkTrack> {
        let tracks = self.scheme.entry.track.iter();
        tracks
            .map(|track| FrameworkTrack {
                code: track.code.get_ref().clone(),
                name: track.name.zh.clone(),
                name_en: track.name.en.clone(),
            })
            .collect()
    }

    /// Dimensions, criteria and adjustments, parents before children.
    async fn nodes(&self) -> Vec<FrameworkNode> {
        let labels = labels(&self.scheme, &self.snapshot.catalog);
        let node = |label| FrameworkNode {
            snapshot: Arc::clone(&self.snapshot),
            label,
            tracks: self.scheme.core.tracks.clone(),
        };
        labels.into_iter().map(node).collect()
    }

    /// Grades, the best first.
    async fn grades(&self) -> Vec<FrameworkGrade> {
        let grades = self.scheme.entry.grade.iter().zip(&self.scheme.core.grades);
        grades
            .map(|(entry, grade)| FrameworkGrade {
                code: grade.code.clone(),
                name: entry.name.zh.clone(),
                name_en: entry.name.en.clone(),
                at_least: to_f64(grade.least),
            })
            .collect()
    }
}

/// A group of organisations that are scored and ranked together.
#[derive(SimpleObject)]
pub(crate) struct FrameworkTrack {
    /// Stable code.
    code: String,
    /// Name in Chinese.
    name: String,
    /// Name in English.
    name_en: String,
}

/// A grade.
#[derive(SimpleObject)]
pub(crate) struct FrameworkGrade {
    /// Stable code.
    code: String,
    /// Name in Chinese.
    name: String,
    /// Name in English.
    name_en: String,
    /// The least published score with it.
    at_least: f64,
}

#[derive(Default)]
pub(crate) struct FrameworkQuery;

/// Queries of frameworks.
#[Object]
impl FrameworkQuery {
    /// A framework of evaluation; null when there is none of this code and version.
    async fn framework(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code.")] code: String,
        #[graphql(desc = "Version; the newest that is published when left out.")] version: Option<String>,
    ) -> Result<Option<Framework>> {
        let snapshot = ctx.snapshot()?;
        match ctx.service()?.scheme(&snapshot, &code, version.as_deref()).await {
            Ok(scheme) => Ok(Some(Framework { snapshot, scheme })),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Every version of every framework, in the order in which they were defined.
    async fn frameworks(&self, ctx: &Context<'_>) -> Result<Vec<Framework>> {
        let snapshot = ctx.snapshot()?;
        let rows = framework::all(ctx.service()?.db()).await.map_err(Error::from)?;
        let framework = |row| {
            Ok(Framework {
                scheme: Arc::new(Scheme::read(row, &snapshot.catalog)?),
                snapshot: Arc::clone(&snapshot),
            })
        };
        rows.into_iter().map(framework).collect()
    }
}

/// A framework that is to be defined.
#[derive(InputObject)]
struct DefineFrameworkInput {
    /// The framework as a file of the catalogue (TOML): one or more `[[framework]]`, as catalog/README.md says.
    document: String,
    /// Publish it: from then on this version never changes.
    #[graphql(default)]
    publish: bool,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
}

/// What was defined.
#[derive(SimpleObject)]
struct DefineFrameworkPayload {
    /// The versions of the document, in its order.
    frameworks: Vec<Framework>,
    /// How many of them are new or other than before.
    changed: i32,
}

#[derive(Default)]
pub(crate) struct FrameworkMutation;

/// Mutations of frameworks.
#[Object]
impl FrameworkMutation {
    /// Defines versions of frameworks. A draft may be defined again and changes; a published version is refused unless it is the same. A document with a fault changes nothing.
    async fn define_framework(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The document.")] input: DefineFrameworkInput,
    ) -> Result<DefineFrameworkPayload> {
        let service = ctx.service()?;
        let caller = ctx.caller()?.on_behalf(input.on_behalf_of.as_deref())?;
        let how = (&caller, input.publish);
        let defined = service.define_frameworks(&input.document, how).await.map_err(refused)?;
        let snapshot = service.snapshot().await?;
        let ids: Vec<i64> = defined.iter().map(|defined| defined.id()).collect();
        let rows = framework::by_ids(service.db(), &ids).await.map_err(Error::from)?;
        let mut frameworks = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(row) = rows.iter().find(|row| row.id == id) else {
                continue;
            };
            frameworks.push(Framework {
                scheme: Arc::new(Scheme::read(row.clone(), &snapshot.catalog)?),
                snapshot: Arc::clone(&snapshot),
            });
        }
        let changed = defined
            .iter()
            .filter(|defined| !matches!(defined, Defined::Unchanged(_)));
        Ok(DefineFrameworkPayload {
            frameworks,
            changed: i32::try_from(changed.count()).unwrap_or(i32::MAX),
        })
    }
}

/// Faults that an error names.
const MOST_FAULTS: usize = 10;

/// Why nothing was defined, with the first faults and their lines.
fn refused(error: DefineError) -> Error {
    match error {
        DefineError::Failed(error) => error,
        DefineError::Problems(problems) => {
            let told: Vec<String> = problems.iter().take(MOST_FAULTS).map(ToString::to_string).collect();
            let message = format!("{} faults in the framework: {}", problems.len(), told.join("; "));
            Error::input(message, "catalog/README.md says what a framework may hold")
        }
    }
}
