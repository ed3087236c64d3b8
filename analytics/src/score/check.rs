//! What a framework may not be: weights that do not total, rules that do not fit their indicators, ranges without sense.

use rust_decimal::Decimal;
use thiserror::Error;

use super::framework::{Band, Bound, Criterion, Framework, Goal, Node, Rule};
use crate::indicator::{IndicatorKind, Polarity};

/// The largest weight, cap or total: far beyond any scheme, and far below the end of decimals.
const LARGEST: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

/// What a rule must know of its indicator. Bounds stand in its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its kind.
    pub kind: IndicatorKind,
    /// Which way is good.
    pub polarity: Polarity,
    /// The least valid value.
    pub min: Option<Decimal>,
    /// The greatest valid value.
    pub max: Option<Decimal>,
}

/// A fault and the node it is at; none for the framework as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Place of the node.
    pub node: Option<usize>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// Out of bounds.
    #[error("{what} {number} is not above 0 and at most {LARGEST}")]
    Size {
        /// What.
        what: &'static str,
        /// Which.
        number: Decimal,
    },
    /// No track.
    #[error("there is no track")]
    NoTrack,
    /// Weights that are not their parent's.
    #[error("in track `{track}` the weights below add up to {found}, not to {wanted}")]
    Sum {
        /// The track.
        track: String,
        /// The parent's weight, or the total.
        wanted: Decimal,
        /// What they add up to.
        found: Decimal,
    },
    /// A weight where the parent has none.
    #[error("it has a weight in track `{0}`, and its dimension has none there")]
    Orphan(String),
    /// A dimension or criterion without weight.
    #[error("it has no weight in any track")]
    Weightless,
    /// An adjustment with a weight or a parent.
    #[error("a bonus, penalty or veto stands beside the weights: it has neither weight nor parent")]
    Adjustment,
    /// A criterion with something below it.
    #[error("a criterion has nothing below it")]
    NotALeaf,
    /// A rule that wants another kind of indicator.
    #[error("rule {rule} does not fit an indicator of kind {kind}")]
    Kind {
        /// The rule.
        rule: super::framework::RuleKind,
        /// The kind.
        kind: IndicatorKind,
    },
    /// A rule without the indicator it needs, or with one it cannot use.
    #[error("rule {rule} {}", if *.wanted { "needs an indicator" } else { "takes no indicator" })]
    Indicator {
        /// The rule.
        rule: super::framework::RuleKind,
        /// Whether one is needed.
        wanted: bool,
    },
    /// A rule that rewards what the catalogue calls worse.
    #[error("it gives more points for {given} values, and the indicator says {polarity}")]
    Direction {
        /// What the rule rewards.
        given: &'static str,
        /// What the indicator says.
        polarity: Polarity,
    },
    /// A number that no value can be.
    #[error("{number} is outside the indicator's valid range")]
    Range {
        /// The number.
        number: Decimal,
    },
    /// Two goalposts in one place.
    #[error("both ends are {0}: there is no way between them")]
    SamePosts(Decimal),
    /// Steps out of order.
    #[error("the bands are not in order: {0}")]
    Bands(&'static str),
    /// Steps that take more than there is.
    #[error("a band takes {lost} points of {full}")]
    Lost {
        /// What it takes.
        lost: Decimal,
        /// What there is.
        full: Decimal,
    },
    /// A veto that leaves everything.
    #[error("a veto leaves {0}, which is not below the total")]
    VetoCap(Decimal),
    /// Grades out of order.
    #[error("the grades are not in falling order without repetition")]
    Grades,
    /// Too many digits.
    #[error("scores are published with at most 6 digits after the point")]
    Decimals,
}

/// Every fault of a framework; none when it can be published.
#[must_use]
pub fn check(framework: &Framework, facts: impl Fn(i64) -> Option<Facts>) -> Vec<Fault> {
    let mut faults = Vec::new();
    whole(framework, &mut faults);
    for (place, node) in framework.nodes.iter().enumerate() {
        let mut fault = |problem| {
            faults.push(Fault {
                node: Some(place),
                problem,
            });
        };
        position(framework, place, node, &mut fault);
        if let Some(criterion) = &node.criterion {
            let full = node.weights.iter().flatten().min().copied();
            rule(criterion, full, framework.total, &mut fault);
            indicator(criterion, criterion.indicator.and_then(&facts), &mut fault);
        }
    }
    for track in 0..framework.tracks.len() {
        sums(framework, track, &mut faults);
    }
    faults
}

fn sized(what: &'static str, number: Decimal) -> Option<Problem> {
    let fits = number > Decimal::ZERO && number <= LARGEST;
    (!fits).then_some(Problem::Size { what, number })
}

fn whole(framework: &Framework, faults: &mut Vec<Fault>) {
    let mut fault = |problem| faults.push(Fault { node: None, problem });
    if let Some(problem) = sized("the total", framework.total) {
        fault(problem);
    }
    if framework.tracks.is_empty() {
        fault(Problem::NoTrack);
    }
    if framework.decimals > 6 {
        fault(Problem::Decimals);
    }
    if !framework
        .grades
        .is_sorted_by(|better, worse| better.least > worse.least)
    {
        fault(Problem::Grades);
    }
}

fn position(framework: &Framework, place: usize, node: &Node, fault: &mut impl FnMut(Problem)) {
    let has_children = framework.nodes.iter().any(|other| other.parent == Some(place));
    let weighs = node.weights.iter().any(Option::is_some);
    for weight in node.weights.iter().flatten() {
        if let Some(problem) = sized("the weight", *weight) {
            fault(problem);
        }
    }
    if node.is_adjustment() {
        if weighs || node.parent.is_some() {
            fault(Problem::Adjustment);
        }
    } else if !weighs {
        fault(Problem::Weightless);
    }
    if node.criterion.is_some() && has_children {
        fault(Problem::NotALeaf);
    }
    let Some(parent) = node.parent.and_then(|parent| framework.nodes.get(parent)) else {
        return;
    };
    for ((own, above), track) in node.weights.iter().zip(&parent.weights).zip(&framework.tracks) {
        if own.is_some() && above.is_none() {
            fault(Problem::Orphan(track.clone()));
        }
    }
}

/// Weights total exactly, at every level.
fn sums(framework: &Framework, track: usize, faults: &mut Vec<Fault>) {
    let weight = |node: &Node| node.weights.get(track).copied().flatten();
    let below = |parent: Option<usize>| -> Decimal {
        let nodes = framework.nodes.iter().filter(|node| node.parent == parent);
        nodes.filter_map(weight).fold(Decimal::ZERO, Decimal::saturating_add)
    };
    let mut hold = |node: Option<usize>, wanted: Decimal| {
        let found = below(node);
        if found != wanted {
            let track = framework.tracks[track].clone();
            let problem = Problem::Sum { track, wanted, found };
            faults.push(Fault { node, problem });
        }
    };
    hold(None, framework.total);
    for (place, node) in framework.nodes.iter().enumerate() {
        if let (None, Some(wanted)) = (&node.criterion, weight(node)) {
            hold(Some(place), wanted);
        }
    }
}

fn rule(criterion: &Criterion, full: Option<Decimal>, total: Decimal, fault: &mut impl FnMut(Problem)) {
    let mut size = |what, number| {
        if let Some(problem) = sized(what, number) {
            fault(problem);
        }
    };
    match &criterion.rule {
        Rule::Deduct { each, .. } => size("points for each", *each),
        Rule::Bonus { each, cap } | Rule::Penalty { each, cap } => {
            size("the cap", *cap);
            each.iter().for_each(|each| size("points for each", *each));
        }
        Rule::Veto { cap, .. } if *cap < Decimal::ZERO || *cap >= total => fault(Problem::VetoCap(*cap)),
        Rule::Target {
            goal: Goal::Fixed(goal),
            zero,
        } if goal == zero => fault(Problem::SamePosts(*zero)),
        Rule::Linear { from, to } if from == to => fault(Problem::SamePosts(*from)),
        Rule::Bands(steps) => bands(steps, full, fault),
        _ => {}
    }
}

fn bands(steps: &[Band], full: Option<Decimal>, fault: &mut impl FnMut(Problem)) {
    let Some((last, bounded)) = steps.split_last() else {
        return fault(Problem::Bands("there is none"));
    };
    if last.bound.is_some() || bounded.iter().any(|band| band.bound.is_none()) {
        fault(Problem::Bands("the last one, and it alone, has no bound"));
    }
    let bounds: Vec<Bound> = bounded.iter().filter_map(|band| band.bound).collect();
    let in_order = bounds.is_sorted_by(|one, next| match (one, next) {
        (Bound::AtLeast(one), Bound::AtLeast(next)) => one > next,
        (Bound::AtMost(one), Bound::AtMost(next)) => one < next,
        _ => false,
    });
    if !in_order {
        fault(Problem::Bands("at_least falls from band to band, or at_most rises"));
    }
    if !steps.is_sorted_by(|better, worse| better.lost < worse.lost) {
        fault(Problem::Bands("each band takes more points than the one before"));
    }
    for band in steps {
        if band.lost < Decimal::ZERO || full.is_some_and(|full| band.lost > full) {
            fault(Problem::Lost {
                lost: band.lost,
                full: full.unwrap_or_default(),
            });
        }
    }
}

fn indicator(criterion: &Criterion, facts: Option<Facts>, fault: &mut impl FnMut(Problem)) {
    let rule = &criterion.rule;
    let wanted = !rule.is_given();
    if wanted != criterion.indicator.is_some() {
        let rule = rule.kind();
        return fault(Problem::Indicator { rule, wanted });
    }
    let Some(facts) = facts else { return };
    let fits = match rule {
        Rule::YesNo { .. } => facts.kind == IndicatorKind::YesNo,
        Rule::Deduct { .. } | Rule::Bonus { .. } | Rule::Penalty { .. } => facts.kind == IndicatorKind::Count,
        Rule::Veto { .. } | Rule::Manual => true,
        _ => facts.kind != IndicatorKind::YesNo,
    };
    if !fits {
        fault(Problem::Kind {
            rule: rule.kind(),
            kind: facts.kind,
        });
    }
    let contrary = match (facts.polarity, rewards_more(rule)) {
        (Polarity::HigherBetter, Some(false)) => Some("smaller"),
        (Polarity::LowerBetter, Some(true)) => Some("larger"),
        (Polarity::Neutral, Some(more)) if rule.is_relative() => Some(if more { "larger" } else { "smaller" }),
        _ => None,
    };
    if let Some(given) = contrary {
        fault(Problem::Direction {
            given,
            polarity: facts.polarity,
        });
    }
    for number in numbers(rule) {
        if facts.min.is_some_and(|min| number < min) || facts.max.is_some_and(|max| number > max) {
            fault(Problem::Range { number });
        }
    }
}

/// Whether a larger value gives more points; none where the rule does not say.
fn rewards_more(rule: &Rule) -> Option<bool> {
    match rule {
        Rule::Target {
            goal: Goal::Fixed(goal),
            zero,
        } => Some(goal > zero),
        Rule::Linear { from, to } => Some(to > from),
        Rule::Bands(steps) => match steps.first()?.bound? {
            Bound::AtLeast(_) => Some(true),
            Bound::AtMost(_) => Some(false),
        },
        Rule::Threshold(bound) => Some(matches!(bound, Bound::AtLeast(_))),
        Rule::Deduct { .. } | Rule::Penalty { each: Some(_), .. } => Some(false),
        Rule::Bonus { each: Some(_), .. } => Some(true),
        Rule::YesNo { wanted } => Some(*wanted),
        Rule::MinMax { lower_better } | Rule::Percentile { lower_better } => Some(!lower_better),
        _ => None,
    }
}

/// The values that a rule names.
fn numbers(rule: &Rule) -> Vec<Decimal> {
    match rule {
        Rule::Target {
            goal: Goal::Fixed(goal),
            zero,
        } => vec![*goal, *zero],
        Rule::Target { zero, .. } => vec![*zero],
        Rule::Linear { from, to } => vec![*from, *to],
        Rule::Bands(steps) => steps.iter().filter_map(|band| Some(band.bound?.number())).collect(),
        Rule::Threshold(bound) | Rule::Veto { when: bound, .. } => vec![bound.number()],
        _ => Vec::new(),
    }
}
