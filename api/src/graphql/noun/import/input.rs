//! How an import is asked for.

use async_graphql::InputObject;

use crate::config;
use crate::error::Error;
use crate::graphql::scalar::import_choice::RevisionReason;
use crate::graphql::scalar::upload::Upload;
use crate::intake::figures::Field;
use crate::service::access::Caller;
use crate::service::import::{Content, Job, Options, mapping};

/// A file of figures, and how it is to be imported.
#[derive(InputObject)]
pub(crate) struct ImportObservationsInput {
    /// The file: CSV, XLSX or ODS.
    pub(super) file: Option<Upload>,
    /// A pasted table in place of a file.
    pub(super) text: Option<String>,
    /// Name of the file; that of the upload when left out. Figures without a source of their own cite it.
    pub(super) file_name: Option<String>,
    /// Write; otherwise only what would change is told.
    #[graphql(default)]
    commit: bool,
    /// What the dry run handed out: the commit is refused with CONFLICT when a figure of the file was changed since.
    token: Option<String>,
    /// Why stored figures are revised; needed when any are.
    reason: Option<RevisionReason>,
    /// For whom you import, as a note beside your name; the author is whoever asks.
    on_behalf_of: Option<String>,
    /// The rows are targets and not figures.
    #[graphql(default)]
    targets: bool,
    /// Import a file again that was imported before.
    #[graphql(default)]
    again: bool,
    /// What columns and words mean, as a mapping file in TOML.
    mapping: Option<String>,
    /// Organisation of all figures that do not name one.
    org: Option<String>,
    /// Period of all figures that do not name one.
    period: Option<String>,
    /// Indicator of all figures that do not name one.
    indicator: Option<String>,
    /// A name of your own for this import, under which `importProgress` tells how far it is and `cancelImport` stops it.
    pub(super) job: Option<String>,
    /// A key of your own: a request repeated under the same key is done once.
    idempotency_key: Option<String>,
}

impl ImportObservationsInput {
    pub(super) fn options(
        &self,
        settings: &config::Import,
        caller: &Caller,
        job: Option<&Job>,
    ) -> Result<Options, Error> {
        let mapping = mapping(self.mapping.as_deref())?
            .with_default(Field::Org, self.org.as_deref())
            .with_default(Field::Period, self.period.as_deref())
            .with_default(Field::Indicator, self.indicator.as_deref());
        Ok(Options {
            content: if self.targets {
                Content::Targets
            } else {
                Content::Figures
            },
            commit: self.commit,
            caller: caller.on_behalf(self.on_behalf_of.as_deref())?,
            reason: self.reason.map(Into::into),
            again: self.again,
            mapping,
            token: self.token.clone(),
            idempotency_key: self.idempotency_key.clone(),
            limits: settings.into(),
            progress: job.map(|job| job.progress.clone()).unwrap_or_default(),
            ..Options::default()
        })
    }
}
