//! How firm a rank is: the places an organisation takes when every weight may be ten per cent off, in so many seeded draws.

use rust_decimal::Decimal;

use super::framework::{Framework, Rule};
use super::sheet::{NodeScore, UnitScore};
use crate::decimal;

/// How far a weight may be off, to either side, as a share of it.
const SPREAD: f64 = 0.1;
/// Of a hundred draws, so many lie below the interval and as many above.
const TAIL: usize = 5;

/// The places that an organisation takes in nine draws of ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankInterval {
    /// The better end.
    pub best: u32,
    /// The worse end.
    pub worst: u32,
}

/// Chance that is the same everywhere and for ever (splitmix64, Steele et al. 2014).
struct Chance(u64);

impl Chance {
    /// A number from 0 to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        // 53 bits, as many as a double holds.
        (mixed >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// The interval of each organisation with a total, in the order given.
#[must_use]
pub fn intervals(framework: &Framework, scores: &[UnitScore], draws: usize, seed: u64) -> Vec<Option<RankInterval>> {
    let mut found = vec![None; scores.len()];
    for track in 0..framework.tracks.len() {
        let ranked: Vec<usize> = (0..scores.len())
            .filter(|place| scores[*place].track == track && scores[*place].total.is_some())
            .collect();
        let rows: Vec<Row> = ranked.iter().map(|place| Row::of(framework, &scores[*place])).collect();
        let weights: Vec<f64> = framework
            .nodes
            .iter()
            .map(|node| {
                node.criterion
                    .as_ref()
                    .and(number(node.weights.get(track).copied().flatten()))
            })
            .map(Option::unwrap_or_default)
            .collect();
        for (place, interval) in ranked.iter().zip(drawn(&rows, &weights, framework, draws, seed)) {
            found[*place] = interval;
        }
    }
    found
}

/// One organisation as numbers.
struct Row {
    /// Points as a share of the weight, by node; none where the leaf is left out.
    shares: Vec<Option<f64>>,
    /// Whether every weighted leaf counts.
    is_whole: bool,
    beside: f64,
    cap: f64,
}

impl Row {
    fn of(framework: &Framework, score: &UnitScore) -> Self {
        let weighted =
            |place: usize| framework.nodes[place].criterion.is_some() && !framework.nodes[place].is_adjustment();
        let share = |(place, node): (usize, &NodeScore)| {
            let share = node.points?.checked_div(node.weight?)?;
            weighted(place).then(|| decimal::to_f64(share))
        };
        let shares: Vec<Option<f64>> = score.nodes.iter().enumerate().map(share).collect();
        let applies = |place: usize| weighted(place) && score.nodes[place].full.is_some();
        let cap = score
            .vetoes
            .iter()
            .filter_map(|place| match &framework.nodes[*place].criterion.as_ref()?.rule {
                Rule::Veto { cap, .. } => number(Some(*cap)),
                _ => None,
            });
        Self {
            is_whole: (0..shares.len()).all(|place| !applies(place) || shares[place].is_some()),
            shares,
            beside: decimal::to_f64(score.bonus - score.penalty),
            cap: cap.fold(f64::INFINITY, f64::min),
        }
    }

    /// The total under other weights; what is left out gives its weight to its neighbours.
    fn total(&self, framework: &Framework, weights: &[f64], full: f64) -> f64 {
        let base = if self.is_whole {
            let products = self
                .shares
                .iter()
                .zip(weights)
                .map(|(share, weight)| share.unwrap_or(0.0) * weight);
            full * products.sum::<f64>() / weights.iter().sum::<f64>()
        } else {
            self.spread(framework, weights, full)
        };
        (base + self.beside).max(0.0).min(self.cap)
    }

    /// Level by level from the leaves: a node's share is the weighted mean of what counts below it.
    fn spread(&self, framework: &Framework, weights: &[f64], full: f64) -> f64 {
        let count = framework.nodes.len();
        let (mut nominal, mut counted, mut points) = (weights.to_vec(), vec![0.0; count], vec![0.0; count]);
        let (mut all, mut sum) = (0.0, 0.0);
        for place in (0..count).rev() {
            let node = &framework.nodes[place];
            let share = if node.criterion.is_some() {
                self.shares[place]
            } else if counted[place] > 0.0 {
                Some(points[place] / counted[place])
            } else {
                None
            };
            match node.parent {
                Some(parent) => nominal[parent] += nominal[place],
                None if share.is_some() => {
                    all += nominal[place];
                    sum += nominal[place] * share.unwrap_or(0.0);
                }
                None => {}
            }
            if let (Some(parent), Some(share)) = (node.parent, share) {
                counted[parent] += nominal[place];
                points[parent] += nominal[place] * share;
            }
        }
        if all > 0.0 { full * sum / all } else { 0.0 }
    }
}

fn drawn(rows: &[Row], weights: &[f64], framework: &Framework, draws: usize, seed: u64) -> Vec<Option<RankInterval>> {
    if draws == 0 {
        return vec![None; rows.len()];
    }
    let (mut chance, full) = (Chance(seed), decimal::to_f64(framework.total));
    let digits = i32::try_from(framework.decimals).unwrap_or(0);
    let step = 10f64.powi(digits);
    let mut ranks: Vec<Vec<u32>> = vec![Vec::with_capacity(draws); rows.len()];
    let (mut moved, mut order) = (weights.to_vec(), Vec::with_capacity(rows.len()));
    for _ in 0..draws {
        for (moved, weight) in moved.iter_mut().zip(weights) {
            *moved = weight * (1.0 - SPREAD + 2.0 * SPREAD * chance.next());
        }
        order.clear();
        // Ranked as published: what reads the same ranks the same.
        order.extend(
            rows.iter()
                .map(|row| (row.total(framework, &moved, full) * step).round())
                .zip(0usize..),
        );
        order.sort_by(|one, other| other.0.total_cmp(&one.0));
        let mut rank = 1u32;
        for tied in order.chunk_by(|one, other| one.0 == other.0) {
            tied.iter().for_each(|(_, row)| ranks[*row].push(rank));
            rank += u32::try_from(tied.len()).unwrap_or(0);
        }
    }
    let tail = draws * TAIL / 100;
    ranks
        .into_iter()
        .map(|mut ranks| {
            ranks.sort_unstable();
            Some(RankInterval {
                best: *ranks.get(tail)?,
                worst: *ranks.get(draws - 1 - tail)?,
            })
        })
        .collect()
}

fn number(value: Option<Decimal>) -> Option<f64> {
    value.map(decimal::to_f64)
}
