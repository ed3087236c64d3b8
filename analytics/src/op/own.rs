//! An organisation's own value: as reported for the period, or put together from its halves, quarters or months.

use super::select::{Found, Parts};
use super::window::{Window, carried};
use crate::error::Error;
use crate::fact::Cell;
use crate::flag::{Flag, Flags};
use crate::indicator::{Indicator, OverTime};
use crate::measure::{Coverage, Measure};
use crate::period::Period;
use crate::reason::Reason;
use crate::status::Status;

impl Window<'_> {
    /// As reported for the period, or put together from its halves, quarters or months.
    pub(super) fn own(&self, indicator: &Indicator, org: u32) -> Result<Measure, Error> {
        let Some(found) = self.found(indicator.id, org) else {
            return Ok(self.absent(self.missing));
        };
        if let Some(exact) = found.exact.filter(|exact| exact.state.status != Status::Missing) {
            let reason = exact.value.is_none().then_some(self.missing);
            return Ok(Measure {
                value: exact.value,
                reported_here: exact.value,
                status: exact.state.status,
                flags: exact.state.flags,
                coverage: Coverage::single(exact.value.is_some()),
                reported_by: Some(exact.id),
                observations: vec![exact.id],
                reason,
                ..self.absent(self.missing)
            });
        }
        if let Some((value, parts)) = complete(indicator.over_time, self.period, &found.parts) {
            return self.put_together(indicator, org, value, parts);
        }
        self.incomplete(indicator, org, found)
    }

    /// The value and what it rests on.
    fn put_together(&self, indicator: &Indicator, org: u32, value: f64, parts: Parts) -> Result<Measure, Error> {
        let used = |cell: &Cell| match indicator.over_time {
            OverTime::Last => cell.start + cell.months - 1 == self.period.end_month(),
            _ => true,
        };
        let cells: Vec<Cell> = self
            .parts_of(indicator, org, parts.length)?
            .into_iter()
            .filter(used)
            .collect();
        let expected = match indicator.over_time {
            OverTime::Last => 1,
            _ => self.period.months() / parts.length,
        };
        let states = cells.iter().map(|cell| cell.state);
        Ok(Measure {
            value: Some(value),
            reported_here: Some(value),
            status: states
                .clone()
                .map(|state| state.status)
                .reduce(Status::sum)
                .unwrap_or(Status::Normal),
            flags: states.fold(Flags::from(Flag::SummedOverTime), |flags, state| {
                flags.union(state.flags).union(carried(state.status))
            }),
            coverage: Coverage {
                present: u32::try_from(cells.len()).unwrap_or(0),
                expected: u32::try_from(expected).unwrap_or(0),
                ..Coverage::single(true)
            },
            observations: cells.iter().map(|cell| cell.id).collect(),
            reason: None,
            ..self.absent(self.missing)
        })
    }

    /// No value: figures for other months are a mismatch, and of parts that are not complete the missing ones are named.
    fn incomplete(&self, indicator: &Indicator, org: u32, found: &Found) -> Result<Measure, Error> {
        let mut measure = self.absent(if found.other {
            Reason::PeriodMismatch
        } else {
            self.missing
        });
        if let Some(exact) = found.exact {
            measure.flags = exact.state.flags;
            measure.reported_by = Some(exact.id);
            measure.observations = vec![exact.id];
        }
        let best = found
            .parts
            .iter()
            .filter(|parts| parts.count > 0 && indicator.over_time != OverTime::None)
            .max_by_key(|parts| parts.count * parts.length);
        if let Some(parts) = best {
            let present = self.parts_of(indicator, org, parts.length)?;
            let missing: Vec<Period> = self
                .period
                .parts(parts.length)
                .filter(|part| !present.iter().any(|cell| cell.is_for(*part)))
                .collect();
            measure.flags = measure.flags.with(Flag::Incomplete);
            measure.coverage = Coverage {
                present: u32::try_from(present.len()).unwrap_or(0),
                expected: u32::try_from(self.period.months() / parts.length).unwrap_or(0),
                missing,
                ..Coverage::single(false)
            };
        }
        Ok(measure)
    }

    /// The figures that are parts of `length` months of the period.
    fn parts_of(&self, indicator: &Indicator, org: u32, length: i32) -> Result<Vec<Cell>, Error> {
        let Some(chunk) = self.data.store.chunk(indicator.id) else {
            return Ok(Vec::new());
        };
        let wanted: Vec<Period> = self.period.parts(length).collect();
        let is_part =
            |cell: &Cell| cell.breakdown == 0 && cell.value.is_some() && wanted.iter().any(|part| cell.is_for(*part));
        Ok(chunk.cells(org)?.filter(is_part).collect())
    }
}

/// The value that parts of one length give, longest parts first; `None` when none of the lengths is complete.
fn complete(rule: OverTime, period: Period, parts: &[Parts]) -> Option<(f64, Parts)> {
    parts.iter().find_map(|parts| {
        let all = parts.count * parts.length == period.months();
        let value = match rule {
            OverTime::Sum if all => Some(parts.sum),
            OverTime::Mean if all => Some(parts.sum / f64::from(parts.count)),
            OverTime::Last => parts.last,
            _ => None,
        };
        value.map(|value| (value, *parts))
    })
}
