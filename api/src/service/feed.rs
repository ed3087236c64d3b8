//! The one reader of the change feed: it looks at the database every so often, so that it sees what other processes write, and tells all who listen.
//! It runs while somebody does.

use std::sync::Arc;
use std::time::Duration;

use entity::change_feed::{self, Model};
use entity::db::Db;
use tokio::sync::Mutex;
use tokio::sync::broadcast::{Receiver, Sender, WeakSender, channel};

use crate::error::Error;

/// Changes that wait for a slow listener before it has to read them again.
const WAITING: usize = 256;
/// Changes of one reading.
pub(super) const AT_A_TIME: u64 = 1000;
/// What is waited between two looks unless it is set.
const INTERVAL: Duration = Duration::from_millis(500);

/// The one reader of the feed.
#[derive(Clone, Debug)]
pub(super) struct Feed {
    db: Db,
    interval: Duration,
    /// Empty, or dead, when nobody listens.
    reader: Arc<Mutex<Option<WeakSender<Arc<Model>>>>>,
}

impl Feed {
    pub(super) fn new(db: Db) -> Self {
        Self {
            db,
            interval: INTERVAL,
            reader: Arc::default(),
        }
    }

    pub(super) fn poll_every(&mut self, interval: Duration) {
        self.interval = interval;
    }

    /// Everything that is committed from now on, and perhaps a little of what was before.
    pub(super) async fn listen(&self) -> Result<Receiver<Arc<Model>>, Error> {
        let mut reader = self.reader.lock().await;
        if let Some(sender) = reader.as_ref().and_then(WeakSender::upgrade) {
            return Ok(sender.subscribe());
        }
        let seen = change_feed::latest(&self.db).await?;
        let (sender, receiver) = channel(WAITING);
        *reader = Some(sender.downgrade());
        tokio::spawn(self.clone().read(sender, seen));
        Ok(receiver)
    }

    /// Reads on from `seen` until nobody listens.
    async fn read(self, sender: Sender<Arc<Model>>, mut seen: i64) {
        let mut well = true;
        loop {
            tokio::time::sleep(self.interval).await;
            if sender.receiver_count() == 0 {
                // Nobody can begin to listen while the lock is held.
                let mut reader = self.reader.lock().await;
                if sender.receiver_count() == 0 {
                    *reader = None;
                    return;
                }
            }
            match change_feed::some_since(&self.db, seen, AT_A_TIME).await {
                Ok(changes) => {
                    well = true;
                    for change in changes {
                        seen = change.id;
                        // The last listener may have gone just now.
                        let _ = sender.send(Arc::new(change));
                    }
                }
                Err(error) => {
                    // One line a breakdown, not one a look.
                    if well {
                        tracing::warn!(%error, "the change feed cannot be read");
                    }
                    well = false;
                }
            }
        }
    }
}
