//! What an indicator is to a calculation: its kind, its two rules, its polarity and its parts.

use std::collections::HashMap;

use rust_decimal::Decimal;
use strum::{Display, EnumIter, EnumString};

use crate::formula::Formula;

/// The kind of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum IndicatorKind {
    /// Things counted.
    Count,
    /// Money.
    Amount,
    /// Numerator ÷ denominator.
    Ratio,
    /// A formula over other indicators.
    Derived,
    /// Points or a place in a ranking, given from outside.
    Score,
    /// 1 or 0.
    YesNo,
}

/// How values of several organisations become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum OverOrgs {
    /// Added up.
    Sum,
    /// Sum of numerators ÷ sum of denominators.
    RatioOfSums,
    /// Plain mean.
    Mean,
    /// The largest.
    Max,
    /// Not at all.
    None,
}

/// How values of several periods become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum OverTime {
    /// Added up: a flow.
    Sum,
    /// The last one: a stock.
    Last,
    /// Plain mean.
    Mean,
    /// Not at all.
    None,
}

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Polarity {
    /// More is better.
    HigherBetter,
    /// Less is better.
    LowerBetter,
    /// Neither; never judged.
    Neutral,
}

/// An indicator as the calculations see it.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Its key in the store.
    pub id: i64,
    /// Its code, the name a formula uses.
    pub code: String,
    /// Its kind.
    pub kind: IndicatorKind,
    /// Its rule over organisations.
    pub over_orgs: OverOrgs,
    /// Its rule over time.
    pub over_time: OverTime,
    /// Whether the sum of the organisations below is the value even where a figure of its own is reported.
    pub summed: bool,
    /// Which way is good.
    pub polarity: Polarity,
    /// Base units in one of its unit: 1 for 元, 0.01 for %.
    pub unit_scale: Decimal,
    /// Whether its values are shares of a whole, whose difference is told in percentage points.
    pub is_rate: bool,
    /// Keys of numerator and denominator of a ratio.
    pub parts: Option<(i64, i64)>,
    /// The formula of a derived indicator.
    pub formula: Option<Formula>,
    /// First months of the definitions that break the series.
    pub breaks: Vec<i32>,
}

/// The indicators of a catalogue by key and by code.
#[derive(Clone, Debug, Default)]
pub struct Indicators {
    by_id: HashMap<i64, Indicator>,
    by_code: HashMap<String, i64>,
}

impl Indicators {
    /// The indicator of key `id`.
    #[must_use]
    pub fn get(&self, id: i64) -> Option<&Indicator> {
        self.by_id.get(&id)
    }

    /// The indicator of code `code`.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&Indicator> {
        self.by_code.get(code).and_then(|id| self.by_id.get(id))
    }

    /// `asked` and all that their values are computed from, each once, parts before wholes.
    #[must_use]
    pub fn closure(&self, asked: &[i64]) -> Vec<i64> {
        let mut order = Vec::new();
        let mut stack: Vec<(i64, bool)> = asked.iter().rev().map(|id| (*id, false)).collect();
        let mut seen = std::collections::HashSet::new();
        while let Some((id, parts_done)) = stack.pop() {
            if parts_done {
                order.push(id);
            } else if seen.insert(id) {
                stack.push((id, true));
                stack.extend(
                    self.get(id)
                        .into_iter()
                        .flat_map(|indicator| self.inputs(indicator))
                        .map(|part| (part, false)),
                );
            }
        }
        order
    }

    /// `id` and all whose values are computed from it, by key.
    #[must_use]
    pub fn dependents(&self, id: i64) -> Vec<i64> {
        let mut dependents: Vec<i64> = self
            .by_id
            .keys()
            .copied()
            .filter(|other| self.closure(&[*other]).contains(&id))
            .collect();
        dependents.sort_unstable();
        dependents
    }

    /// The indicators that `indicator` is computed from.
    fn inputs(&self, indicator: &Indicator) -> Vec<i64> {
        let parts = indicator
            .parts
            .into_iter()
            .flat_map(|(numerator, denominator)| [numerator, denominator]);
        let variables = indicator
            .formula
            .iter()
            .flat_map(Formula::variables)
            .filter_map(|code| self.by_code.get(code).copied());
        parts.chain(variables).collect()
    }
}

impl FromIterator<Indicator> for Indicators {
    fn from_iter<T: IntoIterator<Item = Indicator>>(indicators: T) -> Self {
        let by_id: HashMap<i64, Indicator> = indicators
            .into_iter()
            .map(|indicator| (indicator.id, indicator))
            .collect();
        let by_code = by_id
            .values()
            .map(|indicator| (indicator.code.clone(), indicator.id))
            .collect();
        Self { by_id, by_code }
    }
}
