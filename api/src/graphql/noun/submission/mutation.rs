//! The acts on submissions.

use async_graphql::{Context, Object, Result, SimpleObject};
use entity::submission::Model;

use super::Submission;
use super::input::{
    CommentSubmissionInput, FillSubmissionInput, OpenSubmissionInput, PublishSubmissionInput, ReturnSubmissionInput,
    SubmissionActInput, UnlockSubmissionInput,
};
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::noun::import::{ImportObservationsPayload, content};
use crate::graphql::scalar::time::DateTime;
use crate::intake::figures::Mapping;
use crate::service::import::{Options, mapping};
use crate::service::submission::{Actor, Filling, NewSubmission};

/// A submission after an act.
#[derive(SimpleObject)]
struct SubmissionPayload {
    /// As it stands now.
    submission: Submission,
}

/// A submission after figures were entered or published, or before it, in a dry run.
#[derive(SimpleObject)]
struct SubmissionFiguresPayload {
    /// As it stands now.
    submission: Submission,
    /// What was done with the figures, or would be. Entered by hand, the first one stands on line 2.
    report: ImportObservationsPayload,
}

/// A payload of the act that gave `model`.
fn told(ctx: &Context<'_>, model: Model) -> Result<SubmissionPayload> {
    Ok(SubmissionPayload {
        submission: Submission::new(&ctx.snapshot()?, model, DateTime::now().micros()),
    })
}

#[derive(Default)]
pub(crate) struct SubmissionMutation;

/// Mutations of submissions.
#[Object]
impl SubmissionMutation {
    /// Opens a submission as a draft: one an organisation, period and theme.
    async fn open_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and for which period.")] input: OpenSubmissionInput,
    ) -> Result<SubmissionPayload> {
        let new = NewSubmission {
            org: input.org,
            period: input.period.0,
            theme: input.theme,
            deadline: input.deadline,
            actor: Actor::of(&ctx.caller()?.on_behalf(input.on_behalf_of.as_deref())?),
            message: input.message,
            now: DateTime::now().micros(),
        };
        told(ctx, ctx.service()?.open_submission(&new).await?)
    }

    /// Enters figures into an open submission, or tells what that would change: a dry run unless `commit` is true. All of them are entered or none.
    async fn fill_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The submission and the figures.")] input: FillSubmissionInput,
    ) -> Result<SubmissionFiguresPayload> {
        let settings = ctx.imports()?;
        let step = input.step(ctx)?;
        let options = Options {
            commit: input.commit,
            caller: step.actor.caller().clone(),
            mapping: mapping(input.mapping.as_deref())?,
            limits: settings.into(),
            ..Options::default()
        };
        let filling = match (input.figures, input.file, &input.text) {
            (Some(figures), None, None) => Filling::Figures(figures.into_iter().map(Into::into).collect()),
            (None, file, text) => {
                let (name, bytes) = content(ctx, (file, text), &input.file_name, settings).await?;
                Filling::File(name, bytes)
            }
            _ => {
                return Err(Error::input(
                    "what is to be entered is said twice",
                    "give `figures`, `file` or `text`, one of them",
                )
                .into());
            }
        };
        let (model, report) = ctx.service()?.fill_submission(&step, filling, &options).await?;
        Ok(SubmissionFiguresPayload {
            submission: told(ctx, model)?.submission,
            report: ImportObservationsPayload::new(report, options.mapping),
        })
    }

    /// Hands a submission in. What is owed must be there, or said to be MISSING or NOT_APPLICABLE, or the message says why it is not.
    async fn submit_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which submission.")] input: SubmissionActInput,
    ) -> Result<SubmissionPayload> {
        told(ctx, ctx.service()?.submit_submission(&input.step(ctx)?).await?)
    }

    /// Takes a submission back before it is approved.
    async fn withdraw_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which submission.")] input: SubmissionActInput,
    ) -> Result<SubmissionPayload> {
        told(ctx, ctx.service()?.withdraw_submission(&input.step(ctx)?).await?)
    }

    /// Hands a submission back to be mended.
    async fn return_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which submission, and why.")] input: ReturnSubmissionInput,
    ) -> Result<SubmissionPayload> {
        let until = input.until.map(DateTime::micros);
        told(ctx, ctx.service()?.return_submission(&input.step(ctx)?, until).await?)
    }

    /// Approves a submission. FORBIDDEN for whoever entered figures of the round or handed it in.
    async fn approve_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which submission.")] input: SubmissionActInput,
    ) -> Result<SubmissionPayload> {
        told(ctx, ctx.service()?.approve_submission(&input.step(ctx)?).await?)
    }

    /// Publishes an approved submission as one import batch, or tells what that would change and move: a dry run unless `commit` is true.
    async fn publish_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which submission.")] input: PublishSubmissionInput,
    ) -> Result<SubmissionFiguresPayload> {
        let (step, reason) = (input.step(ctx)?, input.reason.map(Into::into));
        let (model, report) = ctx.service()?.publish_submission(&step, reason, input.commit).await?;
        Ok(SubmissionFiguresPayload {
            submission: told(ctx, model)?.submission,
            report: ImportObservationsPayload::new(report, Mapping::default()),
        })
    }

    /// Closes a published submission, or gives a correction up that was not handed in.
    async fn lock_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which submission.")] input: SubmissionActInput,
    ) -> Result<SubmissionPayload> {
        told(ctx, ctx.service()?.lock_submission(&input.step(ctx)?).await?)
    }

    /// Opens what was published for a correction: a new round, which locks itself when its time is over.
    async fn unlock_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which submission, why, and until when.")] input: UnlockSubmissionInput,
    ) -> Result<SubmissionPayload> {
        let (step, until) = (input.step(ctx)?, input.until.micros());
        let reason = input.reason.into();
        told(ctx, ctx.service()?.unlock_submission(&step, reason, until).await?)
    }

    /// Says something in the thread of a submission.
    async fn comment_submission(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which submission, and what.")] input: CommentSubmissionInput,
    ) -> Result<SubmissionPayload> {
        told(ctx, ctx.service()?.comment_submission(&input.step(ctx)?).await?)
    }
}
