//! Import batches as a caller may see them.

use entity::{import_batch, observation, target};

use crate::error::Error;
use crate::service::Service;
use crate::service::access::Sight;

/// Batches that are looked at together.
const AT_A_TIME: u64 = 100;

impl Service {
    /// The newest batches, newest first: those of whose figures all may be read.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn batches(&self, sight: &Sight, first: u64) -> Result<Vec<import_batch::Model>, Error> {
        if sight.is_all() {
            return Ok(import_batch::newest(&self.db, None, first).await?);
        }
        let most = usize::try_from(first).unwrap_or(usize::MAX);
        let (mut found, mut before) = (Vec::new(), None);
        while found.len() < most {
            let some = import_batch::newest(&self.db, before, AT_A_TIME).await?;
            let Some(last) = some.last() else {
                break;
            };
            before = Some(last.id);
            for batch in some {
                if found.len() < most && self.sees_batch(sight, batch.id).await? {
                    found.push(batch);
                }
            }
        }
        Ok(found)
    }

    /// Whether all figures and targets of a batch may be read, and there are any.
    async fn sees_batch(&self, sight: &Sight, batch: i64) -> Result<bool, Error> {
        let parts = self.parts(batch).await?;
        Ok(!parts.is_empty() && parts.iter().all(|(indicator, org)| sight.sees_id(*indicator, *org)))
    }

    /// Whether a change of `indicator` by `batch` touched anything that may be read.
    pub(in crate::service) async fn sees_change(
        &self,
        sight: &Sight,
        batch: i64,
        indicator: Option<i64>,
    ) -> Result<bool, Error> {
        if sight.is_all() {
            return Ok(true);
        }
        let parts = self.parts(batch).await?;
        let about = parts
            .iter()
            .filter(|(of, _)| indicator.is_none_or(|indicator| *of == indicator));
        Ok(about.into_iter().any(|(of, org)| sight.sees_id(*of, *org)))
    }

    async fn parts(&self, batch: i64) -> Result<Vec<(i64, i64)>, Error> {
        let mut parts = observation::parts_of_batch(&self.db, batch).await?;
        let targets = target::of_batch(&self.db, batch).await?;
        parts.extend(targets.iter().map(|row| (row.indicator_id, row.org_id)));
        Ok(parts)
    }
}
