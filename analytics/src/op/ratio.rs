//! Ratios: computed from both parts where they are there, else as printed; rolled up as a ratio of sums over the organisations that have both parts, and
//! never from printed rates.

use super::additive::choose;
use super::rollup::Below;
use super::window::{Window, carried};
use crate::error::Error;
use crate::flag::Flag;
use crate::indicator::{Indicator, OverOrgs, OverTime};
use crate::measure::{Discrepancy, Measure};
use crate::reason::Reason;
use crate::significance;
use crate::status::Status;

/// What a ratio is made of at one organisation.
struct Pieces {
    printed: Measure,
    above: Measure,
    below: Measure,
}

impl Window<'_> {
    /// The ratio of `parts`.
    pub(super) fn ratio(&self, indicator: &Indicator, org: u32, parts: [&Indicator; 2]) -> Result<Measure, Error> {
        let printed_only = Indicator {
            over_time: OverTime::None,
            ..indicator.clone()
        };
        let printed = self.own(&printed_only, org)?;
        let [above, below] = [self.own(parts[0], org)?, self.own(parts[1], org)?];
        let pieces = Pieces { printed, above, below };
        let own = self.own_ratio(indicator, org, &pieces);
        let rolled = match indicator.over_orgs {
            OverOrgs::None => None,
            _ => self.rolled_ratio(indicator, org, parts)?,
        };
        let mut measure = choose(own, rolled, indicator.summed);
        measure.reported = pieces.printed.value;
        if measure.value.is_none()
            && measure.reason != Some(Reason::DenominatorZero)
            && measure.status == Status::Missing
        {
            measure.reason = Some(self.why_no_ratio(indicator, org, &pieces)?);
        }
        Ok(measure)
    }

    /// From the organisation's own parts, or as it prints it.
    fn own_ratio(&self, indicator: &Indicator, org: u32, pieces: &Pieces) -> Measure {
        let Pieces { printed, above, below } = pieces;
        let mut measure = Measure {
            numerator: above.value,
            denominator: below.value,
            ..printed.clone()
        };
        match (above.value, below.value) {
            (Some(_), Some(0.0)) => {
                measure.value = None;
                measure.reported_here = None;
                measure.status = Status::NotApplicable;
                measure.reason = Some(Reason::DenominatorZero);
            }
            (Some(top), Some(bottom)) => {
                measure.value = Some(top / bottom);
                measure.reported_here = measure.value;
                measure.reason = None;
                measure.status = Status::quotient(above.status, below.status);
                measure.flags = [above, below].into_iter().fold(printed.flags, |flags, part| {
                    flags.union(part.flags).union(carried(part.status))
                });
                let wider = if above.coverage.expected >= below.coverage.expected {
                    above
                } else {
                    below
                };
                measure.coverage = wider.coverage.clone();
                measure.interval = significance::wilson(top, bottom).filter(|_| indicator.is_rate);
                measure.discrepancy = self.discrepancy(indicator, org, top / bottom);
                if measure.discrepancy.is_some() {
                    measure.flags = measure.flags.with(Flag::Discrepancy);
                }
            }
            _ => {}
        }
        measure
            .observations
            .extend(above.observations.iter().chain(&below.observations));
        measure.observations.sort_unstable();
        measure.observations.dedup();
        measure
    }

    /// Sum of numerators ÷ sum of denominators over the organisations below that have both.
    fn rolled_ratio(&self, indicator: &Indicator, org: u32, parts: [&Indicator; 2]) -> Result<Option<Measure>, Error> {
        Ok(self.ratio_of_sums(indicator, &self.below(&parts, org)?))
    }

    /// The ratio of the sums of what is below; `None` where nobody has both parts.
    fn ratio_of_sums(&self, indicator: &Indicator, below: &Below) -> Option<Measure> {
        let (top, bottom) = (below.together(0, OverOrgs::Sum)?, below.together(1, OverOrgs::Sum)?);
        Some(self.quotient(indicator, top, bottom, below))
    }

    /// A ratio of two sums over `below`.
    pub(super) fn quotient(&self, indicator: &Indicator, top: f64, bottom: f64, below: &Below) -> Measure {
        let frame = Measure {
            numerator: Some(top),
            denominator: Some(bottom),
            ..self.frame(below)
        };
        if bottom == 0.0 {
            return Measure {
                status: Status::NotApplicable,
                reason: Some(Reason::DenominatorZero),
                ..frame
            };
        }
        let value = Some(top / bottom);
        let status = Status::quotient(frame.status, frame.status);
        let interval = significance::wilson(top, bottom).filter(|_| indicator.is_rate);
        Measure {
            value,
            rolled_up: value,
            status,
            interval,
            ..frame
        }
    }

    fn why_no_ratio(&self, indicator: &Indicator, org: u32, pieces: &Pieces) -> Result<Reason, Error> {
        let Pieces { printed, above, below } = pieces;
        if [printed, above, below]
            .iter()
            .any(|part| part.reason == Some(Reason::PeriodMismatch))
        {
            return Ok(Reason::PeriodMismatch);
        }
        if above.value.is_some() {
            return Ok(Reason::DenominatorMissing);
        }
        Ok(if self.printed_below(indicator, org) {
            Reason::NotAggregable
        } else {
            self.missing
        })
    }

    /// Whether an organisation below prints this rate for the period.
    fn printed_below(&self, indicator: &Indicator, org: u32) -> bool {
        let prints = |child: u32| {
            self.found(indicator.id, child)
                .and_then(|found| found.exact)
                .is_some_and(|exact| exact.value.is_some())
        };
        self.data.tree.below(org, Some(self.period)).into_iter().any(prints)
    }

    /// The printed ratio held against the computed one; the neighbour is the other window's.
    fn discrepancy(&self, indicator: &Indicator, org: u32, computed: f64) -> Option<Discrepancy> {
        let windows = self.selection.get(&(indicator.id, org))?;
        let exact = windows.get(self.index)?.exact?;
        let neighbour = windows
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != self.index)
            .find_map(|(index, _)| self.parts_ratio(indicator, org, index));
        Discrepancy::check(
            exact.value?,
            exact.state.decimals,
            computed,
            neighbour,
            indicator.unit_scale,
        )
    }

    /// The ratio of the reported parts in window `index`.
    fn parts_ratio(&self, indicator: &Indicator, org: u32, index: usize) -> Option<f64> {
        let value = |id: i64| self.selection.get(&(id, org))?.get(index)?.exact?.value;
        let (numerator, denominator) = indicator.parts?;
        let (top, bottom) = (value(numerator)?, value(denominator)?);
        (bottom != 0.0).then(|| top / bottom)
    }
}
