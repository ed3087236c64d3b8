//! A figure of a file that was checked: what becomes a revision.

use entity::choice::ObservationStatus;
use entity::observation::Key;

use super::table::Place;
use crate::intake::figures::{Entry, Field};

/// The document a figure was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Document {
    pub(super) title: String,
    pub(super) address: String,
    pub(super) publisher: Option<String>,
    pub(super) published_on: Option<String>,
    /// Only for the file itself.
    pub(super) content_hash: Option<String>,
}

/// Which fields the file tells; what it does not tell stays as it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Told(u32);

impl Told {
    pub(super) fn of(entry: &Entry<'_>) -> Self {
        let fields = [
            Field::Status,
            Field::Printed,
            Field::Flags,
            Field::SourceTitle,
            Field::Publisher,
            Field::PublishedOn,
            Field::Locator,
            Field::Note,
            Field::Unit,
        ];
        fields
            .into_iter()
            .filter(|field| entry.tells(*field))
            .fold(Self(0), Self::with)
    }

    pub(super) fn with(self, field: Field) -> Self {
        Self(self.0 | 1 << field as u32)
    }

    pub(super) fn has(self, field: Field) -> bool {
        self.0 & (1 << field as u32) != 0
    }
}

/// A figure, ready to be written but for its source, batch and time.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) place: Place,
    pub(super) key: Key,
    pub(super) value: Option<f64>,
    pub(super) status: ObservationStatus,
    pub(super) decimals: i32,
    pub(super) unit_id: Option<i64>,
    pub(super) told: Told,
    /// The revision that the file was written from; 0 where there was no figure.
    pub(super) written_from: Option<i32>,
    /// Whether its digits after the point are those that were typed; number cells of workbooks lose zeros at the end.
    pub(super) has_typed_digits: bool,
    pub(super) flags: Box<str>,
    pub(super) printed: Option<Box<str>>,
    /// The text of the value, where the file prints it otherwise.
    pub(super) shown: Option<Box<str>>,
    pub(super) note: Option<Box<str>>,
    pub(super) locator: Option<Box<str>>,
    /// Among the documents of the file; none where the row names none.
    pub(super) document: Option<u32>,
}
