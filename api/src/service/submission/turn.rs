//! One act on one submission: read in the write transaction, held against what the caller saw, written with its entry in the thread, or not at all.

use entity::choice::{SubmissionAct, SubmissionState};
use entity::db::Tx;
use entity::submission::{self, Model};
use entity::submission_event;
use serde_json::json;

use super::actor::Actor;
use super::machine::{Act, Refusal, Standing};
use crate::error::Error;
use crate::service::Service;
use crate::service::access;
use crate::service::audit::{Event, record};

/// What somebody does, and what he has seen.
#[derive(Clone, Debug)]
pub struct Step {
    /// Of which submission.
    pub submission: i64,
    /// The revision that was seen.
    pub seen: i32,
    /// Who.
    pub actor: Actor,
    /// What is said with it.
    pub message: Option<String>,
    /// When, in µs since the epoch.
    pub now: i64,
}

/// A submission in the hands of the only writer.
pub(super) struct Turn {
    pub(super) tx: Tx,
    /// As it stands now: a correction whose time is over is locked.
    pub(super) submission: Model,
    /// The revision that is written.
    written: i32,
    /// When its correction locked itself, where nobody has written so.
    expired: Option<i64>,
}

/// An entry that is about to be added.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) reason: Option<entity::choice::RevisionReason>,
    pub(super) until: Option<i64>,
    pub(super) figures: Option<usize>,
    pub(super) batch_id: Option<i64>,
}

/// Longest message.
const LONGEST: usize = 2000;

/// Where a stored submission stands.
pub(super) fn standing(submission: &Model) -> Standing {
    Standing {
        state: submission.state,
        round: submission.round,
        until: submission.unlocked_until,
    }
}

/// A stored submission as it stands at `now`, and when its correction locked itself, where nobody has written so.
pub(super) fn settled(mut submission: Model, now: i64) -> (Model, Option<i64>) {
    let (before, after) = (standing(&submission), standing(&submission).at(now));
    if before == after {
        return (submission, None);
    }
    let expired = submission.unlocked_until;
    submission.closed_at = expired;
    submission.state = after.state;
    submission.unlocked_until = after.until;
    submission.revision += 1;
    (submission, expired)
}

impl Service {
    /// Takes the turn to write, and the submission with it.
    pub(super) async fn turn(&self, id: i64, now: i64) -> Result<Turn, Error> {
        let tx = self.db.begin_write().await?;
        let found = submission::by_ids(&tx, &[id]).await?.pop();
        let Some(submission) = found else {
            return Err(unknown(id));
        };
        let written = submission.revision;
        let (submission, expired) = settled(submission, now);
        Ok(Turn {
            tx,
            submission,
            written,
            expired,
        })
    }

    /// The same for a caller who must have seen it as it is.
    pub(super) async fn turn_of(&self, step: &Step, act: access::Act) -> Result<Turn, Error> {
        let turn = self.turn(step.submission, step.now).await?;
        let submission = &turn.submission;
        self.need(step, &[act], submission).await?;
        if submission.revision != step.seen {
            return Err(Error::Conflict {
                message: format!(
                    "the submission was changed since revision {} was seen: it is {} at revision {} now",
                    step.seen,
                    submission.state.code(),
                    submission.revision
                ),
                hint: Some("read it again and decide anew".to_owned()),
            });
        }
        Ok(turn)
    }
}

impl Service {
    /// Refuses who may do none of `acts` to a submission.
    pub(super) async fn need(&self, step: &Step, acts: &[access::Act], submission: &Model) -> Result<(), Error> {
        let snapshot = self.snapshot().await?;
        let theme = Some(submission.theme_id).filter(|theme| *theme != 0);
        let caller = step.actor.caller();
        caller.need_any(acts, &snapshot.catalog, submission.org_id, theme)
    }
}

impl Turn {
    /// Moves the submission; nothing is written yet.
    pub(super) fn go(&mut self, act: Act, now: i64) -> Result<(), Error> {
        let before = self.submission.state;
        let after = standing(&self.submission)
            .after(act, now)
            .map_err(|refusal| refused(refusal, act, before))?;
        self.submission.state = after.state;
        self.submission.round = after.round;
        self.submission.unlocked_until = after.until;
        self.submission.revision += 1;
        Ok(())
    }

    /// Writes the submission and its entry, and gives it as it stands after that.
    pub(super) async fn end(self, act: SubmissionAct, step: &Step, entry: Entry) -> Result<Model, Error> {
        let Self {
            tx,
            submission,
            written,
            expired,
        } = self;
        let message = message(step.message.as_deref())?;
        if let Some(expired) = expired {
            // What happened by itself is put on record by whoever writes next. The round that ended is the one before a new one.
            let event = submission_event::New {
                submission_id: submission.id,
                round: submission.round - i32::from(act == SubmissionAct::Unlock),
                act: SubmissionAct::Expire,
                state: SubmissionState::Locked,
                actor: String::new(),
                message: None,
                reason: None,
                until: None,
                figures: None,
                batch_id: None,
                recorded_at: expired,
            };
            submission_event::insert(&tx, event).await?;
        }
        if submission.revision != written {
            submission::change(&tx, submission.id, written, submission::New::from(&submission)).await?;
        }
        let event = submission_event::New {
            submission_id: submission.id,
            round: submission.round,
            act,
            state: submission.state,
            actor: step.actor.name().to_owned(),
            message,
            reason: entry.reason,
            until: entry.until,
            figures: entry.figures.map(|count| i32::try_from(count).unwrap_or(i32::MAX)),
            batch_id: entry.batch_id,
            recorded_at: step.now,
        };
        submission_event::insert(&tx, event).await?;
        let action = format!("{act:?}_submission").to_lowercase();
        let event = Event::new(action, format!("submission {}", submission.id)).after(json!({
            "state": submission.state.code(), "round": submission.round, "figures": entry.figures, "batch": entry.batch_id,
        }));
        record(&tx, step.actor.caller(), event).await?;
        tx.commit().await?;
        Ok(submission)
    }
}

/// The text of a message, if it says anything.
pub(super) fn message(text: Option<&str>) -> Result<Option<String>, Error> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > LONGEST) {
        let hint = format!("write at most {LONGEST} characters");
        return Err(Error::input("the message is too long", hint));
    }
    Ok(text.map(str::to_owned))
}

/// There is no such submission.
pub(super) fn unknown(id: i64) -> Error {
    Error::NotFound {
        what: "submission",
        name: id.to_string(),
        hint: Some("`submissions` lists them".to_owned()),
    }
}

fn refused(refusal: Refusal, act: Act, state: SubmissionState) -> Error {
    let state = state.code();
    match refusal {
        Refusal::State => Error::Conflict {
            message: format!("a submission in state {state} takes no `{act}`"),
            hint: Some("docs/workflow.md shows the ways between the states".to_owned()),
        },
        Refusal::OwnWork => Error::Forbidden {
            message: "nobody approves a submission that he filled or handed in himself".to_owned(),
            hint: Some("ask somebody else to review it".to_owned()),
        },
        Refusal::Until => Error::input(
            "`until` is not a time for a correction",
            "name a moment that is yet to come, at most 31 days from now",
        ),
        Refusal::Overdue => Error::input(
            "the correction's time is over: returned, it would lock itself at once",
            "give it more time with `until`, or approve it",
        ),
        Refusal::NoCorrection => Error::input(
            "`until` goes with corrections only",
            "leave it out, or set the submission's deadline",
        ),
    }
}
