//! Under which tree a question is answered: that of each period, or that of one month for all periods.

use analytics::period::Period;
use strum::Display;

use super::access::Sight;
use super::selector::OrgSelector;
use crate::error::Error;

/// Which tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Display)]
pub enum Hierarchy {
    /// That of each period.
    AsReported,
    /// That of the current period.
    Current,
    /// That of a period that is named.
    AsOf,
}

/// A tree with the period that it may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    hierarchy: Hierarchy,
    at: Option<Period>,
}

impl View {
    /// `hierarchy`, of `AS_OF` the one `at` the end of a period.
    ///
    /// # Errors
    /// [`Error::Input`] for `AS_OF` without a period, and a period without it.
    pub fn new(hierarchy: Hierarchy, at: Option<Period>) -> Result<Self, Error> {
        match (hierarchy, at) {
            (Hierarchy::AsOf, None) => Err(Error::input(
                "hierarchy AS_OF needs hierarchyAt",
                "name the period whose last month has the tree, as hierarchyAt: \"2020\"",
            )),
            (Hierarchy::AsReported | Hierarchy::Current, Some(_)) => Err(Error::input(
                "hierarchyAt goes with hierarchy AS_OF only",
                "set hierarchy: AS_OF or leave hierarchyAt out",
            )),
            (hierarchy, at) => Ok(Self { hierarchy, at }),
        }
    }

    /// Which tree.
    #[must_use]
    pub fn hierarchy(self) -> Hierarchy {
        self.hierarchy
    }

    /// The period in whose last month the tree was as it is used; none where each period has its own.
    #[must_use]
    pub fn period(self, current: Period) -> Option<Period> {
        match self.hierarchy {
            Hierarchy::AsReported => None,
            Hierarchy::Current => Some(current),
            Hierarchy::AsOf => self.at,
        }
    }

    /// The ordinals of `orgs` in a question about `current`: under one tree, unless they are named, those that exist in it.
    ///
    /// # Errors
    /// As [`OrgSelector::resolve`].
    pub(super) fn orgs(
        self,
        orgs: &OrgSelector,
        sight: &Sight,
        indicators: &[i64],
        current: Period,
    ) -> Result<Vec<u32>, Error> {
        let Some(at) = self.period(current) else {
            return orgs.resolve(sight, indicators, Some(current));
        };
        let mut chosen = orgs.resolve(sight, indicators, Some(at))?;
        if orgs.codes.is_none() {
            chosen.retain(|org| sight.snapshot.catalog.tree().exists(*org, at));
        }
        Ok(chosen)
    }
}
