//! Imports: files in, what that would change, and taking it back.

mod input;
mod payload;
mod progress;

use std::io::Read;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use self::input::ImportObservationsInput;
pub(crate) use self::payload::ImportObservationsPayload;
pub(crate) use self::progress::ImportSubscription;
use crate::config;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::import_choice::RevisionReason;
use crate::graphql::scalar::upload::Upload;
use crate::service::import::UndoOptions;

/// What is to be taken back.
#[derive(InputObject)]
struct UndoImportInput {
    /// Number of the batch.
    batch: ID,
    /// Write; otherwise only what would be undone is told.
    #[graphql(default)]
    commit: bool,
    /// Why.
    reason: RevisionReason,
    /// For whom you do it, as a note beside your name; the author is whoever asks.
    on_behalf_of: Option<String>,
}

/// What was taken back, or would be.
#[derive(SimpleObject)]
struct UndoImportPayload {
    /// Figures that are again what they were before the batch.
    restored: i32,
    /// Figures that are no longer there, because the batch had brought the first of them.
    withdrawn: i32,
    /// Number of the batch that took it back; null in a dry run.
    batch: Option<ID>,
}

#[derive(Default)]
pub(crate) struct ImportMutation;

/// Mutations of imports.
#[Object]
impl ImportMutation {
    /// Imports a spreadsheet or CSV, or tells what that would change: a dry run unless `commit` is true. Everything is written or nothing.
    async fn import_observations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file, and how it is to be imported.")] input: ImportObservationsInput,
    ) -> Result<ImportObservationsPayload> {
        let (settings, caller) = (ctx.imports()?, ctx.caller()?);
        let (name, bytes) = content(ctx, (input.file, &input.text), &input.file_name, settings).await?;
        let service = ctx.service()?;
        let job = match &input.job {
            Some(name) => Some(service.jobs().begin(caller, name).ok_or_else(|| Error::Conflict {
                message: "an import of this name is running".to_owned(),
                hint: Some("give `job` a name of its own for each import".to_owned()),
            })?),
            None => None,
        };
        let options = input.options(settings, caller, job.as_ref())?;
        let report = service.import(&name, bytes, &options).await.map_err(Error::from)?;
        Ok(ImportObservationsPayload::new(report, options.mapping))
    }

    /// Takes back what a batch brought, as new revisions: a dry run unless `commit` is true.
    async fn undo_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The batch, and why it is taken back.")] input: UndoImportInput,
    ) -> Result<UndoImportPayload> {
        let batch = input
            .batch
            .parse()
            .map_err(|_| Error::input("`batch` is no number", "importBatches lists the batches"))?;
        let options = UndoOptions {
            batch,
            commit: input.commit,
            caller: ctx.caller()?.on_behalf(input.on_behalf_of.as_deref())?,
            reason: input.reason.into(),
        };
        let report = ctx.service()?.undo(&options).await.map_err(Error::from)?;
        Ok(UndoImportPayload {
            restored: count(report.restored),
            withdrawn: count(report.withdrawn),
            batch: report.batch.map(|id| ID(id.to_string())),
        })
    }

    /// Stops a running import of this server; what was not committed is not written. False when none of this name runs.
    async fn cancel_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name that the import was given as `job`.")] job: String,
    ) -> Result<bool> {
        let progress = ctx.service()?.jobs().find(ctx.caller()?, &job);
        if let Some(progress) = &progress {
            progress.cancel();
        }
        Ok(progress.is_some())
    }
}

/// Name and bytes of what is to be imported.
pub(crate) async fn content(
    ctx: &Context<'_>,
    given: (Option<Upload>, &Option<String>),
    file_name: &Option<String>,
    settings: &config::Import,
) -> Result<(String, Vec<u8>), Error> {
    match given {
        (Some(upload), None) => {
            let file = upload.value(ctx)?;
            if file.bytes > settings.max_file_bytes {
                return Err(Error::Limit {
                    what: "a file size in bytes",
                    asked: file.bytes,
                    allowed: settings.max_file_bytes,
                    hint: "split the file",
                });
            }
            let name = file_name.clone().unwrap_or_else(|| file.name.clone());
            let read = tokio::task::spawn_blocking(move || {
                let mut bytes = Vec::new();
                file.open()?.read_to_end(&mut bytes).map_err(Error::internal)?;
                Ok::<_, Error>(bytes)
            });
            Ok((name, read.await.map_err(Error::internal)??))
        }
        (None, Some(text)) => {
            let name = file_name.clone().unwrap_or_else(|| "pasted.txt".to_owned());
            Ok((name, text.clone().into_bytes()))
        }
        _ => Err(Error::input(
            "what is to be imported is not said",
            "give `file` or `text`, one of them",
        )),
    }
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
