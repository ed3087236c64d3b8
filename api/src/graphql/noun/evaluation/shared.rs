//! What all parts of an evaluation share.

use std::sync::Arc;

use crate::error::Error;
use crate::export::evaluation::dossier::Dossier;
use crate::graphql::noun::framework_node::FrameworkNode;
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::time::DateTime;
use crate::service::framework::Scheme;
use crate::service::snapshot::Snapshot;

/// A result with what is read from it, shared by all its parts.
pub(crate) struct Shared {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) scheme: Arc<Scheme>,
    pub(crate) dossier: Dossier,
    /// Whether nobody was left out.
    pub(crate) is_whole: bool,
}

impl Shared {
    /// The node at a place.
    pub(crate) fn node(&self, place: usize) -> Option<FrameworkNode> {
        Some(FrameworkNode {
            snapshot: Arc::clone(&self.snapshot),
            label: self.dossier.evaluation.nodes.get(place)?.clone(),
            tracks: self.scheme.core.tracks.clone(),
        })
    }
}

/// A period of a result.
pub(crate) fn period(code: &str) -> Result<Period, Error> {
    code.parse().map(Period).map_err(Error::internal)
}

/// A time of a result.
pub(crate) fn moment(text: &str) -> Option<DateTime> {
    let time = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    DateTime::from_micros(time.timestamp_micros())
}
