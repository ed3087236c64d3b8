//! From values to points, level by level, to a total and a grade; with what was missing and what that did.

use rust_decimal::{Decimal, RoundingStrategy};

use super::framework::{Framework, Missing, Rule};
use super::relative::Field;
use super::rule::{Case, points};
use super::sheet::{Cell, NodeScore, Outcome, Unit, UnitScore, settled};
use super::spread::Shape;

/// Digits after the point that hold in a sum of divided points, and more than any score is published with.
const CLEAN: u32 = 12;

/// Scores every organisation. Relative rules look at all `units` of a track, so give the whole track.
#[must_use]
pub fn evaluate(framework: &Framework, units: &[Unit]) -> Vec<UnitScore> {
    let tracks: Vec<Track> = (0..framework.tracks.len())
        .map(|track| Track::of(framework, track, units))
        .collect();
    units
        .iter()
        .filter_map(|unit| Some(tracks.get(unit.track)?.score(framework, unit)))
        .collect()
}

/// Rounds a total as it is published. What thirds of a point lose in their last digits is given back first: three of them are one.
#[must_use]
pub fn published(framework: &Framework, total: Decimal) -> Decimal {
    let strategy = RoundingStrategy::MidpointAwayFromZero;
    total
        .round_dp_with_strategy(CLEAN, strategy)
        .round_dp_with_strategy(framework.decimals, strategy)
}

/// What all organisations of a track share.
struct Track {
    shape: Shape,
    /// One a node; empty for all but relative rules.
    fields: Vec<Field>,
}

impl Track {
    fn of(framework: &Framework, track: usize, units: &[Unit]) -> Self {
        let shape = Shape::of(framework, track);
        let field = |(place, node): (usize, &super::framework::Node)| match &node.criterion {
            Some(criterion) if criterion.rule.is_relative() && shape.weight(place).is_some() => {
                let inside = units.iter().filter(|unit| unit.track == track);
                Field::of(inside.filter_map(|unit| value(criterion.missing, unit.cells.get(place)?)))
            }
            _ => Field::default(),
        };
        Self {
            fields: framework.nodes.iter().enumerate().map(field).collect(),
            shape,
        }
    }

    fn score(&self, framework: &Framework, unit: &Unit) -> UnitScore {
        let empty = Cell::default();
        let mut nodes: Vec<NodeScore> = (0..framework.nodes.len())
            .map(|place| self.leaf(framework, place, unit.cells.get(place).unwrap_or(&empty)))
            .collect();
        let possible = |also_missing: bool| -> Vec<bool> {
            let counts = |node: &NodeScore| match node.outcome {
                Some(Outcome::Scored | Outcome::PriorYear | Outcome::Awarded | Outcome::MissingZero) => true,
                Some(Outcome::MissingReweighted | Outcome::MissingBlocked) => also_missing,
                _ => false,
            };
            nodes.iter().map(counts).collect()
        };
        let (counted, all) = (possible(false), possible(true));
        let owed = self.shape.spread(&all);
        let lowest = self.sum(&nodes, &owed, Some(false));
        let highest = self.sum(&nodes, &owed, Some(true));
        let coverage = self.coverage(&nodes);
        let spread = self.shape.spread(&counted);
        let base = self.sum(&nodes, &spread, None);
        self.place(framework, &mut nodes, &spread);
        let points = |wanted: fn(&Rule) -> bool| -> Decimal {
            let rules = framework.nodes.iter().zip(&nodes);
            rules
                .filter(|(node, _)| node.criterion.as_ref().is_some_and(|criterion| wanted(&criterion.rule)))
                .filter_map(|(_, score)| score.points)
                .sum()
        };
        let bonus = points(|rule| matches!(rule, Rule::Bonus { .. }));
        let penalty = -points(|rule| matches!(rule, Rule::Penalty { .. }));
        let vetoes = self.vetoes(framework, &nodes);
        let cap = vetoes
            .iter()
            .filter_map(|place| match &framework.nodes[*place].criterion.as_ref()?.rule {
                Rule::Veto { cap, .. } => Some(*cap),
                _ => None,
            })
            .min();
        let total = |base: Decimal| {
            let total = (base + bonus - penalty).max(Decimal::ZERO);
            cap.map_or(total, |cap| total.min(cap))
        };
        let is_blocked = nodes.iter().any(|node| node.outcome == Some(Outcome::MissingBlocked));
        let whole = base.filter(|_| !is_blocked).map(total);
        let rounded = whole.map(|total| published(framework, total));
        UnitScore {
            key: unit.key,
            track: unit.track,
            grade: rounded.and_then(|score| framework.grades.iter().position(|grade| score >= grade.least)),
            nodes,
            base,
            bonus,
            penalty,
            vetoes,
            total: whole,
            published: rounded,
            coverage,
            lowest: lowest.map(total),
            highest: highest.map(total),
        }
    }

    /// One leaf before its weight is known: points of its full marks.
    fn leaf(&self, framework: &Framework, place: usize, cell: &Cell) -> NodeScore {
        let mut score = NodeScore {
            outcome: None,
            full: self.shape.weight(place),
            weight: None,
            points: None,
            used: None,
        };
        let Some(criterion) = &framework.nodes[place].criterion else {
            return score;
        };
        let cap = match &criterion.rule {
            Rule::Bonus { cap, .. } | Rule::Penalty { cap, .. } => Some(*cap),
            Rule::Veto { .. } => Some(Decimal::ZERO),
            _ => None,
        };
        score.full = cap.or(score.full);
        let Some(full) = score.full else {
            score.outcome = Some(Outcome::OutsideTrack);
            return score;
        };
        let by_rule = |value: Decimal| {
            let case = Case {
                full,
                value,
                target: cell.target,
                field: &self.fields[place],
            };
            points(&criterion.rule, &case)
        };
        score.used = cell.value;
        let scored = cell.value.and_then(by_rule).map(|points| (Outcome::Scored, points));
        let decided = cell
            .awarded
            .map(|points| (Outcome::Awarded, settled(points.clamp(Decimal::ZERO, full))));
        let (outcome, points) = match decided.or(scored) {
            Some((outcome, points)) => (outcome, Some(points)),
            None if cap.is_some() => (Outcome::NoEvent, Some(Decimal::ZERO)),
            None if cell.not_applicable => (Outcome::NotApplicable, None),
            None => match criterion.missing {
                Missing::Zero => (Outcome::MissingZero, Some(Decimal::ZERO)),
                Missing::Reweight => (Outcome::MissingReweighted, None),
                Missing::Block => (Outcome::MissingBlocked, None),
                Missing::PriorYear => match cell.prior.and_then(|prior| Some((prior, by_rule(prior)?))) {
                    Some((prior, points)) => {
                        score.used = Some(prior);
                        (Outcome::PriorYear, Some(points))
                    }
                    None => (Outcome::MissingBlocked, None),
                },
            },
        };
        score.outcome = Some(outcome);
        score.points = match criterion.rule {
            Rule::Penalty { .. } => points.map(|points| -points),
            _ => points,
        };
        score
    }

    /// The points of the weighted leaves under `spread`; what has no value of its own with full marks or none, where that is asked for.
    fn sum(&self, nodes: &[NodeScore], spread: &[Option<Decimal>], supposed: Option<bool>) -> Option<Decimal> {
        let mut sum = None;
        for (place, (node, weight)) in nodes.iter().zip(spread).enumerate() {
            let Some(weight) = weight else { continue };
            if !self.shape.children(place).is_empty() {
                continue;
            }
            let is_there = matches!(node.outcome, Some(Outcome::Scored | Outcome::Awarded));
            let points = match supposed {
                Some(true) if !is_there => *weight,
                Some(false) if !is_there => Decimal::ZERO,
                _ => node
                    .points
                    .map_or(Decimal::ZERO, |points| scaled(points, node.full, *weight)),
            };
            *sum.get_or_insert(Decimal::ZERO) += points;
        }
        sum
    }

    /// Puts weights and points of all levels in place.
    fn place(&self, framework: &Framework, nodes: &mut [NodeScore], spread: &[Option<Decimal>]) {
        for place in (0..nodes.len()).rev() {
            if framework.nodes[place].is_adjustment() {
                continue;
            }
            let weight = spread.get(place).copied().flatten();
            nodes[place].weight = weight;
            nodes[place].points = match weight {
                None => None,
                Some(weight) if self.shape.children(place).is_empty() => {
                    let node = &nodes[place];
                    node.points.map(|points| scaled(points, node.full, weight))
                }
                Some(_) => {
                    let below = self.shape.children(place).iter();
                    Some(below.filter_map(|child| nodes[*child].points).sum())
                }
            };
        }
    }

    /// The share of the weights whose own value is there.
    fn coverage(&self, nodes: &[NodeScore]) -> Decimal {
        let (mut there, mut owed) = (Decimal::ZERO, Decimal::ZERO);
        for (place, node) in nodes.iter().enumerate() {
            let Some(weight) = self.shape.weight(place) else {
                continue;
            };
            match node.outcome {
                Some(Outcome::Scored | Outcome::Awarded) => {
                    there += weight;
                    owed += weight;
                }
                Some(
                    Outcome::PriorYear | Outcome::MissingZero | Outcome::MissingReweighted | Outcome::MissingBlocked,
                ) => {
                    owed += weight;
                }
                Some(Outcome::NotApplicable | Outcome::NoEvent | Outcome::OutsideTrack) | None => {}
            }
        }
        there.checked_div(owed).unwrap_or(Decimal::ZERO)
    }

    fn vetoes(&self, framework: &Framework, nodes: &[NodeScore]) -> Vec<usize> {
        let rules = framework.nodes.iter().zip(nodes).enumerate();
        rules
            .filter(
                |(_, (node, score))| match (node.criterion.as_ref().map(|criterion| &criterion.rule), score.used) {
                    (Some(Rule::Veto { when, .. }), Some(value)) => when.is_met(value),
                    _ => false,
                },
            )
            .map(|(place, _)| place)
            .collect()
    }
}

/// Points of the full marks as points of another weight.
fn scaled(points: Decimal, full: Option<Decimal>, weight: Decimal) -> Decimal {
    match full {
        Some(full) if full != weight => {
            settled(points.saturating_mul(weight).checked_div(full).unwrap_or(Decimal::ZERO))
        }
        _ => points,
    }
}

/// The value that a peer group takes in.
fn value(missing: Missing, cell: &Cell) -> Option<Decimal> {
    match missing {
        Missing::PriorYear if !cell.not_applicable => cell.value.or(cell.prior),
        _ => cell.value,
    }
}
