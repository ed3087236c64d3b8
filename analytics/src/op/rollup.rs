//! What the organisations below give together: each counts with its own figure, or where it has none with what is below it.

use super::window::{Window, carried};
use crate::error::Error;
use crate::flag::Flags;
use crate::indicator::{Indicator, OverOrgs};
use crate::measure::Measure;
use crate::status::Status;

/// One organisation's figures for the indicators that are rolled up together: one for a sum, two for a ratio.
#[derive(Clone, Debug)]
pub(super) struct Contribution {
    pub(super) org: u32,
    pub(super) measures: Vec<Measure>,
}

/// All organisations below that have figures, and those that should have.
#[derive(Clone, Debug, Default)]
pub(super) struct Below {
    pub(super) contributions: Vec<Contribution>,
    pub(super) missing: Vec<u32>,
    /// Only one part of a ratio is there.
    pub(super) half: Vec<u32>,
}

impl Below {
    /// How many should have figures.
    pub(super) fn expected(&self) -> usize {
        self.contributions.len() + self.missing.len()
    }

    /// The figures of part `index`, put together by `rule`; `None` where nobody has any.
    pub(super) fn together(&self, index: usize, rule: OverOrgs) -> Option<f64> {
        let values = self
            .contributions
            .iter()
            .filter_map(|contribution| contribution.measures.get(index)?.value);
        match rule {
            OverOrgs::None => None,
            OverOrgs::Max => values.reduce(f64::max),
            OverOrgs::Sum | OverOrgs::RatioOfSums => values.reduce(|sum, value| sum + value),
            OverOrgs::Mean => {
                #[allow(clippy::cast_precision_loss, reason = "there are fewer than 2^52 organisations")]
                let count = self.contributions.len() as f64;
                values.reduce(|sum, value| sum + value).map(|sum| sum / count)
            }
        }
    }

    fn measures(&self) -> impl Iterator<Item = &Measure> {
        self.contributions
            .iter()
            .flat_map(|contribution| &contribution.measures)
    }

    /// The least certain state of all figures.
    pub(super) fn status(&self) -> Status {
        self.measures()
            .map(|measure| measure.status)
            .reduce(Status::sum)
            .unwrap_or(Status::Missing)
    }

    /// All remarks of all figures.
    pub(super) fn flags(&self) -> Flags {
        self.measures().fold(Flags::NONE, |flags, measure| {
            flags.union(measure.flags).union(carried(measure.status))
        })
    }

    /// All observations that the figures rest on.
    pub(super) fn observations(&self) -> Vec<i64> {
        self.measures()
            .flat_map(|measure| measure.observations.iter().copied())
            .collect()
    }

    /// Only the contributions of `kept`; the others are named as dropped, and nothing is missing any more.
    pub(super) fn only(&self, kept: &[u32]) -> Self {
        let contributions = self
            .contributions
            .iter()
            .filter(|contribution| kept.contains(&contribution.org))
            .cloned();
        Self {
            contributions: contributions.collect(),
            ..Self::default()
        }
    }
}

impl Window<'_> {
    /// Gathers what is below `org` in this window's period.
    pub(super) fn below(&self, indicators: &[&Indicator], org: u32) -> Result<Below, Error> {
        let mut below = Below::default();
        self.gather(indicators, org, &mut below)?;
        Ok(below)
    }

    fn gather(&self, indicators: &[&Indicator], org: u32, below: &mut Below) -> Result<(), Error> {
        for child in self.data.tree.children(org, Some(self.period)) {
            let measures: Vec<Measure> = indicators
                .iter()
                .map(|indicator| self.own(indicator, child))
                .collect::<Result<_, _>>()?;
            let there = measures.iter().filter(|measure| measure.value.is_some()).count();
            if there == measures.len() {
                below.contributions.push(Contribution { org: child, measures });
                continue;
            }
            // What is withheld is not opened by adding up what is below it; what cannot exist is not missing.
            let states = || measures.iter().map(|measure| measure.status);
            if states().any(|status| status == Status::NotApplicable) {
                continue;
            }
            let withheld = states().any(|status| status == Status::Suppressed);
            let is_leaf = self.data.tree.children(child, Some(self.period)).next().is_none();
            if !withheld && !is_leaf {
                self.gather(indicators, child, below)?;
                continue;
            }
            if there > 0 {
                below.half.push(child);
            }
            if there > 0 || withheld || !self.data.tree.is_optional(child) {
                below.missing.push(child);
            }
        }
        Ok(())
    }
}
