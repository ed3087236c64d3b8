//! Sources of figures, and where in them a figure stands.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use entity::{observation, source, target};

use crate::graphql::context::Ask;
use crate::graphql::scalar::global_id::GlobalId;

pub(crate) struct Source(pub(crate) Arc<source::Model>);

/// A document that figures were taken from.
#[Object]
impl Source {
    /// Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Address on the web; null when it has none.
    async fn address(&self) -> Option<&str> {
        Some(self.0.address.as_str()).filter(|address| !address.is_empty())
    }

    /// Who published it, where known.
    async fn publisher(&self) -> Option<&str> {
        self.0.publisher.as_deref()
    }

    /// SHA-256 of the document's bytes in hexadecimal, where it is a file that was imported.
    async fn content_hash(&self) -> Option<&str> {
        self.0.content_hash.as_deref()
    }

    /// Day of publication as YYYY-MM-DD, where known. Neither the report's year nor the period of its figures.
    async fn published_on(&self) -> Option<&str> {
        self.0.published_on.as_deref()
    }
}

pub(crate) enum Citation {
    Observation(Arc<observation::Model>),
    Target(Arc<target::Model>),
}

impl Citation {
    fn texts(&self) -> [&Option<String>; 3] {
        match self {
            Self::Observation(row) => [&row.locator, &row.printed, &row.note],
            Self::Target(row) => [&row.locator, &row.printed, &row.note],
        }
    }
}

/// Where a number comes from: one stored figure it rests on.
#[Object]
impl Citation {
    /// Identifier of the observation, for `node`; null for a target.
    async fn observation_id(&self) -> Option<ID> {
        match self {
            Self::Observation(row) => Some(GlobalId::Observation(row.id).encode()),
            Self::Target(_) => None,
        }
    }

    /// Document; null when the figure came without one.
    async fn source(&self, ctx: &Context<'_>) -> Result<Option<Source>> {
        let id = match self {
            Self::Observation(row) => row.source_id,
            Self::Target(row) => row.source_id,
        };
        source(ctx, id).await
    }

    /// Place in the document, such as a section or sheet!cell.
    async fn locator(&self) -> Option<&str> {
        self.texts()[0].as_deref()
    }

    /// Figure as printed there.
    async fn printed(&self) -> Option<&str> {
        self.texts()[1].as_deref()
    }

    /// What to beware of.
    async fn note(&self) -> Option<&str> {
        self.texts()[2].as_deref()
    }
}

/// The document of a figure.
pub(crate) async fn source(ctx: &Context<'_>, id: Option<i64>) -> Result<Option<Source>> {
    match id {
        Some(id) => Ok(ctx.sources()?.load_one(id).await?.map(Source)),
        None => Ok(None),
    }
}
