//! The acts that move a submission and touch no figure: hand in, take back, return, approve, lock, unlock, say something.

use entity::change_feed;
use entity::choice::{RevisionReason, SubmissionAct};
use entity::submission::Model;
use entity::{submission_event, submission_figure};

use super::machine::Act;
use super::turn::{Entry, Step, Turn, message};
use crate::error::Error;
use crate::service::Service;
use crate::service::access;

impl Service {
    /// Hands a submission in. What is owed and neither published nor entered must be said to be missing or not applicable, or the message says why it is
    /// handed in without.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is in another state or was changed since, [`Error::Input`] naming what is owed.
    pub async fn submit_submission(&self, step: &Step) -> Result<Model, Error> {
        // What is owed is told by the catalogue and the observations; both may move until the turn is taken, but not what was entered.
        let seen = self.submission(step.submission, step.now).await?;
        let owed = self.missing(&seen, step.now).await?;
        let mut turn = self.turn_of(step, access::Act::Import).await?;
        turn.go(Act::Submit, step.now)?;
        if !owed.is_empty() && message(step.message.as_deref())?.is_none() {
            return Err(Error::input(
                format!("{} owed figures are not there: {}", owed.len(), some(&owed).join(", ")),
                "enter them; enter MISSING or NOT_APPLICABLE where there are none; or give a message that says why",
            ));
        }
        turn.submission.submitted_at = Some(step.now);
        turn.end(SubmissionAct::Submit, step, Entry::default()).await
    }

    /// Takes a submission back before it is approved.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is in another state or was changed since.
    pub async fn withdraw_submission(&self, step: &Step) -> Result<Model, Error> {
        let mut turn = self.turn_of(step, access::Act::Import).await?;
        turn.go(Act::Withdraw, step.now)?;
        turn.submission.submitted_at = None;
        turn.end(SubmissionAct::Withdraw, step, Entry::default()).await
    }

    /// Hands a submission back to be mended, a correction perhaps with more time. The message says why.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is in another state or was changed since, [`Error::Input`] without a message.
    pub async fn return_submission(&self, step: &Step, until: Option<i64>) -> Result<Model, Error> {
        said(step, "returned")?;
        let mut turn = self.turn_of(step, access::Act::Review).await?;
        turn.go(Act::Return { until }, step.now)?;
        turn.submission.submitted_at = None;
        turn.submission.approved_as_of = None;
        let entry = Entry {
            until,
            ..Entry::default()
        };
        turn.end(SubmissionAct::Return, step, entry).await
    }

    /// Approves a submission. Whoever entered a figure of the round or handed it in may not.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for those; [`Error::Conflict`] when it is in another state or was changed since.
    pub async fn approve_submission(&self, step: &Step) -> Result<Model, Error> {
        let mut turn = self.turn_of(step, access::Act::Review).await?;
        let is_own = step.actor.is_among(&turn.hands().await?);
        turn.go(Act::Approve { is_own }, step.now)?;
        turn.submission.approved_as_of = Some(change_feed::latest_time(&turn.tx).await?.unwrap_or(0));
        turn.end(SubmissionAct::Approve, step, Entry::default()).await
    }

    /// Closes a submission that is published, or a correction that is given up.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is in another state or was changed since.
    pub async fn lock_submission(&self, step: &Step) -> Result<Model, Error> {
        let mut turn = self.turn_of(step, access::Act::Publish).await?;
        turn.go(Act::Lock, step.now)?;
        turn.submission.closed_at = Some(step.now);
        turn.end(SubmissionAct::Lock, step, Entry::default()).await
    }

    /// Opens what was published for a correction, until a moment in µs since the epoch at which it locks itself. The message says more than the reason.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is in another state or was changed since, [`Error::Input`] without a message or for a moment that cannot be.
    pub async fn unlock_submission(&self, step: &Step, reason: RevisionReason, until: i64) -> Result<Model, Error> {
        said(step, "unlocked")?;
        let mut turn = self.turn_of(step, access::Act::Publish).await?;
        turn.go(Act::Unlock { until }, step.now)?;
        let submission = &mut turn.submission;
        submission.correction_reason = Some(reason);
        submission.approved_as_of = None;
        submission.submitted_at = None;
        submission.closed_at = None;
        let entry = Entry {
            reason: Some(reason),
            until: Some(until),
            ..Entry::default()
        };
        turn.end(SubmissionAct::Unlock, step, entry).await
    }

    /// Says something in the thread of a submission, in whatever state it is and whoever changed it meanwhile.
    ///
    /// # Errors
    /// [`Error::Input`] without a message.
    pub async fn comment_submission(&self, step: &Step) -> Result<Model, Error> {
        said(step, "commented")?;
        let turn = self.turn(step.submission, step.now).await?;
        let some = [access::Act::Import, access::Act::Review, access::Act::Publish];
        self.need(step, &some, &turn.submission).await?;
        turn.end(SubmissionAct::Comment, step, Entry::default()).await
    }
}

impl Turn {
    /// Everybody whose work the round is: who entered figures, and who handed it in.
    async fn hands(&self) -> Result<Vec<String>, Error> {
        let (id, round) = (self.submission.id, self.submission.round);
        let mut hands = submission_figure::authors(&self.tx, id, round).await?;
        let thread = submission_event::of(&self.tx, &[id]).await?;
        let handed = thread
            .into_iter()
            .filter(|event| event.round == round && event.act == SubmissionAct::Submit);
        hands.extend(handed.map(|event| event.actor));
        Ok(hands)
    }
}

/// Refuses an act without a message.
fn said(step: &Step, done: &str) -> Result<(), Error> {
    match message(step.message.as_deref())? {
        Some(_) => Ok(()),
        None => Err(Error::input(
            format!("nothing is {done} without a word"),
            "say why in `message`",
        )),
    }
}

/// The first few of a list.
fn some(all: &[String]) -> Vec<String> {
    const FEW: usize = 10;
    let mut told: Vec<String> = all.iter().take(FEW).cloned().collect();
    if all.len() > FEW {
        told.push("…".to_owned());
    }
    told
}
