//! Who stands under whom in a period.

use std::collections::HashSet;

use super::org_tree::OrgTree;
use crate::period::Period;

impl OrgTree {
    /// The parent in the last month of `period`; in the newest tree when no period is given.
    #[must_use]
    pub fn parent(&self, org: u32, period: Option<Period>) -> Option<u32> {
        let month = period.map_or(i32::MAX, Period::end_month);
        self.parents
            .get(org as usize)?
            .iter()
            .find(|link| link.holds_at(month))
            .map(|link| link.to)
    }

    /// The children that exist in the last month of `period`; those of the newest tree when no period is given.
    pub fn children(&self, org: u32, period: Option<Period>) -> impl Iterator<Item = u32> {
        let month = period.map_or(i32::MAX, Period::end_month);
        let links = self.children.get(org as usize).into_iter().flatten();
        links
            .filter(move |link| link.holds_at(month))
            .map(|link| link.to)
            .filter(move |child| period.is_none_or(|period| self.exists(*child, period)))
    }

    /// What is put together for `org` besides its children when it is asked for itself: in a recast tree they are counted elsewhere from above.
    pub fn asides(&self, org: u32, period: Option<Period>) -> impl Iterator<Item = u32> {
        let month = period.map_or(i32::MAX, Period::end_month);
        let links = self.asides.get(&org).into_iter().flatten();
        links
            .filter(move |link| link.holds_at(month))
            .map(|link| link.to)
            .filter(move |child| period.is_none_or(|period| self.exists(*child, period)))
    }

    /// Everything directly below `org` when it is asked for itself, in the order of the tree.
    #[must_use]
    pub fn parts(&self, org: u32, period: Option<Period>) -> Vec<u32> {
        let mut parts: Vec<u32> = self.children(org, period).chain(self.asides(org, period)).collect();
        parts.sort_unstable();
        parts
    }

    /// Whether the organisation exists in the last month of `period`.
    #[must_use]
    pub fn exists(&self, org: u32, period: Period) -> bool {
        self.places
            .get(org as usize)
            .is_some_and(|place| place.exists_at(period.end_month()))
    }

    /// Whether `org` began after `period` and a succession says what was there before.
    #[must_use]
    pub fn began_after(&self, org: u32, period: Period) -> bool {
        let begun = self.places.get(org as usize).and_then(|place| place.begun);
        begun.is_some_and(|begun| period.end_month() < begun)
    }

    /// In a recast tree: the organisation that `org` became part of, or itself.
    #[must_use]
    pub fn heir(&self, org: u32) -> u32 {
        self.heirs.get(&org).copied().unwrap_or(org)
    }

    /// In a recast tree: whether other organisations became part of `org`.
    #[must_use]
    pub fn is_heir(&self, org: u32) -> bool {
        self.heirs.values().any(|heir| *heir == org)
    }

    /// Whether figures of the organisation are taken in where it gives any, but none are owed.
    #[must_use]
    pub fn is_optional(&self, org: u32) -> bool {
        self.places.get(org as usize).is_some_and(|place| place.optional)
    }

    /// How high `org` stands.
    #[must_use]
    pub fn level(&self, org: u32) -> Option<u8> {
        self.places.get(org as usize).map(|place| place.level)
    }

    /// The other organisations of the same level under the same parent in the last month of `period`.
    #[must_use]
    pub fn peers(&self, org: u32, period: Period) -> Vec<u32> {
        let level = |org: u32| self.level(org);
        let Some(parent) = self.parent(org, Some(period)) else {
            return Vec::new();
        };
        self.children(parent, Some(period))
            .filter(|peer| *peer != org && level(*peer) == level(org))
            .collect()
    }

    /// Whether `org` is `top` or below it in the last month of `period`.
    #[must_use]
    pub fn is_at_or_below(&self, org: u32, top: u32, period: Period) -> bool {
        let mut at = Some(org);
        // No tree is deeper than it has members; a circle that existed in the past must not hold the walk.
        for _ in 0..=self.len() {
            match at {
                Some(place) if place == top => return true,
                Some(place) => at = self.parent(place, Some(period)),
                None => return false,
            }
        }
        false
    }

    /// Whether an organisation that existed in both periods was moved into or out of the subtree of `org` between them.
    #[must_use]
    pub fn boundary_changed(&self, org: u32, one: Period, other: Period) -> bool {
        if !self.has_moves {
            return false;
        }
        let set = |period: Period| -> HashSet<u32> { self.below(org, Some(period)).into_iter().collect() };
        let (before, after) = (set(one), set(other));
        before
            .symmetric_difference(&after)
            .any(|moved| self.exists(*moved, one) && self.exists(*moved, other))
    }

    /// In a recast tree: whether the boundary as it was reported changed, so that a figure that `org` gave itself is not of the same boundary.
    #[must_use]
    pub fn reported_boundary_changed(&self, org: u32, one: Period, other: Period) -> bool {
        let reported = self.reported.as_ref();
        reported.is_some_and(|reported| reported.boundary_changed(org, one, other))
    }

    /// The organisations below `org` in the last month of `period`, in pre-order, without `org` itself.
    #[must_use]
    pub fn below(&self, org: u32, period: Option<Period>) -> Vec<u32> {
        let mut found = Vec::new();
        let mut seen = HashSet::from([org]);
        let mut stack = self.parts(org, period);
        stack.reverse();
        while let Some(next) = stack.pop() {
            // A circle that existed in the past must not hold the walk.
            if seen.insert(next) {
                found.push(next);
                let from = stack.len();
                stack.extend(self.children(next, period));
                stack[from..].reverse();
            }
        }
        found
    }
}
