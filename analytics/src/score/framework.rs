//! What a framework is to a calculation: a tree of nodes with weights a track, rules at its leaves, adjustments beside it, and grades.

use rust_decimal::Decimal;
use strum::{Display, EnumIter, EnumString};

/// A framework.
#[derive(Clone, Debug, PartialEq)]
pub struct Framework {
    /// Full marks without bonus: what the weights of each track add up to.
    pub total: Decimal,
    /// Digits after the point of a published score; ranks follow the published score.
    pub decimals: u32,
    /// The groups of organisations that are scored and ranked apart.
    pub tracks: Vec<String>,
    /// Parents before children.
    pub nodes: Vec<Node>,
    /// The best first.
    pub grades: Vec<Grade>,
}

/// A dimension, a criterion or an adjustment.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Its code, unique in the framework.
    pub code: String,
    /// Place of its parent; none at the top and for adjustments.
    pub parent: Option<usize>,
    /// Its full marks by track; none where it does not apply. Adjustments have none.
    pub weights: Vec<Option<Decimal>>,
    /// How its points are found; none for a dimension.
    pub criterion: Option<Criterion>,
}

impl Node {
    /// Whether it stands beside the weights: a bonus, a deduction or a veto.
    #[must_use]
    pub fn is_adjustment(&self) -> bool {
        self.criterion
            .as_ref()
            .is_some_and(|criterion| criterion.rule.is_adjustment())
    }
}

/// How the points of a leaf are found.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Key of the indicator; none where somebody gives the points.
    pub indicator: Option<i64>,
    /// The rule.
    pub rule: Rule,
    /// What a value that is not there does.
    pub missing: Missing,
}

/// What a value that is not there does. A value that cannot exist (不适用) leaves the full marks under every policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Missing {
    /// It gives no points.
    Zero,
    /// Its weight goes to its neighbours in proportion.
    Reweight,
    /// The value of a year earlier is used and said; without one it blocks.
    PriorYear,
    /// The organisation has no total until it is there.
    Block,
}

/// A rule. Values stand in the unit of the indicator: 97.5 is 97.5 %.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Distance to a target: no points at `zero` and beyond, full marks at the target and beyond.
    Target {
        /// The target.
        goal: Goal,
        /// Where points begin.
        zero: Decimal,
    },
    /// Between two fixed goalposts.
    Linear {
        /// The value without points.
        from: Decimal,
        /// The value with full marks.
        to: Decimal,
    },
    /// Steps: the first one whose bound the value meets.
    Bands(Vec<Band>),
    /// So many points less for each occurrence, until none are left (扣完为止).
    Deduct {
        /// Points lost for each.
        each: Decimal,
        /// Occurrences that cost nothing.
        free: Decimal,
    },
    /// All or nothing.
    Threshold(Bound),
    /// Yes or no.
    YesNo {
        /// The answer that is worth the points.
        wanted: bool,
    },
    /// A reviewer gives the points.
    Manual,
    /// Between the worst and the best of the peer group.
    MinMax {
        /// Whether the smallest value is the best.
        lower_better: bool,
    },
    /// The share of the others in the peer group that are worse.
    Percentile {
        /// Whether small values are good.
        lower_better: bool,
    },
    /// Adjustment: points on top, for each occurrence or as given, up to a cap.
    Bonus {
        /// Points for each occurrence; none where somebody gives the points.
        each: Option<Decimal>,
        /// At most so many.
        cap: Decimal,
    },
    /// Adjustment: points off the total, for each occurrence or as given, up to a cap.
    Penalty {
        /// Points for each occurrence; none where somebody gives the points.
        each: Option<Decimal>,
        /// At most so many.
        cap: Decimal,
    },
    /// Adjustment: an event that caps the total (一票否决). A value that is not there is no event.
    Veto {
        /// When it happens.
        when: Bound,
        /// The most that is left.
        cap: Decimal,
    },
}

impl Rule {
    /// Whether it stands beside the weights.
    #[must_use]
    pub fn is_adjustment(&self) -> bool {
        matches!(self, Self::Bonus { .. } | Self::Penalty { .. } | Self::Veto { .. })
    }

    /// Whether its points depend on the other organisations of the track.
    #[must_use]
    pub fn is_relative(&self) -> bool {
        matches!(self, Self::MinMax { .. } | Self::Percentile { .. })
    }

    /// Whether somebody gives the points.
    #[must_use]
    pub fn is_given(&self) -> bool {
        matches!(
            self,
            Self::Manual | Self::Bonus { each: None, .. } | Self::Penalty { each: None, .. }
        )
    }

    /// Its name.
    #[must_use]
    pub fn kind(&self) -> RuleKind {
        match self {
            Self::Target { .. } => RuleKind::Target,
            Self::Linear { .. } => RuleKind::Linear,
            Self::Bands(_) => RuleKind::Bands,
            Self::Deduct { .. } => RuleKind::Deduct,
            Self::Threshold(_) => RuleKind::Threshold,
            Self::YesNo { .. } => RuleKind::YesNo,
            Self::Manual => RuleKind::Manual,
            Self::MinMax { .. } => RuleKind::MinMax,
            Self::Percentile { .. } => RuleKind::Percentile,
            Self::Bonus { .. } => RuleKind::Bonus,
            Self::Penalty { .. } => RuleKind::Penalty,
            Self::Veto { .. } => RuleKind::Veto,
        }
    }
}

/// The names of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RuleKind {
    /// Distance to a target.
    Target,
    /// Between fixed goalposts.
    Linear,
    /// Steps.
    Bands,
    /// Points less for each occurrence.
    Deduct,
    /// All or nothing.
    Threshold,
    /// Yes or no.
    YesNo,
    /// A reviewer's points.
    Manual,
    /// Between the worst and the best of the peer group.
    MinMax,
    /// The share of the peer group that is worse.
    Percentile,
    /// Points on top.
    Bonus,
    /// Points off the total.
    Penalty,
    /// A cap on the total.
    Veto,
}

/// A target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The same for all.
    Fixed(Decimal),
    /// The one set for the organisation and the period.
    Stored,
}

/// A bound that a value meets or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// At least.
    AtLeast(Decimal),
    /// At most.
    AtMost(Decimal),
}

impl Bound {
    /// Whether `value` meets it.
    #[must_use]
    pub fn is_met(self, value: Decimal) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
        }
    }

    /// The number of the bound.
    #[must_use]
    pub fn number(self) -> Decimal {
        match self {
            Self::AtLeast(bound) | Self::AtMost(bound) => bound,
        }
    }
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// The values that belong to it, where none before took them; none in the last, which takes the rest.
    pub bound: Option<Bound>,
    /// Points lost of the full marks.
    pub lost: Decimal,
}

/// A grade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grade {
    /// Its code.
    pub code: String,
    /// The least published score with it.
    pub least: Decimal,
}
