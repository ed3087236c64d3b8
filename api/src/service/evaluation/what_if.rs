//! What if: the sealed inputs of a run scored by other weights. Nothing is read but the run, and nothing is written.

use std::collections::HashMap;

use analytics::score::check::check;
use analytics::score::evaluate::evaluate;
use analytics::score::framework::Framework;
use analytics::score::interval::{RankInterval, intervals};
use analytics::score::rank::places;
use rust_decimal::Decimal;

use super::form;
use super::moved::{Moved, moved, seen};
use super::query::SEED;
use super::seal::Sealed;
use crate::error::Error;
use crate::export::evaluation::report::{Evaluation, Interval};
use crate::intake::problem::suggest;
use crate::service::Service;
use crate::service::access::Sight;

/// A criterion's other weight.
#[derive(Clone, Debug)]
pub struct OtherWeight {
    /// Code of the criterion.
    pub node: String,
    /// Code of the track; every track where it counts when left out.
    pub track: Option<String>,
    /// Its full marks.
    pub weight: Decimal,
}

/// What would have been.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// The result by the other weights.
    pub evaluation: Evaluation,
    /// Who would have stood elsewhere.
    pub moved: Vec<Moved>,
}

impl Service {
    /// Scores a run by other weights. Dimensions weigh what their criteria weigh together.
    ///
    /// # Errors
    /// [`Error::NotFound`] for codes that do not exist, [`Error::Input`] for weights that do not total.
    pub async fn what_if(&self, sight: &Sight, sealed: &Sealed, weights: &[OtherWeight]) -> Result<WhatIf, Error> {
        let core = reweighed(&sealed.scheme.core, weights)?;
        let (sealed, sight) = (sealed.clone(), sight.clone());
        self.compute
            .run(move || {
                let evaluation = scored(&core, &sealed)?;
                let moved = seen(&sight, moved(&sealed.evaluation, &evaluation));
                Ok(WhatIf { evaluation, moved })
            })
            .await?
    }
}

fn reweighed(core: &Framework, weights: &[OtherWeight]) -> Result<Framework, Error> {
    let mut core = core.clone();
    for other in weights {
        let node = core.nodes.iter().position(|node| node.code == other.node);
        let place = node.ok_or_else(|| {
            let known = core.nodes.iter().map(|node| node.code.as_str());
            Error::NotFound {
                what: "node",
                name: other.node.clone(),
                hint: Some(suggest(&other.node, known, "framework { nodes } lists the codes")),
            }
        })?;
        if core.nodes[place].criterion.is_none() || core.nodes[place].is_adjustment() {
            let message = format!("`{}` has no weight of its own", other.node);
            return Err(Error::input(
                message,
                "name criteria: a dimension weighs what they weigh together",
            ));
        }
        let track = match &other.track {
            None => None,
            Some(code) => Some(
                core.tracks
                    .iter()
                    .position(|track| track == code)
                    .ok_or_else(|| Error::NotFound {
                        what: "track",
                        name: code.clone(),
                        hint: Some(format!("the tracks are {}", core.tracks.join(", "))),
                    })?,
            ),
        };
        for (at, weight) in core.nodes[place].weights.iter_mut().enumerate() {
            if weight.is_some() && track.is_none_or(|track| track == at) {
                *weight = Some(other.weight);
            }
        }
    }
    // Dimensions from their leaves, the deepest first.
    for track in 0..core.tracks.len() {
        let mut sums: HashMap<usize, Decimal> = HashMap::new();
        for place in (0..core.nodes.len()).rev() {
            let node = &core.nodes[place];
            let own = match (&node.criterion, node.weights[track]) {
                (None, Some(_)) => sums.get(&place).copied(),
                (_, weight) => weight,
            };
            if let (Some(parent), Some(own)) = (node.parent, own) {
                let sum = sums.entry(parent).or_default();
                *sum = sum.saturating_add(own);
            }
            core.nodes[place].weights[track] = own;
        }
    }
    match check(&core, |_| None).first() {
        None => Ok(core),
        Some(fault) => {
            let node = fault
                .node
                .map_or_else(String::new, |node| format!("`{}`: ", core.nodes[node].code));
            Err(Error::input(
                format!("{node}{}", fault.problem),
                "give more criteria another weight, so that they total what the framework says",
            ))
        }
    }
}

fn scored(core: &Framework, sealed: &Sealed) -> Result<Evaluation, Error> {
    let mut result = sealed.evaluation.clone();
    let mut units = form::units(core, &result)?;
    // A relative rule looks at peers that are not in the run: its share of the full marks stays.
    for (unit, of) in units.iter_mut().zip(&result.units) {
        for ((node, cell), found) in core.nodes.iter().zip(&mut unit.cells).zip(&of.nodes) {
            let is_relative = node
                .criterion
                .as_ref()
                .is_some_and(|criterion| criterion.rule.is_relative());
            let full = node.weights.get(unit.track).copied().flatten();
            if let (true, Some(points), Some(weight), Some(full)) = (is_relative, found.points, found.weight, full) {
                cell.awarded = cell.awarded.or_else(|| points.saturating_mul(full).checked_div(weight));
            }
        }
    }
    let scores = evaluate(core, &units);
    let (ranks, drawn) = (places(&scores), intervals(core, &scores, result.draws as usize, SEED));
    for (at, (unit, score)) in result.units.iter_mut().zip(&scores).enumerate() {
        unit.now = form::standing(core, score, ranks.get(at).copied().flatten());
        unit.previous = None;
        unit.interval = drawn
            .get(at)
            .copied()
            .flatten()
            .map(|RankInterval { best, worst }| Interval { best, worst });
        for (node, score) in unit.nodes.iter_mut().zip(&score.nodes) {
            (node.full, node.weight, node.points) = (score.full, score.weight, score.points);
            node.previous = None;
        }
    }
    for (label, node) in result.nodes.iter_mut().zip(&core.nodes) {
        label.weights.clone_from(&node.weights);
    }
    Ok(result)
}
