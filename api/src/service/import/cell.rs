//! A row that was checked: what becomes a revision of an observation.

use entity::observation::New;

/// The document a figure was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Document {
    pub(super) title: String,
    pub(super) address: String,
    pub(super) published_on: Option<String>,
}

/// A row, ready to be written but for its source, batch and time.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) line: u64,
    pub(super) row: New,
    pub(super) document: Option<Document>,
}
