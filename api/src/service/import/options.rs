//! How an import is to be made.

use std::fmt;
use std::sync::Arc;

use entity::choice::RevisionReason;
use entity::db::Tx;
use futures_util::future::BoxFuture;

use super::content::Content;
use super::progress::Progress;
use crate::error::Error;
use crate::intake::book::Limits;
use crate::intake::figures::Mapping;
use crate::service::access::{Act, Caller, Origin};

/// How an import is to be made.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the figures are.
    pub content: Content,
    /// Write; without it nothing is changed.
    pub commit: bool,
    /// Who imports.
    pub caller: Caller,
    /// What brings the right to it; that of the content when none.
    pub act: Option<Act>,
    /// Why stored figures are revised, if any are.
    pub reason: Option<RevisionReason>,
    /// Import a file again that was imported before.
    pub again: bool,
    /// What the file does not say itself.
    pub mapping: Mapping,
    /// What the dry run handed out: the commit is refused when a figure of the file has changed since.
    pub token: Option<String>,
    /// The caller's key: a request repeated under the same key is done once.
    pub idempotency_key: Option<String>,
    /// What the file may hold at most.
    pub limits: Limits,
    /// For whoever watches.
    pub progress: Progress,
    /// What is done in the same transaction.
    pub beside: Option<Beside>,
}

/// Something that is done in the transaction that writes a batch, with its number: both are there afterwards, or neither.
#[derive(Clone)]
pub struct Beside(Arc<Work>);

type Work = dyn for<'a> Fn(&'a Tx, i64) -> BoxFuture<'a, Result<(), Error>> + Send + Sync;

impl Beside {
    pub(in crate::service) fn new(
        work: impl for<'a> Fn(&'a Tx, i64) -> BoxFuture<'a, Result<(), Error>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(work))
    }

    pub(super) async fn run(&self, tx: &Tx, batch: i64) -> Result<(), Error> {
        (self.0)(tx, batch).await
    }
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Beside")
    }
}

/// The mapping of a text, the empty one where none is given.
///
/// # Errors
/// [`Error::Input`] with its faults.
pub fn mapping(text: Option<&str>) -> Result<Mapping, Error> {
    let Some(text) = text else {
        return Ok(Mapping::default());
    };
    Mapping::parse("mapping", text).map_err(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Error::input(all.join("; "), "docs/import.md shows a mapping")
    })
}

/// The reason of a code.
///
/// # Errors
/// [`Error::Input`] with the reasons there are.
pub fn reason(code: &str) -> Result<RevisionReason, Error> {
    let hint = "write ERROR, LATE, METHOD, BOUNDARY or APPEAL";
    RevisionReason::parse(code).ok_or_else(|| Error::input("there is no such reason", hint))
}

impl Default for Options {
    fn default() -> Self {
        Self {
            content: Content::Figures,
            commit: false,
            caller: Caller::nobody(Origin::default()),
            act: None,
            reason: None,
            again: false,
            mapping: Mapping::default(),
            token: None,
            idempotency_key: None,
            limits: Limits {
                unpacked_bytes: 256 * 1024 * 1024,
                cells: 2_000_000,
            },
            progress: Progress::default(),
            beside: None,
        }
    }
}
