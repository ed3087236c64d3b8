//! What is supposed over what is stored, to see what a decision would move before it is taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use analytics::fact::{Columns, State};
use analytics::flag::Flags;
use analytics::period::Period;
use analytics::status::Status;
use entity::choice::MarkStage;
use entity::evaluation_mark;
use rust_decimal::Decimal;

use super::inputs::Marks;
use crate::error::Error;
use crate::service::Service;
use crate::service::edition::Edition;

/// Figures and decided points that are not stored.
#[derive(Debug, Default)]
pub(in crate::service) struct Overlay {
    columns: BTreeMap<i64, Columns>,
    decided: Vec<(i64, String, Decimal)>,
}

impl Overlay {
    /// Supposes a figure, in the base unit of its quantity.
    pub(in crate::service) fn figure(&mut self, indicator: i64, org: u32, period: Period, value: f64) {
        let state = State {
            status: Status::Normal,
            flags: Flags::NONE,
            decimals: 0,
        };
        // The key of an observation that does not exist yet: only told apart from 0, which takes a figure away.
        let columns = self.columns.entry(indicator).or_default();
        columns.push(org, 0, period, Some(value), state, -1);
    }

    /// Supposes points that are decided for a criterion of an organisation.
    pub(in crate::service) fn decide(&mut self, org: i64, node: &str, points: Decimal) {
        self.decided.push((org, node.to_owned(), points));
    }

    /// Adds the decided points to what was said.
    pub(super) fn add_marks(&self, marks: &mut Marks) {
        for (org, node, points) in &self.decided {
            let mark = evaluation_mark::Model {
                id: 0,
                framework_id: 0,
                org_id: *org,
                start_month: 0,
                end_month: 0,
                node: node.clone(),
                stage: MarkStage::Final,
                revision: 1,
                points: Some(points.to_string()),
                evidence: None,
                author: String::new(),
                recorded_at: 0,
                superseded_at: None,
            };
            marks.insert((*org, node.clone(), MarkStage::Final), mark);
        }
    }
}

impl Service {
    /// The edition with the supposed figures in it.
    pub(super) async fn supposed(&self, edition: Edition, overlay: &mut Overlay) -> Result<Edition, Error> {
        if overlay.columns.is_empty() {
            return Ok(edition);
        }
        let columns = std::mem::take(&mut overlay.columns);
        let (store, orgs) = (Arc::clone(&edition.facts), edition.tree.len());
        let facts = self
            .compute
            .run(move || store.with(store.version(), columns, orgs))
            .await??;
        Ok(Edition {
            facts: Arc::new(facts),
            ..edition
        })
    }
}
