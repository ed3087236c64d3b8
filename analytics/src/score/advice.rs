//! The cheapest next point: for each criterion below its full marks, the smallest step of the value that gains a point, and how far that is.

use rust_decimal::{Decimal, RoundingStrategy};

use super::framework::{Band, Framework, Goal, Rule};
use super::sheet::{Cell, NodeScore, Outcome, UnitScore};

/// A step that gains points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The criterion.
    pub node: usize,
    /// Points gained; one, or as many as the rule gives at once, or what is left.
    pub gain: Decimal,
    /// The value now; none where it is missing.
    pub from: Option<Decimal>,
    /// The value to reach; none where any value gains.
    pub to: Option<Decimal>,
    /// How far that is for each point, as a share of the way from no points to full marks; 0 where it is only to be reported.
    pub effort: Decimal,
}

/// The steps of an organisation, the cheapest first; at most `most`. Relative rules are left out, since what the others will do is not known.
#[must_use]
pub fn advice(framework: &Framework, cells: &[Cell], score: &UnitScore, most: usize) -> Vec<Advice> {
    let mut found: Vec<Advice> = framework
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(place, node)| {
            let rule = &node.criterion.as_ref()?.rule;
            step(rule, place, cells.get(place)?, score.nodes.get(place)?)
        })
        .collect();
    found.sort_by(|one, other| (one.effort, other.gain, one.node).cmp(&(other.effort, one.gain, other.node)));
    found.truncate(most);
    found
}

fn step(rule: &Rule, node: usize, cell: &Cell, score: &NodeScore) -> Option<Advice> {
    let full = score.weight?;
    let here = score.points?;
    let left = full - here;
    if left <= Decimal::ZERO || rule.is_adjustment() || rule.is_relative() {
        return None;
    }
    match score.outcome? {
        Outcome::MissingZero => {
            return Some(Advice {
                node,
                gain: left,
                from: None,
                to: None,
                effort: Decimal::ZERO,
            });
        }
        Outcome::Scored => {}
        _ => return None,
    }
    let value = cell.value?;
    // Points of the rule are points of the full marks before weights were spread.
    let scale = full.checked_div(score.full?)?;
    let (to, gain, way) = match rule {
        Rule::Target { goal, zero } => {
            let goal = match goal {
                Goal::Fixed(goal) => *goal,
                Goal::Stored => cell.target?,
            };
            along(full, here, *zero, goal)?
        }
        Rule::Linear { from, to } => along(full, here, *from, *to)?,
        Rule::Bands(bands) => next_band(bands, value, scale)?,
        Rule::Threshold(bound) => (bound.number(), left, bound.number().abs().max(Decimal::ONE)),
        Rule::YesNo { wanted } => (Decimal::from(u8::from(*wanted)), left, Decimal::ONE),
        Rule::Deduct { each, free } => {
            let count = score.full?.checked_div(*each)?;
            // Below the floor the first occurrences less gain nothing.
            let to = (free + count.round_dp_with_strategy(0, RoundingStrategy::AwayFromZero) - Decimal::ONE)
                .min(value.checked_sub(Decimal::ONE)?)
                .max(*free);
            let points = (score.full? - each * (to - free)).max(Decimal::ZERO) * scale;
            (to, points - here, count.max(Decimal::ONE))
        }
        _ => return None,
    };
    let effort = to.checked_sub(value)?.abs().checked_div(way.abs())?.checked_div(gain)?;
    (gain > Decimal::ZERO).then_some(Advice {
        node,
        gain,
        from: Some(value),
        to: Some(to),
        effort,
    })
}

/// One point further on the way from `zero` to `goal`.
fn along(full: Decimal, here: Decimal, zero: Decimal, goal: Decimal) -> Option<(Decimal, Decimal, Decimal)> {
    let gain = (full - here).min(Decimal::ONE);
    let way = goal.checked_sub(zero)?;
    let share = (here + gain).checked_div(full)?;
    Some((zero.checked_add(way.checked_mul(share)?)?, gain, way))
}

/// The bound of the next better band.
fn next_band(bands: &[Band], value: Decimal, scale: Decimal) -> Option<(Decimal, Decimal, Decimal)> {
    let at = bands
        .iter()
        .position(|band| band.bound.is_none_or(|bound| bound.is_met(value)))?;
    let (here, better) = (bands.get(at)?, bands.get(at.checked_sub(1)?)?);
    let to = better.bound?.number();
    Some((to, (here.lost - better.lost) * scale, to.abs().max(Decimal::ONE)))
}

/// How many more cases of a ratio's numerator reach `to`, at the same denominator; negative when there must be fewer.
#[must_use]
pub fn cases(numerator: Decimal, denominator: Decimal, share: Decimal) -> Option<Decimal> {
    let wanted = denominator.checked_mul(share)?;
    let strategy = if wanted >= numerator {
        RoundingStrategy::ToPositiveInfinity
    } else {
        RoundingStrategy::ToNegativeInfinity
    };
    wanted.round_dp_with_strategy(0, strategy).checked_sub(numerator)
}
