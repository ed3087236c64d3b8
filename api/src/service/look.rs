//! One look at the change feed for all who ask at the same time.
//!
//! Whoever asks must see everything that was committed before. A look that is under way may have begun too early for that, so those who come meanwhile take
//! the next one together: at most two looks in a row, however many ask. A look runs by itself: whoever asked may go, or not be polled for a while, and the
//! others do not wait for him. A database that tells at once needs none of this.

use std::sync::{Arc, PoisonError};

use entity::change_feed;
use entity::db::Db;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::Mutex;

use crate::error::Error;

/// Turns of all others before a look begins.
const GATHERED: usize = 2;

/// A look that is shared. Its error is told to everybody in it, so that nobody waits for a failure of his own.
type Next = Shared<BoxFuture<'static, Result<i64, Arc<Error>>>>;

/// Looks at the change feed. Clones share it.
#[derive(Clone)]
pub(super) struct Look {
    db: Db,
    /// The look that has not begun yet.
    next: Arc<std::sync::Mutex<Option<Next>>>,
    /// Held by the look that is under way.
    turn: Arc<Mutex<()>>,
}

impl Look {
    pub(super) fn new(db: Db) -> Self {
        Self {
            db,
            next: Arc::default(),
            turn: Arc::default(),
        }
    }

    /// The number of the last change, of a look that begins after this call.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub(super) async fn latest(&self) -> Result<i64, Error> {
        if let Some(latest) = change_feed::latest_at_once(&self.db) {
            return Ok(latest);
        }
        let look = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            next.get_or_insert_with(|| self.begun()).clone()
        };
        look.await.map_err(|error| retold(&error))
    }

    fn begun(&self) -> Next {
        let look = tokio::spawn(self.clone().look());
        async move { look.await.unwrap_or_else(|gone| Err(Arc::new(Error::internal(gone)))) }
            .boxed()
            .shared()
    }

    async fn look(self) -> Result<i64, Arc<Error>> {
        let _turn = self.turn.lock().await;
        // Who can ask by now comes along: it costs those who wait nothing where nobody else has work, and many looks where many have.
        for _ in 0..GATHERED {
            tokio::task::yield_now().await;
        }
        // Who comes from now on may have seen a commit that this look does not see.
        self.next.lock().unwrap_or_else(PoisonError::into_inner).take();
        change_feed::latest(&self.db)
            .await
            .map_err(|error| Arc::new(error.into()))
    }
}

/// The same error for one of several.
fn retold(error: &Arc<Error>) -> Error {
    let source = error.chain();
    match **error {
        Error::Internal { .. } => Error::internal(source),
        _ => Error::Unavailable { source: source.into() },
    }
}
