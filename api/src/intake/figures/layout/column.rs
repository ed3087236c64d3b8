//! One column: what the labels above it say together.

use super::super::field::Field;
use super::super::mapping::{Dims, Role};
use super::label::{Labels, Piece};

/// What a column is, or why that cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// It is told.
    Told(Role),
    /// `单位`: by what stands below.
    UnitOrOrg,
    /// The sum of the columns beside it, with what else its labels say.
    Total(Dims),
    /// There is no label.
    Blank,
    /// The label means one of several.
    Several(Vec<String>),
    /// The label is not known.
    Unknown,
}

/// Reads the labels of a column, from top to bottom; each is compact.
pub(super) fn read(labels: &[String], known: &Labels<'_>) -> Reading {
    let mut path: Vec<&str> = Vec::new();
    for label in labels.iter().map(String::as_str).filter(|label| !label.is_empty()) {
        if path.last() != Some(&label) {
            path.push(label);
        }
    }
    let pieces: Vec<Piece> = path.iter().map(|label| known.piece(label)).collect();
    match pieces.as_slice() {
        [] => Reading::Blank,
        [only] => one(only),
        several => {
            let together = combine(several);
            if matches!(together, Reading::Told(_) | Reading::Total(_)) {
                return together;
            }
            // 信访 above 受理 may be the name of an indicator in two rows.
            match known.piece(&path.concat()) {
                Piece::Dims(dims) if dims.indicator.is_some() => Reading::Told(Role::Value(dims)),
                _ => together,
            }
        }
    }
}

fn one(piece: &Piece) -> Reading {
    match piece {
        Piece::Role(role) => Reading::Told(role.clone()),
        Piece::Dims(dims) => Reading::Told(Role::Value(dims.clone())),
        Piece::Total => Reading::Total(Dims::default()),
        Piece::UnitOrOrg => Reading::UnitOrOrg,
        Piece::Several(codes) => Reading::Several(codes.clone()),
        Piece::Unknown => Reading::Unknown,
    }
}

/// Titles above a known label may say nothing; what is known must not contradict itself.
fn combine(pieces: &[Piece]) -> Reading {
    let mut all = Dims::default();
    let mut role = None;
    for piece in pieces {
        match piece {
            Piece::Dims(dims) => {
                if !merge(&mut all, dims) {
                    return Reading::Unknown;
                }
            }
            Piece::Role(found) if role.is_none() => role = Some(found.clone()),
            Piece::UnitOrOrg => return Reading::UnitOrOrg,
            Piece::Several(codes) => return Reading::Several(codes.clone()),
            Piece::Role(_) | Piece::Total | Piece::Unknown => {}
        }
    }
    let has_dims = all != Dims::default();
    match (role, pieces.last()) {
        // A label of the data, such as a name under 街道, is no header.
        (Some(Role::Field(Field::Value)), _) => Reading::Told(Role::Value(all)),
        (Some(Role::Field(_)), _) if has_dims => Reading::Unknown,
        (Some(found), Some(Piece::Role(_))) => Reading::Told(found),
        (None, Some(Piece::Total)) => Reading::Total(all),
        (None, Some(Piece::Dims(_))) if has_dims => Reading::Told(Role::Value(all)),
        _ => Reading::Unknown,
    }
}

/// What columns of sums are: under one indicator with the items of a breakdown they are the indicator itself; of organisations, periods and indicators
/// they are left out, as rows of sums are.
pub(super) fn settle_totals(columns: &mut [(String, Reading)]) {
    let is_told = |get: fn(&Dims) -> bool| {
        let mut readings = columns.iter().map(|(_, reading)| reading);
        readings.any(|reading| matches!(reading, Reading::Told(Role::Value(dims)) if get(dims)))
    };
    let (has_items, has_orgs) = (
        is_told(|dims| dims.breakdown.is_some()),
        is_told(|dims| dims.org.is_some()),
    );
    for (_, reading) in columns {
        if let Reading::Total(dims) = reading {
            *reading = match (has_items, has_orgs) {
                (true, true) => Reading::Unknown,
                (true, false) => Reading::Told(Role::Value(std::mem::take(dims))),
                (false, _) => Reading::Told(Role::Ignored),
            };
        }
    }
}

/// Whether nothing is told twice.
fn merge(all: &mut Dims, more: &Dims) -> bool {
    let mut fits = true;
    for (place, told) in [
        (&mut all.indicator, &more.indicator),
        (&mut all.org, &more.org),
        (&mut all.period, &more.period),
        (&mut all.breakdown, &more.breakdown),
        (&mut all.unit, &more.unit),
    ] {
        if told.is_some() {
            fits &= place.is_none() || place == told;
            place.clone_from(told);
        }
    }
    fits
}
