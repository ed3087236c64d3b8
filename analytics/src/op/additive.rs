//! Counts, amounts and scores: the organisation's own figure beside what is below it.

use super::own::{Basis, Own};
use super::rollup::Tally;
use super::series::Series;
use super::window::Window;
use crate::indicator::OverOrgs;
use crate::measure::{Coverage, Measure};
use crate::reason::Reason;
use crate::status::Status;

impl Window<'_> {
    /// The value by the indicator's rule: its own, or where there is none (or the rule says so) what is below it.
    pub(super) fn additive(&self, series: &Series<'_>, org: u32) -> Measure {
        let indicator = series.indicator;
        let own = series.own(self, org);
        let inputs = std::slice::from_ref(series);
        let tally = self.tally(inputs, indicator.summed, org);
        let own = self.told(series, org, &own);
        if indicator.over_orgs == OverOrgs::None {
            let unused = own.value.is_none() && own.reason == Some(self.missing) && !tally.is_empty();
            let reason = if unused {
                Some(Reason::NotAggregable)
            } else {
                own.reason
            };
            return Measure { reason, ..own };
        }
        let own = self.owed(own, &tally);
        choose(own, self.rolled(indicator.over_orgs, tally), indicator.summed)
    }

    /// The own value, or where there is none, nor anything below, whose figures are missing.
    pub(super) fn owed(&self, own: Measure, tally: &Tally) -> Measure {
        let is_owed = own.value.is_none() && own.status == Status::Missing && own.reason == Some(self.missing);
        if !is_owed || !tally.is_empty() || own.coverage.present > 0 {
            return own;
        }
        let coverage = tally.clone().into_frame(self).coverage;
        if coverage.is_complete() {
            return own;
        }
        Measure {
            coverage,
            reason: Some(tally.reason(self.missing)),
            ..own
        }
    }

    /// An organisation's own value as a measure.
    pub(super) fn told(&self, series: &Series<'_>, org: u32, own: &Own) -> Measure {
        let missing = match own.basis {
            Basis::Gaps(length) => series.missing_parts(self, org, length),
            _ => Vec::new(),
        };
        Measure {
            value: own.value,
            reported_here: own.value,
            partial: own.partial,
            status: own.status,
            flags: own.flags,
            coverage: Coverage {
                present: own.present,
                expected: own.expected,
                missing,
                ..Coverage::single(false)
            },
            reported_by: match own.basis {
                Basis::Exact(row) => series.cell(row).map(|cell| cell.id),
                _ => None,
            },
            reason: own.reason,
            ..self.absent(self.missing)
        }
    }

    /// What is below, as a value of its own; `None` where nobody below has a figure.
    pub(super) fn rolled(&self, rule: OverOrgs, tally: Tally) -> Option<Measure> {
        let value = tally.together(0, rule)?;
        Some(Measure {
            value: Some(value),
            rolled_up: Some(value),
            ..tally.into_frame(self)
        })
    }
}

/// Of an organisation's own figure and what is below it, the one that is the value; the other stays beside it.
pub(super) fn choose(own: Measure, rolled: Option<Measure>, summed: bool) -> Measure {
    let Some(rolled) = rolled else { return own };
    // Parts that the organisation reports itself and that give no ratio are not overruled from below either.
    let speaks = own.value.is_some() || own.reason == Some(Reason::DenominatorZero);
    if speaks && !summed {
        return Measure {
            rolled_up: rolled.value,
            ..own
        };
    }
    // Withheld or impossible is said by the organisation itself and not opened from below.
    if own.value.is_none() && own.status.is_silent() && !speaks {
        return own;
    }
    Measure {
        reported_here: own.value,
        reported_by: own.reported_by,
        ..rolled
    }
}
