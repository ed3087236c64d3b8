//! Every score and rank that differs between two results of the same organisations.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::export::evaluation::report::{Evaluation, Text};
use crate::service::access::Sight;

/// An organisation whose total or rank moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Code of the organisation.
    pub org: String,
    /// Its name.
    pub name: Text,
    /// The published total before.
    pub before: Option<Decimal>,
    /// The published total after.
    pub after: Option<Decimal>,
    /// The rank before.
    pub rank_before: Option<u32>,
    /// The rank after.
    pub rank_after: Option<u32>,
    /// The grade before.
    pub grade_before: Option<String>,
    /// The grade after.
    pub grade_after: Option<String>,
    /// The criteria and dimensions whose points move: code, before, after.
    pub nodes: Vec<(String, Option<Decimal>, Option<Decimal>)>,
}

/// Those of which anything moves, in the order of `before`.
#[must_use]
pub fn moved(before: &Evaluation, after: &Evaluation) -> Vec<Moved> {
    let places = unit_places(after);
    let found = before.units.iter().filter_map(|one| {
        let other = after.units.get(*places.get(one.org.as_str())?)?;
        let points = before.nodes.iter().zip(one.nodes.iter().zip(&other.nodes));
        let nodes: Vec<_> = points
            .filter(|(_, (one, other))| one.points != other.points)
            .map(|(label, (one, other))| (label.code.clone(), one.points, other.points))
            .collect();
        let moved = Moved {
            org: one.org.clone(),
            name: one.name.clone(),
            before: one.now.published,
            after: other.now.published,
            rank_before: one.now.rank,
            rank_after: other.now.rank,
            grade_before: one.now.grade.clone(),
            grade_after: other.now.grade.clone(),
            nodes,
        };
        let stays = moved.before == moved.after
            && moved.rank_before == moved.rank_after
            && moved.grade_before == moved.grade_after
            && moved.nodes.is_empty();
        (!stays).then_some(moved)
    });
    found.collect()
}

/// Of what moved, what may be read.
#[must_use]
pub(in crate::service) fn seen(sight: &Sight, mut moved: Vec<Moved>) -> Vec<Moved> {
    let catalog = &sight.snapshot.catalog;
    moved.retain(|one| sight.is_all() || catalog.org_by_code(&one.org).is_some_and(|org| sight.sees_whole(org)));
    moved
}

/// Of what would move, what may be read: without the ranks where others are not seen, which whoever tries value after value would learn from them.
#[must_use]
pub(in crate::service) fn seen_before(sight: &Sight, moved: Vec<Moved>) -> Vec<Moved> {
    let mut moved = seen(sight, moved);
    if !sight.is_all() {
        for one in &mut moved {
            (one.rank_before, one.rank_after) = (None, None);
        }
        moved.retain(|one| one.before != one.after || one.grade_before != one.grade_after || !one.nodes.is_empty());
    }
    moved
}

/// By code of an organisation: its place among the units.
fn unit_places(result: &Evaluation) -> HashMap<&str, usize> {
    result
        .units
        .iter()
        .enumerate()
        .map(|(place, unit)| (unit.org.as_str(), place))
        .collect()
}
