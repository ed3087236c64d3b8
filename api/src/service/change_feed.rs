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

impl Service {
    /// The changes after the number `after` (from now on when it is left out), in their order, each once, and on until the caller has enough. The stream
    /// ends with its first error.
    ///
    /// # Errors
    /// [`Error::Input`] for a number that no change has yet; [`Error::Unavailable`].
    pub async fn changes(
        &self,
        after: Option<i64>,
    ) -> Result<impl Stream<Item = Result<Change, Error>> + Send + use<>, Error> {
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
            receiver,
            last: after.unwrap_or(latest),
            behind: after.is_some(),
            read: VecDeque::new(),
        };
        Ok(try_unfold(follow, |mut follow| async move {
            let entry = follow.next().await?;
            let snapshot = follow.service.follower.holding(entry.id).await?;
            Ok(Some((Change { entry, snapshot }, follow)))
        }))
    }
}
