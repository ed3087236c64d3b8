//! What a value rests on: the stored figures, found again by the same way that made the value, only for the values that somebody opens.

use std::collections::BTreeSet;

use super::joint::Way;
use super::own::Own;
use super::recipe::{How, Recipe};
use super::rollup::Sink;
use super::series::Series;
use super::window::Window;
use crate::decimal::clean;
use crate::fact::Cell;
use crate::flag::{Flag, Flags};
use crate::indicator::OverTime;

/// One stored figure under a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cited {
    /// Key of the figure's indicator.
    pub indicator: i64,
    /// Ordinal of the organisation that reports it.
    pub org: u32,
    /// The figure.
    pub cell: Cell,
}

/// How much of a value a remark touches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Touched {
    /// The remark.
    pub flag: Flag,
    /// The part of the value under it, 0 to 1, by size; of a ratio, of its denominator.
    pub share: f64,
}

/// Collects the figures of every organisation that counts.
struct Collector<'a, 'b> {
    window: &'b Window<'a>,
    inputs: &'b [Series<'a>],
    dropped: &'b [u32],
    found: Vec<Cited>,
}

impl Sink for Collector<'_, '_> {
    fn unit(&mut self, org: u32, own: &[Own]) {
        if self.dropped.binary_search(&self.window.data.tree.heir(org)).is_ok() {
            return;
        }
        for (series, own) in self.inputs.iter().zip(own) {
            cite(
                series,
                series.indicator.over_time,
                self.window,
                org,
                own,
                &mut self.found,
            );
        }
    }

    fn missing(&mut self, _: u32, _: &[Own]) {}
}

fn cite(series: &Series<'_>, rule: OverTime, window: &Window<'_>, org: u32, own: &Own, found: &mut Vec<Cited>) {
    let indicator = series.indicator.id;
    let cells = series.cited(rule, window, org, own).into_iter();
    found.extend(cells.map(|cell| Cited { indicator, org, cell }));
}

impl Window<'_> {
    /// The figures under the value of `recipe` for `org`.
    pub(super) fn lineage(&self, recipe: &Recipe<'_>, org: u32) -> Vec<Cited> {
        let mut found = Vec::new();
        match &recipe.how {
            How::Derived { inputs, .. } => {
                if Way::of(recipe.indicator, &self.inputs(inputs, org)) == Way::Joint {
                    return self.lineage_below(recipe, org, &[]);
                }
                found.extend(inputs.iter().flatten().flat_map(|input| self.lineage(input, org)));
            }
            How::Stored(series) => {
                if self.additive(series, org).flags.contains(Flag::RolledUp) {
                    return self.lineage_below(recipe, org, &[]);
                }
                let own = series.own(self, org);
                cite(series, series.indicator.over_time, self, org, &own, &mut found);
            }
            How::Ratio { printed, parts } => {
                let measure = self.ratio(printed, parts, org);
                let own = printed.own_by(OverTime::None, self, org);
                cite(printed, OverTime::None, self, org, &own, &mut found);
                if measure.flags.contains(Flag::RolledUp) {
                    found.extend(self.lineage_below(recipe, org, &[]));
                    return unique(found);
                }
                let parts = parts.each_ref().map(|part| (part, part.own(self, org)));
                let both = parts.iter().all(|(_, own)| own.value.is_some());
                for (part, own) in parts.iter().filter(|_| both || measure.value.is_none()) {
                    cite(part, part.indicator.over_time, self, org, own, &mut found);
                }
            }
        }
        unique(found)
    }

    /// The figures of all organisations below `org` that count, without those `dropped`.
    pub(super) fn lineage_below(&self, recipe: &Recipe<'_>, org: u32, dropped: &[u32]) -> Vec<Cited> {
        let inputs = recipe.inputs();
        let mut collector = Collector {
            window: self,
            inputs: &inputs,
            dropped,
            found: Vec::new(),
        };
        self.gather(&inputs, recipe.is_summed(), org, &mut collector);
        unique(collector.found)
    }
}

/// Each figure once, in order of its key.
fn unique(mut cited: Vec<Cited>) -> Vec<Cited> {
    cited.sort_by_key(|cited| cited.cell.id);
    cited.dedup_by_key(|cited| cited.cell.id);
    cited
}

/// The remarks on `cited`, with the share of the value each touches; of a ratio over `denominator` its figures alone are weighed.
#[must_use]
pub fn touched(cited: &[Cited], denominator: Option<i64>) -> Vec<Touched> {
    let weighed = |cited: &&Cited| denominator.is_none_or(|indicator| indicator == cited.indicator);
    let size = |cited: &Cited| cited.cell.value.unwrap_or(0.0).abs();
    let marks = |cited: &Cited| {
        cited
            .cell
            .state
            .flags
            .union(super::window::carried(cited.cell.state.status))
    };
    let total: f64 = cited.iter().filter(weighed).map(size).sum();
    let all = cited.iter().fold(Flags::NONE, |flags, cited| flags.union(marks(cited)));
    let flags: BTreeSet<Flag> = all.iter().collect();
    let share = |flag: Flag| {
        let under: f64 = cited
            .iter()
            .filter(weighed)
            .filter(|cited| marks(cited).contains(flag))
            .map(size)
            .sum();
        // A value of nothing is touched as a whole or not at all.
        if total > 0.0 {
            clean(under / total)
        } else {
            f64::from(u8::from(
                cited.iter().filter(weighed).any(|cited| marks(cited).contains(flag)),
            ))
        }
    };
    flags
        .into_iter()
        .map(|flag| Touched {
            flag,
            share: share(flag),
        })
        .collect()
}
