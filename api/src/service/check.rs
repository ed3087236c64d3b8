//! Proves that what is stored hangs together: keys, revisions, batches, the change feed, the catalogue, and that every figure can be served.

use entity::change_feed;
use entity::check::{self, Rule};

use super::Service;
use crate::error::Error;

/// How often the database is read again when somebody wrote meanwhile.
const MOST_TRIES: usize = 10;

impl Service {
    /// Every rule with the number of rows that break it.
    ///
    /// # Errors
    /// [`Error::Unavailable`], also when somebody writes without a pause; [`Error::Internal`] for stored values that cannot be read at all.
    pub async fn check(&self) -> Result<Vec<Rule>, Error> {
        for _ in 0..MOST_TRIES {
            let view = self.db.begin_read().await?;
            let version = change_feed::latest(&view).await?;
            let mut rules = check::rules(&view).await?;
            let current = check::current_figures(&view).await?;
            drop(view);
            let snapshot = self.snapshot().await?;
            // What came in between would be taken for a figure too many, or hide one too few.
            if snapshot.version == version {
                rules.push(Rule {
                    name: "every current figure can be served".to_owned(),
                    broken: current.saturating_sub(snapshot.facts.len() as u64),
                });
                return Ok(rules);
            }
        }
        let source = format!("somebody wrote during each of {MOST_TRIES} readings");
        Err(Error::Unavailable { source: source.into() })
    }
}
