//! Counts, amounts and scores: the organisation's own figure beside what is below it.

use super::rollup::Below;
use super::window::Window;
use crate::error::Error;
use crate::flag::Flag;
use crate::indicator::{Indicator, OverOrgs};
use crate::measure::{Coverage, Measure};
use crate::reason::Reason;

impl Window<'_> {
    /// The value by the indicator's rule: its own, or where there is none (or the rule says so) what is below it.
    pub(super) fn additive(&self, indicator: &Indicator, org: u32) -> Result<Measure, Error> {
        let own = self.own(indicator, org)?;
        let below = self.below(&[indicator], org)?;
        if indicator.over_orgs == OverOrgs::None {
            let unused = own.value.is_none() && own.reason == Some(self.missing) && !below.contributions.is_empty();
            return Ok(if unused {
                Measure {
                    reason: Some(Reason::NotAggregable),
                    ..own
                }
            } else {
                own
            });
        }
        let rolled = self.rolled(indicator, &below);
        Ok(choose(own, rolled, indicator.summed))
    }

    /// What is below, as a value of its own; `None` where nobody below has a figure.
    pub(super) fn rolled(&self, indicator: &Indicator, below: &Below) -> Option<Measure> {
        let value = below.together(0, indicator.over_orgs)?;
        Some(Measure {
            value: Some(value),
            rolled_up: Some(value),
            ..self.frame(below)
        })
    }

    /// Everything but the value of what was put together from below.
    pub(super) fn frame(&self, below: &Below) -> Measure {
        let coverage = Coverage {
            present: u32::try_from(below.contributions.len()).unwrap_or(u32::MAX),
            expected: u32::try_from(below.expected()).unwrap_or(u32::MAX),
            missing: Vec::new(),
            missing_orgs: below.missing.clone(),
            half_orgs: below.half.clone(),
        };
        let flags = below.flags().with(Flag::RolledUp);
        Measure {
            status: below.status(),
            flags: if coverage.is_complete() {
                flags
            } else {
                flags.with(Flag::Incomplete)
            },
            coverage,
            observations: below.observations(),
            reason: None,
            ..self.absent(self.missing)
        }
    }
}

/// Of an organisation's own figure and what is below it, the one that is the value; the other stays beside it.
pub(super) fn choose(own: Measure, rolled: Option<Measure>, summed: bool) -> Measure {
    let Some(rolled) = rolled else { return own };
    if own.value.is_some() && !summed {
        return Measure {
            rolled_up: rolled.value,
            ..own
        };
    }
    // Parts that the organisation reports itself and that give no ratio are not overruled from below, but what is below stands beside them.
    if own.reason == Some(Reason::DenominatorZero) && !summed {
        return Measure {
            rolled_up: rolled.value,
            ..own
        };
    }
    // Withheld or impossible is said by the organisation itself and not overruled from below.
    if own.value.is_none() && own.reported_by.is_some() && own.status != crate::status::Status::Missing {
        return Measure { rolled_up: None, ..own };
    }
    Measure {
        reported_here: own.value,
        reported_by: own.reported_by,
        ..rolled
    }
}
