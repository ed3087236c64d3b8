//! What a tree is built from, and what it keeps of it.

/// One organisation, given in any order.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its key.
    pub id: i64,
    /// First month of its existence, if it has one.
    pub valid_from: Option<i32>,
    /// Last month of its existence, if it has one.
    pub valid_to: Option<i32>,
    /// How high it stands: organisations of one parent and level are peers.
    pub level: u8,
    /// Whether its figures count where it gives any, but none are owed: a department beside the territorial line.
    pub optional: bool,
}

/// A parent for some time; both months included, open where `None`.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The child's key.
    pub child: i64,
    /// The parent's key.
    pub parent: i64,
    /// First month.
    pub valid_from: Option<i32>,
    /// Last month.
    pub valid_to: Option<i32>,
}

/// One organisation that another followed when it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Succession {
    /// Key of the one that ended.
    pub predecessor: i64,
    /// Key of the one that began.
    pub successor: i64,
}

/// What the tree keeps of an organisation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) id: i64,
    pub(super) from_month: i32,
    pub(super) to_month: i32,
    pub(super) level: u8,
    pub(super) optional: bool,
    /// The month before which a succession explains that there are no figures.
    pub(super) begun: Option<i32>,
}

impl Place {
    pub(super) fn exists_at(&self, month: i32) -> bool {
        self.from_month <= month && month <= self.to_month
    }
}

/// A child or parent link between ordinals.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) to: u32,
    pub(super) from_month: i32,
    pub(super) to_month: i32,
}

impl Link {
    pub(super) fn holds_at(&self, month: i32) -> bool {
        self.from_month <= month && month <= self.to_month
    }
}
