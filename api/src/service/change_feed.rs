//! Following the change feed: nobody misses a change or sees one twice.
//!
//! A follower first listens and then reads what it has missed, by its own last number; one that is too slow to hear everything reads again from there.

use std::collections::VecDeque;
use std::sync::Arc;

use entity::change_feed::{self, Model};
use futures_util::Stream;
use futures_util::stream::try_unfold;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::Service;
use super::access::{Act, Caller, Sight};
use super::feed::AT_A_TIME;
use super::snapshot::Snapshot;
use crate::error::Error;

/// A change, with a version of the data that holds it.
#[derive(Clone, Debug)]
pub struct Change {
    /// What changed.
    pub entry: Arc<Model>,
    /// The newest version of the data when it was told.
    pub snapshot: Arc<Snapshot>,
}

/// One who follows.
struct Follow {
    service: Service,
    caller: Caller,
    receiver: Receiver<Arc<Model>>,
    /// The last change that was told.
    last: i64,
    /// Whether there may be changes in the database that were not heard.
    behind: bool,
    /// Changes that were read and are not yet told.
    read: VecDeque<Arc<Model>>,
}

impl Follow {
    async fn next(&mut self) -> Result<Arc<Model>, Error> {
        loop {
            if let Some(change) = self.read.pop_front() {
                self.last = change.id;
                return Ok(change);
            }
            if self.behind {
                let missed = change_feed::some_since(self.service.db(), self.last, AT_A_TIME).await?;
                self.behind = missed.len() as u64 == AT_A_TIME;
                self.read.extend(missed.into_iter().map(Arc::new));
                continue;
            }
            match self.receiver.recv().await {
                Ok(change) if change.id > self.last => {
                    self.last = change.id;
                    return Ok(change);
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => self.behind = true,
                Err(RecvError::Closed) => {
                    self.receiver = self.service.feed.listen().await?;
                    self.behind = true;
                }
            }
        }
    }
}

impl Follow {
    /// Whether the caller may be told: what let it in must still hold, and something that it may read must have been touched.
    async fn may_tell(&mut self, entry: &Model, snapshot: &Arc<Snapshot>) -> Result<bool, Error> {
        self.caller = self.service.still(&self.caller).await?;
        self.caller.may(Act::Read)?;
        let sight = Sight::new(Arc::clone(snapshot), &self.caller);
        match entry.batch_id {
            // The catalogue is for everybody who reads.
            None => Ok(true),
            Some(batch) => self.service.sees_change(&sight, batch, entry.indicator_id).await,
        }
    }
}

impl Service {
    /// The changes after the number `after` (from now on when it is left out), in their order, each once, and on until the caller has enough: those that
    /// touched something that `caller` may read. The stream ends with its first error, and when what let the caller in no longer holds.
    ///
    /// # Errors
    /// [`Error::Input`] for a number that no change has yet; [`Error::Unavailable`].
    pub async fn changes(
        &self,
        caller: &Caller,
        after: Option<i64>,
    ) -> Result<impl Stream<Item = Result<Change, Error>> + Send + use<>, Error> {
        caller.may(Act::Read)?;
        let receiver = self.feed.listen().await?;
        let latest = change_feed::latest(&self.db).await?;
        if let Some(after) = after.filter(|after| !(0..=latest).contains(after)) {
            return Err(Error::input(
                format!("there is no change {after}: the last one is {latest}"),
                "give the sequence of the last change that was seen, 0 for all, or leave it out for those to come",
            ));
        }
        let follow = Follow {
            service: self.clone(),
            caller: caller.clone(),
            receiver,
            last: after.unwrap_or(latest),
            behind: after.is_some(),
            read: VecDeque::new(),
        };
        Ok(try_unfold(follow, |mut follow| async move {
            loop {
                let entry = follow.next().await?;
                let snapshot = follow.service.follower.holding(entry.id).await?;
                if follow.may_tell(&entry, &snapshot).await? {
                    return Ok(Some((Change { entry, snapshot }, follow)));
                }
            }
        }))
    }
}
