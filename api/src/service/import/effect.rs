//! What an import would move besides the figures themselves: totals above them and ranks.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use analytics::fact::{Columns, State};
use analytics::op::Data;
use analytics::op::effect::{ChangedFigure, effects};
use analytics::period::Period;

use super::plan::{Outcome, Plan};
use super::report::Report;
use super::resolve::Resolved;
use crate::error::Error;
use crate::service::Service;
use crate::service::access::Sight;
use crate::service::catalog::Catalog;
use crate::service::convert;
use crate::service::provisional::Reading;

/// Changed figures whose effects are looked for; a file with more is a first delivery, not a correction.
const MOST_FIGURES: usize = 20_000;
/// Groups of peers that are looked at.
const MOST_GROUPS: usize = 500;

/// The figures of a file that would be new or other ones.
#[derive(Default)]
pub(super) struct Changes {
    columns: BTreeMap<i64, Columns>,
    figures: Vec<ChangedFigure>,
    /// Of how many there are too many.
    left_out: usize,
}

impl Changes {
    pub(super) fn of(resolved: &Resolved, plan: &Plan, catalog: &Catalog) -> Self {
        let mut changes = Self::default();
        let changed = resolved
            .cells
            .iter()
            .zip(&plan.outcomes)
            .filter(|(_, outcome)| **outcome != Outcome::Unchanged);
        let count = changed.clone().count();
        if count > MOST_FIGURES {
            changes.left_out = count;
            return changes;
        }
        // Keys of observations that do not exist yet: only told apart from 0, which takes a figure away.
        for (id, (cell, _)) in (1i64..).zip(changed) {
            let key = &cell.key;
            let (Some(org), Some(period), Ok(breakdown)) = (
                catalog.tree().ordinal(key.org_id),
                Period::from_months(key.start_month, key.end_month),
                u32::try_from(key.breakdown_item_id),
            ) else {
                continue;
            };
            let state = State {
                status: convert::status(cell.status),
                flags: convert::flags(&cell.flags),
                decimals: u32::try_from(cell.decimals).unwrap_or(0),
            };
            changes
                .columns
                .entry(key.indicator_id)
                .or_default()
                .push(org, breakdown, period, cell.value, state, -id);
            if breakdown == 0 {
                changes.figures.push(ChangedFigure {
                    indicator: key.indicator_id,
                    org,
                    period,
                });
            }
        }
        changes
    }
}

impl Service {
    /// Adds to the report what `changes` would move over the figures of `sight`, as far as it may be read.
    pub(super) async fn add_effects(&self, report: &mut Report, sight: &Sight, changes: Changes) -> Result<(), Error> {
        report.snapshot = Some(Arc::clone(&sight.snapshot));
        report.effects_unseen = changes.left_out;
        if changes.figures.is_empty() {
            return Ok(());
        }
        let edition = self
            .edition(Arc::clone(&sight.snapshot), &[], Reading::default())
            .await?;
        let known: HashSet<ChangedFigure> = changes.figures.iter().copied().collect();
        let found = self
            .calculate(&edition, move |before| {
                let after = before
                    .store
                    .with(before.store.version(), changes.columns, before.tree.len())?;
                effects(
                    before,
                    Data {
                        store: &after,
                        ..before
                    },
                    &changes.figures,
                    MOST_GROUPS,
                )
            })
            .await?;
        report.effects_unseen += found.unseen;
        // The figures of the file are told as revisions; here only what else moves, and stood before.
        report.effects = found.rows;
        let tree = sight.snapshot.catalog.tree();
        for row in &mut report.effects {
            // A rank among others tells their figures to whoever tries value after value.
            let peers = tree.peers(row.org, row.period);
            if !sight.is_all() && !peers.into_iter().all(|peer| sight.sees(row.indicator, peer)) {
                (row.rank_before, row.rank_after) = (None, None);
            }
        }
        report.effects.retain(|row| {
            let figure = ChangedFigure {
                indicator: row.indicator,
                org: row.org,
                period: row.period,
            };
            let stood_before = row.before.value.is_some() || row.rank_before.is_some();
            sight.sees(row.indicator, row.org)
                && stood_before
                && (row.rank_before != row.rank_after || !known.contains(&figure))
        });
        Ok(())
    }
}
