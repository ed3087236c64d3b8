//! The record of what was done: events in a chain, each with the hash of the one before it, written in the same transaction as the act.

use chrono::Utc;
use entity::choice::AuditResult;
use entity::db::{Db, Tx};
use entity::{audit_event, audit_head};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::Service;
use super::access::{Act, Caller};
use crate::error::Error;

/// Events that are read at a time.
const PAGE: u64 = 1000;

/// What was done, or tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    action: String,
    object: String,
    before: Option<Json>,
    after: Option<Json>,
}

impl Event {
    /// `action` (as `import`, `create_token`) on `object` (as `batch 7`).
    #[must_use]
    pub fn new(action: impl Into<String>, object: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            object: object.into(),
            before: None,
            after: None,
        }
    }

    /// What it was before.
    #[must_use]
    pub fn before(mut self, state: Json) -> Self {
        self.before = Some(state);
        self
    }

    /// What it is now.
    #[must_use]
    pub fn after(mut self, state: Json) -> Self {
        self.after = Some(state);
        self
    }
}

/// µs since the epoch.
pub(super) fn now() -> i64 {
    Utc::now().timestamp_micros()
}

/// Writes down that `caller` did it, as part of `tx`: both are committed or neither. Every act that writes calls this.
///
/// # Errors
/// [`Error::Internal`] when the head of the chain is gone; else as every write.
pub async fn record(tx: &Tx, caller: &Caller, event: Event) -> Result<(), Error> {
    append(tx, caller, event, AuditResult::Done).await
}

async fn append(tx: &Tx, caller: &Caller, event: Event, result: AuditResult) -> Result<(), Error> {
    let head = audit_head::read(tx).await?;
    let head = head.ok_or_else(|| Error::internal("the audit trail has no head"))?;
    let mut row = audit_event::Model {
        id: head.number + 1,
        recorded_at: now(),
        actor: caller.name().to_owned(),
        principal_id: caller.principal_id(),
        on_behalf_of: caller.note().map(str::to_owned),
        action: event.action,
        object: event.object,
        before_state: event.before.map(|state| state.to_string()),
        after_state: event.after.map(|state| state.to_string()),
        request_id: caller.origin().request_id.clone(),
        address: caller.origin().address.clone(),
        result,
        previous_hash: head.hash,
        hash: String::new(),
    };
    row.hash = hash(&row);
    audit_head::set(tx, row.id, &row.hash).await?;
    audit_event::insert(tx, row).await?;
    Ok(())
}

/// SHA-256 of all columns but the hash itself. Each is preceded by its length, so that no two rows read alike.
fn hash(row: &audit_event::Model) -> String {
    let mut hasher = Sha256::new();
    let mut add = |text: Option<&str>| match text {
        None => hasher.update([0]),
        Some(text) => {
            hasher.update([1]);
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        }
    };
    add(Some(&row.id.to_string()));
    add(Some(&row.recorded_at.to_string()));
    add(Some(&row.actor));
    add(row.principal_id.map(|id| id.to_string()).as_deref());
    add(row.on_behalf_of.as_deref());
    add(Some(&row.action));
    add(Some(&row.object));
    add(row.before_state.as_deref());
    add(row.after_state.as_deref());
    add(row.request_id.as_deref());
    add(row.address.as_deref());
    add(Some(&row.result.code()));
    add(Some(&row.previous_hash));
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An event as one JSON object, for files.
#[must_use]
pub fn to_json(event: &audit_event::Model) -> Json {
    let state = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str::<Json>(text).ok());
    let time = chrono::DateTime::from_timestamp_micros(event.recorded_at);
    json!({
        "number": event.id,
        "recordedAt": time.map(|time| time.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
        "actor": event.actor,
        "onBehalfOf": event.on_behalf_of,
        "action": event.action,
        "object": event.object,
        "before": state(&event.before_state),
        "after": state(&event.after_state),
        "requestId": event.request_id,
        "address": event.address,
        "result": event.result.code(),
        "previousHash": event.previous_hash,
        "hash": event.hash,
    })
}

/// What a look at the whole chain found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Events that were looked at.
    pub events: i64,
    /// The hash of the last one.
    pub head: String,
    /// What is wrong, the first things; empty where the chain is whole.
    pub faults: Vec<String>,
}

/// Faults that are told.
const MOST_FAULTS: usize = 20;

impl Service {
    /// Looks at every event: none altered, none missing, none after the head. `anchor` is a number and its hash, written down elsewhere at an earlier time: it
    /// finds a chain that was made anew as a whole.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn verify_audit(&self, anchor: Option<(i64, &str)>) -> Result<Verified, Error> {
        let view = self.db.begin_read().await?;
        let head = audit_head::read(&view).await?;
        let mut found = Verified::default();
        let mut last = (0, String::new());
        let mut anchored = anchor.is_none_or(|(number, hash)| number == 0 && hash.is_empty());
        loop {
            let rows = audit_event::some_since(&view, last.0, PAGE).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let expected = last.0 + 1;
                if row.id != expected {
                    found.fault(format!("event {expected} is missing: {} follows {}", row.id, last.0));
                } else if row.previous_hash != last.1 {
                    found.fault(format!("event {} does not follow event {}", row.id, last.0));
                }
                if hash(&row) != row.hash {
                    found.fault(format!("event {} was altered", row.id));
                }
                anchored |= anchor == Some((row.id, row.hash.as_str()));
                last = (row.id, row.hash);
                found.events += 1;
            }
        }
        match head {
            None => found.fault("the head of the chain is gone".to_owned()),
            Some(head) if (head.number, &head.hash) != (last.0, &last.1) => {
                found.fault(format!(
                    "the last event is {}, and the head of the chain names {}",
                    last.0, head.number
                ));
            }
            Some(_) => {}
        }
        if !anchored {
            found.fault("the chain is not the one that the anchor was taken of".to_owned());
        }
        found.head = last.1;
        Ok(found)
    }

    /// Some events of a filter before a number, the newest first, and how many there are of the filter.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for all but administrators of everything.
    pub async fn audit_events(
        &self,
        caller: &Caller,
        filter: &audit_event::Filter,
        before: Option<i64>,
        limit: u64,
    ) -> Result<(Vec<audit_event::Model>, u64), Error> {
        caller.may(Act::Audit)?;
        let rows = audit_event::newest(&self.db, filter, before, limit).await?;
        Ok((rows, audit_event::count(&self.db, filter).await?))
    }

    /// Some events after a number, in their order; none at the end.
    ///
    /// # Errors
    /// As [`Service::audit_events`].
    pub async fn audit_since(&self, caller: &Caller, after: i64) -> Result<Vec<audit_event::Model>, Error> {
        caller.may(Act::Audit)?;
        Ok(audit_event::some_since(&self.db, after, PAGE).await?)
    }

    /// Writes down that something was refused, soon and without anybody waiting for it.
    pub fn refused(&self, caller: &Caller, event: Event) {
        let refusals = &self.sign_in.refusals;
        let Some(suppressed) = refusals.take() else {
            return;
        };
        let event = match suppressed {
            0 => event,
            count => event.after(json!({ "not_written_before": count })),
        };
        let (db, caller, waits) = (self.db.clone(), caller.clone(), refusals.wait());
        tokio::spawn(async move {
            if let Err(error) = write_refusal(&db, &caller, event).await {
                tracing::error!(error = error.chain(), "a refusal is not in the audit trail");
            }
            drop(waits);
        });
    }
}

impl Verified {
    fn fault(&mut self, text: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(text);
        }
    }
}

/// Tries as long as other writers may be in the way.
async fn write_refusal(db: &Db, caller: &Caller, event: Event) -> Result<(), Error> {
    for _ in 0..5 {
        match db.begin_write().await {
            Ok(tx) => {
                append(&tx, caller, event, AuditResult::Refused).await?;
                return Ok(tx.commit().await?);
            }
            Err(entity::error::Error::Busy { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::internal("the turn to write did not come"))
}
