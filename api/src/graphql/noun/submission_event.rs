//! The thread of a submission: what was done, by whom, and what was said.

use async_graphql::{ID, Object};
use entity::submission_event;

use crate::graphql::scalar::import_choice::RevisionReason;
use crate::graphql::scalar::submission_choice::{SubmissionAct, SubmissionState};
use crate::graphql::scalar::time::DateTime;

pub(crate) struct SubmissionEvent(pub(crate) submission_event::Model);

/// An entry in the thread of a submission. Entries are never changed.
#[Object]
impl SubmissionEvent {
    /// What was done.
    async fn act(&self) -> SubmissionAct {
        self.0.act.into()
    }

    /// Round in which it was done.
    async fn round(&self) -> i32 {
        self.0.round
    }

    /// State after it.
    async fn state(&self) -> SubmissionState {
        self.0.state.into()
    }

    /// Who did it; null for what happens by itself.
    async fn actor(&self) -> Option<&str> {
        Some(self.0.actor.as_str()).filter(|actor| !actor.is_empty())
    }

    /// What was said with it.
    async fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// Why what was published is corrected.
    async fn reason(&self) -> Option<RevisionReason> {
        self.0.reason.map(Into::into)
    }

    /// Until when a correction may last.
    async fn until(&self) -> Option<DateTime> {
        self.0.until.and_then(DateTime::from_micros)
    }

    /// Figures that were entered, taken out or published.
    async fn figures(&self) -> Option<i32> {
        self.0.figures
    }

    /// Number of the batch that published it.
    async fn batch(&self) -> Option<ID> {
        self.0.batch_id.map(|id| ID(id.to_string()))
    }

    /// When.
    async fn recorded_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.0.recorded_at)
    }
}
