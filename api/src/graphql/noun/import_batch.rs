//! Import batches: who brought which file, when and why, and what it changed.

use async_graphql::{Context, ID, Object, Result};
use entity::import_batch;

use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::import_choice::RevisionReason;
use crate::graphql::scalar::time::DateTime;

pub(crate) struct ImportBatch(pub(crate) import_batch::Model);

/// A file that was imported: who brought it, when, why, and what it changed.
#[Object]
impl ImportBatch {
    /// Number of the batch.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Name of the file.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// SHA-256 of the file's content, of what it was read as and with which mapping, in hexadecimal.
    async fn content_hash(&self) -> &str {
        &self.0.content_hash
    }

    /// Who imported it.
    async fn author(&self) -> &str {
        &self.0.author
    }

    /// Why it revised stored figures; null when it did not.
    async fn reason(&self) -> Option<RevisionReason> {
        self.0.reason.map(Into::into)
    }

    /// When.
    async fn recorded_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.0.recorded_at)
    }

    /// Figures that were new.
    async fn created(&self) -> i64 {
        self.0.created_count
    }

    /// Figures that were revised.
    async fn revised(&self) -> i64 {
        self.0.revised_count
    }

    /// Figures that were stored already as they stood in the file.
    async fn unchanged(&self) -> i64 {
        self.0.unchanged_count
    }

    /// How the file was read, as a mapping file; null where it said everything itself.
    async fn mapping(&self) -> Option<&str> {
        self.0.mapping.as_deref()
    }

    /// Number of the submission that it published; null for figures that were imported as they are.
    async fn submission(&self) -> Option<ID> {
        self.0.submission_id.map(|id| ID(id.to_string()))
    }

    /// Number of the batch that this one took back; null for an import.
    async fn undoes(&self) -> Option<ID> {
        self.0.undoes.map(|id| ID(id.to_string()))
    }
}

#[derive(Default)]
pub(crate) struct ImportBatchQuery;

/// Queries of imports.
#[Object]
impl ImportBatchQuery {
    /// The newest import batches, newest first: those of whose figures you may read all.
    async fn import_batches(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "So many.", default = 20)] first: i32,
    ) -> Result<Vec<ImportBatch>> {
        let most = ctx.limits()?.max_page;
        let Some(first) = u64::try_from(first).ok().filter(|first| *first <= most) else {
            return Err(Error::input(
                "there is no such number of batches",
                format!("`first` is from 0 to {most}"),
            )
            .into());
        };
        let batches = ctx.service()?.batches(ctx.sight()?, first).await?;
        Ok(batches.into_iter().map(ImportBatch).collect())
    }
}
