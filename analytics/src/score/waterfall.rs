//! Where the difference to another score comes from: one step a criterion, and together exactly the difference.

use rust_decimal::Decimal;

use super::framework::Framework;
use super::rank::middle;
use super::sheet::UnitScore;

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The criterion; none for what bounds and vetoes took off the sum.
    pub node: Option<usize>,
    /// Points there.
    pub from: Decimal,
    /// Points here.
    pub to: Decimal,
}

impl Step {
    /// Points gained, negative when lost.
    #[must_use]
    pub fn difference(&self) -> Decimal {
        self.to - self.from
    }
}

/// The steps from a reference to a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waterfall {
    /// The reference.
    pub from: Decimal,
    /// In the order of the framework; steps of nothing are left out.
    pub steps: Vec<Step>,
    /// The score.
    pub to: Decimal,
}

/// From the score of a year earlier; none where either has no total.
#[must_use]
pub fn since(framework: &Framework, before: &UnitScore, now: &UnitScore) -> Option<Waterfall> {
    let (from, to) = (before.total?, now.total?);
    let points = |score: &UnitScore, place: usize| score.nodes.get(place).and_then(|node| node.points);
    Some(fall(framework, from, to, |place| {
        [before, now].map(|score| points(score, place))
    }))
}

/// By node: the median of the points in a track.
#[must_use]
pub fn medians(framework: &Framework, scores: &[UnitScore], track: usize) -> Vec<Option<Decimal>> {
    let peers: Vec<&UnitScore> = scores.iter().filter(|score| score.track == track).collect();
    (0..framework.nodes.len())
        .map(|place| middle(peers.iter().filter_map(|peer| peer.nodes.get(place)?.points)))
        .collect()
}

/// From an organisation that has the median of its track in every criterion; none where it has no total. The sum of medians is not the median of the sums,
/// and is told as what it is.
#[must_use]
pub fn against_median(framework: &Framework, medians: &[Option<Decimal>], score: &UnitScore) -> Option<Waterfall> {
    let to = score.total?;
    let leaves = framework.nodes.iter().zip(medians);
    let leaves = leaves.filter(|(node, _)| node.criterion.is_some());
    let from = leaves.filter_map(|(_, median)| *median).sum();
    let own = |place: usize| score.nodes.get(place).and_then(|node| node.points);
    Some(fall(framework, from, to, |place| {
        [medians.get(place).copied().flatten(), own(place)]
    }))
}

fn fall(
    framework: &Framework,
    from: Decimal,
    to: Decimal,
    points: impl Fn(usize) -> [Option<Decimal>; 2],
) -> Waterfall {
    let mut steps = Vec::new();
    let mut sums = [Decimal::ZERO; 2];
    for (place, node) in framework.nodes.iter().enumerate() {
        if node.criterion.is_none() {
            continue;
        }
        let [from, to] = points(place).map(Option::unwrap_or_default);
        sums[0] += from;
        sums[1] += to;
        if from != to {
            steps.push(Step {
                node: Some(place),
                from,
                to,
            });
        }
    }
    let bounds = Step {
        node: None,
        from: from - sums[0],
        to: to - sums[1],
    };
    if !bounds.difference().is_zero() {
        steps.push(bounds);
    }
    Waterfall { from, steps, to }
}
