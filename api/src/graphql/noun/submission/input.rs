//! What the acts on submissions take.

use async_graphql::{Context, ID, InputObject};

use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::import_choice::RevisionReason;
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::time::DateTime;
use crate::graphql::scalar::upload::Upload;
use crate::service::submission::{Actor, EnteredFigure, Step};

/// The number of an id.
pub(super) fn number(id: &ID) -> Result<i64, Error> {
    id.parse()
        .map_err(|_| Error::input("this is not the number of a submission", "`submissions` lists them"))
}

/// A submission that is to be opened.
#[derive(InputObject)]
pub(crate) struct OpenSubmissionInput {
    /// Code of the organisation that reports.
    pub(super) org: String,
    /// Reporting period.
    pub(super) period: Period,
    /// Code of a theme, for a submission of its indicators only.
    pub(super) theme: Option<String>,
    /// Last day of its own, as `2026-01-31`, in place of the calendar's.
    pub(super) deadline: Option<String>,
    /// For whom the caller says to do it; the author is the caller.
    pub(super) on_behalf_of: Option<String>,
    /// What is said with it.
    pub(super) message: Option<String>,
}

/// An act on a submission.
#[derive(InputObject)]
pub(crate) struct SubmissionActInput {
    /// Number of the submission.
    submission: ID,
    /// Revision that was seen.
    revision: i32,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
    /// What is said with it; needed to submit without what is owed, and to return.
    message: Option<String>,
}

impl SubmissionActInput {
    pub(super) fn step(self, ctx: &Context<'_>) -> Result<Step, Error> {
        step(
            ctx,
            (&self.submission, self.revision),
            self.on_behalf_of.as_deref(),
            self.message,
        )
    }
}

/// A submission that is to be handed back.
#[derive(InputObject)]
pub(crate) struct ReturnSubmissionInput {
    /// Number of the submission.
    submission: ID,
    /// Revision that was seen.
    revision: i32,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
    /// What is to be mended.
    message: String,
    /// More time for a correction: when it locks itself.
    pub(super) until: Option<DateTime>,
}

impl ReturnSubmissionInput {
    pub(super) fn step(&self, ctx: &Context<'_>) -> Result<Step, Error> {
        step(
            ctx,
            (&self.submission, self.revision),
            self.on_behalf_of.as_deref(),
            Some(self.message.clone()),
        )
    }
}

/// A submission that is to be opened for a correction.
#[derive(InputObject)]
pub(crate) struct UnlockSubmissionInput {
    /// Number of the submission.
    submission: ID,
    /// Revision that was seen.
    revision: i32,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
    /// What is to be corrected.
    message: String,
    /// Why.
    pub(super) reason: RevisionReason,
    /// When it locks itself unless it is handed in: at most 31 days from now.
    pub(super) until: DateTime,
}

impl UnlockSubmissionInput {
    pub(super) fn step(&self, ctx: &Context<'_>) -> Result<Step, Error> {
        step(
            ctx,
            (&self.submission, self.revision),
            self.on_behalf_of.as_deref(),
            Some(self.message.clone()),
        )
    }
}

/// Something to be said in the thread of a submission.
#[derive(InputObject)]
pub(crate) struct CommentSubmissionInput {
    /// Number of the submission.
    submission: ID,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
    /// What.
    message: String,
}

impl CommentSubmissionInput {
    pub(super) fn step(self, ctx: &Context<'_>) -> Result<Step, Error> {
        step(
            ctx,
            (&self.submission, 0),
            self.on_behalf_of.as_deref(),
            Some(self.message),
        )
    }
}

/// A submission that is to be published.
#[derive(InputObject)]
pub(crate) struct PublishSubmissionInput {
    /// Number of the submission.
    submission: ID,
    /// Revision that was seen.
    revision: i32,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
    /// What is said with it.
    message: Option<String>,
    /// Why figures that were imported before are revised, in a first round; a correction has its reason.
    pub(super) reason: Option<RevisionReason>,
    /// Write; otherwise only what would change and move is told.
    #[graphql(default)]
    pub(super) commit: bool,
}

impl PublishSubmissionInput {
    pub(super) fn step(&self, ctx: &Context<'_>) -> Result<Step, Error> {
        step(
            ctx,
            (&self.submission, self.revision),
            self.on_behalf_of.as_deref(),
            self.message.clone(),
        )
    }
}

/// Figures for a submission: a file, a pasted table, or one by one.
#[derive(InputObject)]
pub(crate) struct FillSubmissionInput {
    /// Number of the submission.
    submission: ID,
    /// Revision that was seen.
    revision: i32,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
    /// What is said with it.
    message: Option<String>,
    /// A file: CSV, XLSX or ODS. What does not name an organisation or a period is the submission's.
    pub(super) file: Option<Upload>,
    /// A pasted table in place of a file.
    pub(super) text: Option<String>,
    /// Figures in place of a file.
    pub(super) figures: Option<Vec<FigureInput>>,
    /// Name of the file; that of the upload when left out.
    pub(super) file_name: Option<String>,
    /// What columns and words mean, as a mapping file in TOML.
    pub(super) mapping: Option<String>,
    /// Write; otherwise only what would change is told.
    #[graphql(default)]
    pub(super) commit: bool,
}

impl FillSubmissionInput {
    pub(super) fn step(&self, ctx: &Context<'_>) -> Result<Step, Error> {
        step(
            ctx,
            (&self.submission, self.revision),
            self.on_behalf_of.as_deref(),
            self.message.clone(),
        )
    }
}

/// One figure, written as in a cell of a sheet. What is left out is blank.
#[derive(InputObject)]
pub(crate) struct FigureInput {
    /// Code or name of the indicator.
    indicator: String,
    /// Item of a breakdown, as `case_type=civil`; the total when left out.
    breakdown: Option<String>,
    /// Figure as it is written, as `720` or `逾20万元`.
    value: Option<String>,
    /// Its unit; the indicator's own when left out and not in doubt.
    unit: Option<String>,
    /// Its status, as `MISSING` or 不适用; a number is NORMAL.
    status: Option<String>,
    /// Flags joined by `|`.
    flags: Option<String>,
    /// What to beware of.
    note: Option<String>,
    /// Title of the document it is taken from; the submission itself when left out.
    source_title: Option<String>,
    /// Where that document stands.
    source_url: Option<String>,
    /// Place in the document.
    locator: Option<String>,
    /// Take the figure out of the submission again; nothing else but indicator and breakdown counts then.
    #[graphql(default)]
    remove: bool,
}

impl From<FigureInput> for EnteredFigure {
    fn from(figure: FigureInput) -> Self {
        Self {
            indicator: figure.indicator,
            breakdown: figure.breakdown,
            value: figure.value,
            unit: figure.unit,
            status: figure.status,
            flags: figure.flags,
            note: figure.note,
            source_title: figure.source_title,
            source_url: figure.source_url,
            locator: figure.locator,
            remove: figure.remove,
        }
    }
}

fn step(
    ctx: &Context<'_>,
    (submission, seen): (&ID, i32),
    note: Option<&str>,
    message: Option<String>,
) -> Result<Step, Error> {
    Ok(Step {
        submission: number(submission)?,
        seen,
        actor: Actor::of(&ctx.caller()?.on_behalf(note)?),
        message,
        now: DateTime::now().micros(),
    })
}
