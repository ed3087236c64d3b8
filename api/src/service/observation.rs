//! Pages of figures: the published ones, and those that were handed in laid over them.

use entity::choice::ObservationStatus;
use entity::observation::{self, Cursor, Filter, Model, Page};

use super::Service;
use super::provisional::{Include, Reading, flagged, pending};
use super::snapshot::Snapshot;
use crate::error::Error;

impl Service {
    /// A page of figures, and how many there are on all pages. They are read as of the pinned version, so that rows, total and catalogue are of one state
    /// whatever is committed meanwhile.
    ///
    /// # Errors
    /// [`Error::Input`] when unpublished figures are asked for as of an earlier time.
    pub async fn observations(
        &self,
        snapshot: &Snapshot,
        filter: &Filter,
        reading: Reading,
        page: &Page,
    ) -> Result<(Vec<Model>, u64), Error> {
        let Reading { as_of, include } = reading.check()?;
        let as_of = snapshot.as_of(as_of);
        if include == Include::Published {
            let rows = observation::page(&self.db, filter, as_of, page).await?;
            return Ok((rows, observation::count(&self.db, filter, as_of).await?));
        }
        let pending = pending(snapshot);
        let published = Filter {
            not_pending: Some(pending),
            ..filter.clone()
        };
        let entered = Filter {
            statuses: filter.statuses.as_deref().map(stored),
            ..filter.clone()
        };
        // What moves from the one list to the other in between would be in both, or in none.
        let view = self.db.begin_read().await?;
        let rows = observation::page(&view, &published, as_of, page).await?;
        let drafts = observation::pending_page(&view, &entered, pending, page).await?;
        let total = observation::count(&view, &published, as_of).await?
            + observation::pending_count(&view, &entered, pending).await?;
        Ok((merged(rows, drafts.iter().map(flagged).collect(), page), total))
    }
}

/// The stored statuses of what is shown in one of these.
fn stored(shown: &[ObservationStatus]) -> Vec<ObservationStatus> {
    let mut stored: Vec<ObservationStatus> = shown
        .iter()
        .copied()
        .filter(|status| *status != ObservationStatus::Normal)
        .collect();
    if stored.contains(&ObservationStatus::Provisional) {
        stored.push(ObservationStatus::Normal);
    }
    stored
}

/// Both lists in the order of pages, no more of them than the page holds.
fn merged(mut rows: Vec<Model>, drafts: Vec<Model>, page: &Page) -> Vec<Model> {
    rows.extend(drafts);
    rows.sort_by_key(|row| Cursor::from(row));
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    if page.from_end {
        rows.drain(..rows.len().saturating_sub(limit));
    } else {
        rows.truncate(limit);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_as_provisional_is_stored_as_reported() {
        use ObservationStatus::{LowerBound, Missing, Normal, Provisional};
        assert_eq!(stored(&[Normal]), []);
        assert_eq!(stored(&[Provisional, Missing]), [Provisional, Missing, Normal]);
        assert_eq!(stored(&[LowerBound, Normal]), [LowerBound]);
    }
}
