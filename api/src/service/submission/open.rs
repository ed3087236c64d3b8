//! Opening submissions.

use analytics::period::Period;
use entity::choice::{SubmissionAct, SubmissionState};
use entity::submission::{self, Filter, Model};
use entity::submission_event;
use serde_json::json;

use super::actor::Actor;
use super::deadline;
use super::machine::Standing;
use super::turn::message;
use crate::error::Error;
use crate::service::Service;
use crate::service::access::Act;
use crate::service::audit::{Event, record};
use crate::service::selector::{org, theme};

/// A submission to be opened.
#[derive(Clone, Debug)]
pub struct NewSubmission {
    /// Code of the organisation that reports.
    pub org: String,
    /// For which period.
    pub period: Period,
    /// Only the indicators of this theme.
    pub theme: Option<String>,
    /// Its own deadline, `YYYY-MM-DD`, in place of the calendar's.
    pub deadline: Option<String>,
    /// Who opens it.
    pub actor: Actor,
    /// What is said with it.
    pub message: Option<String>,
    /// When, in µs since the epoch.
    pub now: i64,
}

impl Service {
    /// Opens a submission as a draft.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the organisation has one for this period that shares indicators with it, [`Error::NotFound`] for unknown codes,
    /// [`Error::Input`] when the organisation did not exist then.
    pub async fn open_submission(&self, new: &NewSubmission) -> Result<Model, Error> {
        let snapshot = self.snapshot().await?;
        let catalog = &snapshot.catalog;
        let ordinal = org(catalog, &new.org)?;
        if !catalog.tree().exists(ordinal, new.period) {
            return Err(Error::input(
                format!("`{}` did not exist in {}", new.org, new.period),
                "name the organisation that existed in this period",
            ));
        }
        let theme_id = match &new.theme {
            Some(code) => theme(catalog, code)?,
            None => 0,
        };
        let deadline = new.deadline.as_deref().map(deadline::parse).transpose()?;
        let message = message(new.message.as_deref())?;
        let org_id = catalog
            .tree()
            .id(ordinal)
            .ok_or_else(|| Error::internal("an organisation without key"))?;
        let caller = new.actor.caller();
        caller.need_org(Act::Import, catalog, org_id, Some(theme_id).filter(|theme| *theme != 0))?;
        let months = (new.period.start_month(), new.period.end_month());
        let tx = self.db.begin_write().await?;
        let filter = Filter {
            orgs: Some(vec![org_id]),
            period: Some(months),
            ..Filter::default()
        };
        let known = submission::some(&tx, &filter, 0, u64::from(u32::MAX)).await?;
        // Of one figure there is one submission: themes may stand side by side, but not beside all of them.
        let shares = |known: &&Model| known.theme_id == theme_id || known.theme_id == 0 || theme_id == 0;
        if let Some(known) = known.iter().find(shares) {
            return Err(Error::Conflict {
                message: format!("`{}` has submission {} for {} already", new.org, known.id, new.period),
                hint: Some("fill that one; unlock it for a correction when it is published".to_owned()),
            });
        }
        let row = submission::New {
            org_id,
            start_month: months.0,
            end_month: months.1,
            theme_id,
            state: Standing::OPENED.state,
            round: Standing::OPENED.round,
            revision: 1,
            deadline: deadline.map(|day| day.to_string()),
            correction_reason: None,
            unlocked_until: None,
            approved_as_of: None,
            published_at: None,
            opened_at: new.now,
            submitted_at: None,
            closed_at: None,
        };
        let id = submission::insert(&tx, row).await?;
        let event = submission_event::New {
            submission_id: id,
            round: 1,
            act: SubmissionAct::Open,
            state: SubmissionState::Draft,
            actor: new.actor.name().to_owned(),
            message,
            reason: None,
            until: None,
            figures: None,
            batch_id: None,
            recorded_at: new.now,
        };
        submission_event::insert(&tx, event).await?;
        let opened = json!({ "org": new.org, "period": new.period.to_string(), "theme": new.theme });
        let event = Event::new("open_submission", format!("submission {id}")).after(opened);
        record(&tx, caller, event).await?;
        tx.commit().await?;
        self.submission(id, new.now).await
    }
}
