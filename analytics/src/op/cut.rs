//! Breaks of a series between two periods: of its definition, of what one organisation counts, of an organisation's boundary.

use super::recipe::Recipe;
use super::series::Series;
use crate::change::Change;
use crate::flag::Flag;
use crate::measure::Measure;
use crate::period::Period;
use crate::reason::Reason;
use crate::tree::OrgTree;

/// The breaks of one indicator, gathered once a question.
pub(super) struct Breaks<'a> {
    /// First months of the definitions that break the series.
    defined: Vec<i32>,
    /// Stored figures among which there are cuts.
    cutting: Vec<Series<'a>>,
}

/// Whether a value is a figure of the organisation itself, whose boundary is that of its time.
pub(super) fn is_own(measure: &Measure) -> bool {
    measure.value.is_some() && !measure.flags.contains(Flag::RolledUp)
}

/// Whether the boundary of `org` changed between two periods: in the tree of the question, or for figures of its own in the tree as it was reported.
pub(super) fn moved(tree: &OrgTree, org: u32, periods: [Period; 2], measures: [&Measure; 2]) -> bool {
    let [one, other] = periods;
    tree.boundary_changed(org, one, other)
        || (measures.into_iter().any(is_own) && tree.reported_boundary_changed(org, one, other))
}

/// A base that is missing because the organisation had not begun, and another one was there before it, is a change of boundary.
pub(super) fn explain(change: Change, tree: &OrgTree, org: u32, base: Period) -> Change {
    let reason = match change.reason {
        Reason::BaseMissing if tree.began_after(org, base) => Reason::BoundaryChanged,
        reason => reason,
    };
    Change { reason, ..change }
}

impl<'a> Breaks<'a> {
    pub(super) fn of(recipe: &Recipe<'a>) -> Self {
        let mut defined = Vec::new();
        recipe.indicators(&mut |indicator| defined.extend(&indicator.breaks));
        let mut cutting = recipe.tracked();
        cutting.retain(|series| !series.cuts().is_empty());
        Self { defined, cutting }
    }

    /// Why the two periods of `org` cannot be compared, if they cannot: a change after the earlier one began and before the later one ended. `moved` says whether
    /// the organisation's boundary changed.
    pub(super) fn between(
        &self,
        tree: &OrgTree,
        org: u32,
        one: Period,
        other: Period,
        moved: impl FnOnce() -> bool,
    ) -> Option<Reason> {
        let (early, late) = if one <= other { (one, other) } else { (other, one) };
        let between = |month: i32| early.start_month() < month && month <= late.end_month();
        if self.defined.iter().any(|month| between(*month)) {
            return Some(Reason::DefinitionChanged);
        }
        let mut boundary = false;
        for series in &self.cutting {
            for cut in series.cuts().iter().filter(|cut| between(cut.month)) {
                if tree.is_at_or_below(cut.org, org, late) {
                    if !cut.boundary {
                        return Some(Reason::DefinitionChanged);
                    }
                    boundary = true;
                }
            }
        }
        (boundary || moved()).then_some(Reason::BoundaryChanged)
    }
}
