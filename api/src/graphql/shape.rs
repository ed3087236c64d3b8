//! Which parts of a row a selection asks for, worked out once for all rows.

use async_graphql::parser::types::{Selection, SelectionSet};

use super::order::MARK;
use crate::export::json::Shape;

/// A type of rows, as far as it can be written from columns.
pub(super) struct RowType {
    /// Its name.
    pub(super) name: &'static str,
    /// Its fields.
    pub(super) field: fn(&str) -> Option<Part>,
}

/// What a field of a row is.
pub(super) enum Part {
    /// The cell of a column.
    Cell(usize),
    /// A row inside the row.
    Row(&'static RowType),
}

/// What is asked for of each row. The operation is collected: each key stands once.
pub(super) fn shape(set: &SelectionSet, of: &RowType) -> Shape {
    let parts = set.items.iter().filter_map(|selection| {
        let Selection::Field(field) = &selection.node else {
            return None;
        };
        let (key, name) = (field.node.response_key().node.as_str(), field.node.name.node.as_str());
        if key == MARK {
            return None;
        }
        let part = if name == "__typename" {
            Shape::Same(of.name.to_owned())
        } else {
            match (of.field)(name)? {
                Part::Cell(place) => Shape::Cell(place),
                Part::Row(inner) => shape(&field.node.selection_set.node, inner),
            }
        };
        Some((key.to_owned(), part))
    });
    Shape::Object(parts.collect())
}
