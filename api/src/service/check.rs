//! Proves that what is stored hangs together: keys, revisions, batches, the change feed, the catalogue, and that every figure can be served.

use entity::check::{self, Rule};

use super::Service;
use crate::error::Error;

impl Service {
    /// Every rule with the number of rows that break it.
    ///
    /// # Errors
    /// [`Error::Unavailable`]; [`Error::Internal`] for stored values that cannot be read at all.
    pub async fn check(&self) -> Result<Vec<Rule>, Error> {
        let view = self.db.begin_read().await?;
        let mut rules = check::rules(&view).await?;
        let current = check::current_figures(&view).await?;
        drop(view);
        let served = self.snapshot().await?.facts.len() as u64;
        rules.push(Rule {
            name: "every current figure can be served".to_owned(),
            broken: current.saturating_sub(served),
        });
        Ok(rules)
    }
}
