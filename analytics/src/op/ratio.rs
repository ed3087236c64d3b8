//! Ratios: computed from both parts where they are there, else as printed; rolled up as a ratio of sums over the organisations that have both parts, and
//! never from printed rates.

use super::additive::choose;
use super::own::{Basis, Own};
use super::rollup::Tally;
use super::series::Series;
use super::window::{Window, carried};
use crate::decimal;
use crate::flag::Flag;
use crate::indicator::{Indicator, OverOrgs, OverTime};
use crate::measure::{Discrepancy, Measure};
use crate::reason::Reason;
use crate::significance;
use crate::status::Status;

/// What a ratio is made of at one organisation.
struct Pieces {
    printed: Own,
    above: Own,
    below: Own,
}

impl Window<'_> {
    /// The ratio of `parts`.
    pub(super) fn ratio(&self, printed: &Series<'_>, parts: &[Series<'_>; 2], org: u32) -> Measure {
        let indicator = printed.indicator;
        let pieces = Pieces {
            printed: printed.own_by(OverTime::None, self, org),
            above: parts[0].own(self, org),
            below: parts[1].own(self, org),
        };
        let own = self.own_ratio(printed, parts, org, &pieces);
        let (own, rolled) = match indicator.over_orgs {
            OverOrgs::None => (own, None),
            _ => {
                let tally = self.tally(parts, indicator.summed, org);
                (self.owed(own, &tally), self.ratio_of_sums(indicator, tally))
            }
        };
        let mut measure = choose(own, rolled, indicator.summed);
        measure.reported = pieces.printed.value;
        if measure.value.is_none()
            && !matches!(measure.reason, Some(Reason::DenominatorZero | Reason::PeriodMismatch))
            && measure.status == Status::Missing
        {
            measure.reason = Some(self.why_no_ratio(printed, org, &pieces));
        }
        measure
    }

    /// From the organisation's own parts, or as it prints it.
    fn own_ratio(&self, printed: &Series<'_>, parts: &[Series<'_>; 2], org: u32, pieces: &Pieces) -> Measure {
        let Pieces { above, below, .. } = pieces;
        let indicator = printed.indicator;
        let mut measure = self.told(printed, org, &pieces.printed);
        (measure.numerator, measure.denominator) = (above.value, below.value);
        let (Some(top), Some(bottom)) = (above.value, below.value) else {
            // A part that is withheld or cannot exist says so for the ratio, unless a rate is printed.
            let silent = |part: &&Own| part.status.is_silent();
            if let Some(part) = [above, below]
                .into_iter()
                .find(silent)
                .filter(|_| measure.value.is_none())
            {
                measure.status = part.status;
                measure.reason = Some(self.missing);
            }
            return measure;
        };
        let wider = if above.expected >= below.expected { 0 } else { 1 };
        measure.coverage = self.told(&parts[wider], org, [above, below][wider]).coverage;
        measure.flags = [above, below].into_iter().fold(measure.flags, |flags, part| {
            flags.union(part.flags).union(carried(part.status))
        });
        if bottom == 0.0 {
            measure.value = None;
            measure.reported_here = None;
            measure.status = Status::NotApplicable;
            measure.reason = Some(Reason::DenominatorZero);
            return measure;
        }
        measure.value = Some(top / bottom);
        measure.reported_here = measure.value;
        measure.reason = None;
        measure.status = Status::quotient(above.status, below.status);
        measure.interval = significance::wilson(top, bottom).filter(|_| indicator.is_rate);
        measure.discrepancy = self.discrepancy(printed, parts, org, &pieces.printed, top / bottom);
        if measure.discrepancy.is_some() {
            measure.flags = measure.flags.with(Flag::Discrepancy);
        }
        measure
    }

    /// The ratio of the sums of what is below; `None` where nobody has both parts.
    pub(super) fn ratio_of_sums(&self, indicator: &Indicator, tally: Tally) -> Option<Measure> {
        let (top, bottom) = (tally.together(0, OverOrgs::Sum)?, tally.together(1, OverOrgs::Sum)?);
        Some(quotient(indicator, top, bottom, tally.into_frame(self)))
    }

    fn why_no_ratio(&self, printed: &Series<'_>, org: u32, pieces: &Pieces) -> Reason {
        let Pieces {
            printed: said,
            above,
            below,
        } = pieces;
        if [said, above, below]
            .iter()
            .any(|part| part.reason == Some(Reason::PeriodMismatch))
        {
            return Reason::PeriodMismatch;
        }
        if above.value.is_some() {
            return Reason::DenominatorMissing;
        }
        if self.is_printed_below(printed, org) {
            Reason::NotAggregable
        } else {
            self.missing
        }
    }

    /// Whether an organisation below prints this rate for the period.
    pub(super) fn is_printed_below(&self, printed: &Series<'_>, org: u32) -> bool {
        let prints = |child: u32| printed.own_by(OverTime::None, self, child).value.is_some();
        !printed.orgs().is_empty() && self.data.tree.below(org, Some(self.period)).into_iter().any(prints)
    }

    /// The printed ratio held against the computed one at the printed precision.
    fn discrepancy(
        &self,
        printed: &Series<'_>,
        parts: &[Series<'_>; 2],
        org: u32,
        said: &Own,
        computed: f64,
    ) -> Option<Discrepancy> {
        let Basis::Exact(row) = said.basis else { return None };
        let (reported, decimals) = (said.value?, printed.cell(row)?.state.decimals);
        let scale = printed.indicator.unit_scale;
        // Well within half of the last printed digit: no decimal arithmetic is needed to see that it is right.
        let half_digit = 0.5 * decimal::to_f64(scale) * 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
        if (reported - computed).abs() < half_digit * 0.999 {
            return None;
        }
        Discrepancy::check(reported, decimals, computed, self.neighbours_ratio(parts, org), scale)
    }

    /// The ratio of the reported parts in the period that this one is held against.
    fn neighbours_ratio(&self, parts: &[Series<'_>; 2], org: u32) -> Option<f64> {
        let neighbour = self.of(self.neighbour?);
        let value = |series: &Series<'_>| series.own(&neighbour, org).value;
        let (top, bottom) = (value(&parts[0])?, value(&parts[1])?);
        (bottom != 0.0).then(|| top / bottom)
    }
}

/// The ratio of two sums in `frame`.
pub(super) fn quotient(indicator: &Indicator, top: f64, bottom: f64, frame: Measure) -> Measure {
    let frame = Measure {
        numerator: Some(top),
        denominator: Some(bottom),
        ..frame
    };
    if bottom == 0.0 {
        return Measure {
            status: Status::NotApplicable,
            reason: Some(Reason::DenominatorZero),
            ..frame
        };
    }
    let value = Some(top / bottom);
    Measure {
        value,
        rolled_up: value,
        status: Status::quotient(frame.status, frame.status),
        interval: significance::wilson(top, bottom).filter(|_| indicator.is_rate),
        ..frame
    }
}
