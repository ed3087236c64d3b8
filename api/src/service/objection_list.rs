//! The objections that a caller may read.

use analytics::period::Period;
use entity::objection;

use super::Service;
use super::access::Sight;
use crate::error::Error;

impl Service {
    /// The objections of a framework that may be read, in the order in which they were raised.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown framework; [`Error::Forbidden`] for who may read some themes only.
    pub async fn objections(
        &self,
        sight: &Sight,
        (framework, version): (&str, Option<&str>),
        period: Option<Period>,
    ) -> Result<Vec<objection::Model>, Error> {
        sight.need_whole()?;
        let scheme = self.scheme(&sight.snapshot, framework, version).await?;
        let months = period.map(|period| (period.start_month(), period.end_month()));
        let mut rows = objection::of(&self.db, scheme.row.id, months).await?;
        rows.retain(|row| sight.sees_whole_id(row.org_id));
        Ok(rows)
    }
}
