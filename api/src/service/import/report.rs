//! What an import did, or would do.

use std::sync::Arc;

use analytics::op::effect::Effect;
use entity::import_batch;

use super::plan::{Outcome, Revision};
use super::table::Place;
use super::table::TableReading;
use crate::intake::problem::Problem;
use crate::service::snapshot::Snapshot;

/// What an import did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How its tables were understood.
    pub tables: Vec<TableReading>,
    /// Figures of the file that are not blank.
    pub figures: usize,
    /// Cells that had no figure.
    pub created: usize,
    /// Cells whose figure or whose provenance changed.
    pub revised: usize,
    /// Cells that are stored as they stand in the file.
    pub unchanged: usize,
    /// Figures with a fault.
    pub rejected: usize,
    /// Blank cells, which leave what is stored alone.
    pub blank: usize,
    /// Rows of totals, which are not imported.
    pub left_out: usize,
    /// One a figure, in the order of the file.
    pub outcomes: Vec<(Place, Outcome)>,
    /// The first revisions.
    pub revisions: Vec<Revision>,
    /// Totals and ranks that move, in a dry run.
    pub effects: Vec<Effect>,
    /// Groups of peers whose totals and ranks were not looked at, because there are too many.
    pub effects_unseen: usize,
    /// The version of everything that the effects are told of.
    pub snapshot: Option<Arc<Snapshot>>,
    /// The faults.
    pub problems: Vec<Problem>,
    /// To be given with the commit, so that it is refused when a figure of the file has changed since.
    pub token: Option<String>,
    /// The batch that was written.
    pub batch: Option<i64>,
    /// The batch that brought this very file before.
    pub known: Option<import_batch::Model>,
}
