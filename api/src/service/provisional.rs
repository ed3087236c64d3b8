//! Provisional answers: what was handed in or approved and is not published yet, laid over what is.

use std::collections::BTreeMap;
use std::sync::Arc;

use analytics::fact::{Columns, FactStore, State};
use analytics::flag::Flag;
use analytics::period::Period;
use entity::choice::ObservationStatus;
use entity::observation::Model;
use entity::pending::{self, Pending};
use entity::{submission_event, submission_figure};

use super::Service;
use super::convert;
use super::snapshot::Snapshot;
use crate::error::Error;

/// Which figures an answer takes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Include {
    /// Those that are published.
    #[default]
    Published,
    /// And in their place those that were handed in or approved since.
    Provisional,
}

/// Which state of the figures is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// As they were known at this time, in µs since the epoch; now when none.
    pub as_of: Option<i64>,
    /// Which figures.
    pub include: Include,
}

impl From<Option<i64>> for Reading {
    fn from(as_of: Option<i64>) -> Self {
        Self {
            as_of,
            include: Include::Published,
        }
    }
}

impl Reading {
    /// The figures `include` as of a time.
    #[must_use]
    pub fn of(as_of: Option<i64>, include: Include) -> Self {
        Self { as_of, include }
    }

    /// Refuses what was not yet published as of an earlier time: drafts have no such history.
    ///
    /// # Errors
    /// [`Error::Input`].
    pub fn check(self) -> Result<Self, Error> {
        if self.as_of.is_some() && self.include == Include::Provisional {
            return Err(Error::input(
                "`include: PROVISIONAL` goes without `asOf`",
                "leave `asOf` out: unpublished figures are read as they are now",
            ));
        }
        Ok(self)
    }
}

/// The pending figures beside the observations of a snapshot.
#[must_use]
pub fn pending(snapshot: &Snapshot) -> Pending {
    Pending {
        since: snapshot.recorded_at,
    }
}

/// The status that an unpublished figure is shown with: it may still change, and what is less certain stays so.
#[must_use]
pub fn shown(status: ObservationStatus) -> ObservationStatus {
    match status {
        ObservationStatus::Normal | ObservationStatus::Provisional => ObservationStatus::Provisional,
        other => other,
    }
}

/// Where the keys of unpublished figures begin, among those of observations: behind all of them, as if they were published now.
const DRAFTS: i64 = 1 << 62;

/// The figure of a submission that a key among those of observations means; none for an observation's own.
#[must_use]
pub fn draft_of(key: i64) -> Option<i64> {
    (key >= DRAFTS).then_some(key - DRAFTS)
}

/// A figure of a submission in the form of an observation, as it was entered. Its key is that of no observation.
#[must_use]
pub fn observation(figure: &submission_figure::Model) -> Model {
    Model {
        id: DRAFTS + figure.id,
        indicator_id: figure.indicator_id,
        org_id: figure.org_id,
        start_month: figure.start_month,
        end_month: figure.end_month,
        breakdown_item_id: figure.breakdown_item_id,
        revision: figure.revision,
        value: figure.value,
        status: figure.status,
        decimals: figure.decimals,
        printed: figure.printed.clone(),
        unit_id: figure.unit_id,
        flags: figure.flags.clone(),
        note: figure.note.clone(),
        source_id: figure.source_id,
        locator: figure.locator.clone(),
        batch_id: None,
        reason: None,
        recorded_at: figure.recorded_at,
        superseded_at: None,
        withdrawn: figure.withdrawn,
    }
}

/// The same as it is shown: provisional, and flagged.
#[must_use]
pub fn flagged(figure: &submission_figure::Model) -> Model {
    let flags = convert::flags(&figure.flags).with(Flag::Unpublished);
    Model {
        status: shown(figure.status),
        flags: flags.to_string(),
        ..observation(figure)
    }
}

impl Service {
    /// What moves with every draft that `include` takes in; nothing where it takes none.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn drafts_version(&self, include: Include) -> Result<Option<i64>, Error> {
        match include {
            Include::Published => Ok(None),
            Include::Provisional => Ok(Some(submission_event::latest(&self.db).await?)),
        }
    }

    /// The figures of `snapshot` with those of `indicators` that are pending in place of the published ones.
    pub(super) async fn with_pending(&self, snapshot: &Snapshot, indicators: &[i64]) -> Result<Arc<FactStore>, Error> {
        let figures = pending::figures(&self.db, pending(snapshot), Some(indicators)).await?;
        if figures.is_empty() {
            return Ok(Arc::clone(&snapshot.facts));
        }
        let (facts, catalog) = (Arc::clone(&snapshot.facts), Arc::clone(&snapshot.catalog));
        let laid_over = move || {
            let mut columns: BTreeMap<i64, Columns> = BTreeMap::new();
            for figure in &figures {
                let (Some(org), Some(period), Ok(breakdown)) = (
                    catalog.tree().ordinal(figure.org_id),
                    Period::from_months(figure.start_month, figure.end_month),
                    u32::try_from(figure.breakdown_item_id),
                ) else {
                    continue;
                };
                let state = State {
                    status: convert::status(shown(figure.status)),
                    flags: convert::flags(&figure.flags).with(Flag::Unpublished),
                    decimals: u32::try_from(figure.decimals).unwrap_or(0),
                };
                columns.entry(figure.indicator_id).or_default().push(
                    org,
                    breakdown,
                    period,
                    figure.value,
                    state,
                    DRAFTS + figure.id,
                );
            }
            facts.with(facts.version(), columns, catalog.tree().len())
        };
        Ok(Arc::new(self.compute.run(laid_over).await??))
    }
}
