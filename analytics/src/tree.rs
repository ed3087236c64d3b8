//! The organisations as a tree whose parents are valid in time.

use std::collections::{HashMap, HashSet};

use crate::error::Error;
use crate::period::Period;

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

/// What the tree keeps of an organisation.
#[derive(Clone, Copy, Debug)]
struct Place {
    id: i64,
    from_month: i32,
    to_month: i32,
    level: u8,
    optional: bool,
}

/// A child or parent link between ordinals.
#[derive(Clone, Copy, Debug)]
struct Link {
    to: u32,
    from_month: i32,
    to_month: i32,
}

impl Link {
    fn holds_at(&self, month: i32) -> bool {
        self.from_month <= month && month <= self.to_month
    }
}

/// The tree. Ordinals number the organisations in pre-order of the newest tree, so that a subtree is one run of ordinals.
#[derive(Clone, Debug, Default)]
pub struct OrgTree {
    places: Vec<Place>,
    ordinals: HashMap<i64, u32>,
    children: Vec<Vec<Link>>,
    parents: Vec<Vec<Link>>,
    /// Whether any organisation has had two parents.
    has_moves: bool,
}

impl OrgTree {
    /// Numbers the organisations.
    ///
    /// # Errors
    /// [`Error::Circle`] when the newest parents form a circle.
    pub fn build(nodes: &[Node], edges: &[Edge]) -> Result<Self, Error> {
        let mut newest: HashMap<i64, &Edge> = HashMap::new();
        for edge in edges {
            let until = |edge: &Edge| edge.valid_to.unwrap_or(i32::MAX);
            newest
                .entry(edge.child)
                .and_modify(|known| {
                    if until(edge) > until(known) {
                        *known = edge;
                    }
                })
                .or_insert(edge);
        }
        let mut children_of: HashMap<i64, Vec<i64>> = HashMap::new();
        for node in nodes {
            if let Some(edge) = newest.get(&node.id) {
                children_of.entry(edge.parent).or_default().push(node.id);
            }
        }
        let mut ids = Vec::with_capacity(nodes.len());
        let mut stack: Vec<i64> = nodes
            .iter()
            .rev()
            .map(|node| node.id)
            .filter(|id| !newest.contains_key(id))
            .collect();
        while let Some(id) = stack.pop() {
            ids.push(id);
            stack.extend(children_of.get(&id).into_iter().flatten().rev());
        }
        let ordinals: HashMap<i64, u32> = (0u32..).zip(&ids).map(|(ordinal, id)| (*id, ordinal)).collect();
        if let Some((index, _)) = nodes
            .iter()
            .enumerate()
            .find(|(_, node)| !ordinals.contains_key(&node.id))
        {
            return Err(Error::Circle(u32::try_from(index).unwrap_or(u32::MAX)));
        }
        let mut tree = Self {
            children: vec![Vec::new(); ids.len()],
            parents: vec![Vec::new(); ids.len()],
            places: Self::places(nodes, &ids),
            ordinals,
            has_moves: false,
        };
        for edge in edges {
            tree.link(edge);
        }
        tree.has_moves = tree.parents.iter().any(|links| {
            links.len() > 1
                || links
                    .iter()
                    .any(|link| link.from_month > i32::MIN || link.to_month < i32::MAX)
        });
        for links in &mut tree.children {
            links.sort_by_key(|link| link.to);
        }
        Ok(tree)
    }

    /// What is kept of each node, by ordinal.
    fn places(nodes: &[Node], ids: &[i64]) -> Vec<Place> {
        let by_id: HashMap<i64, &Node> = nodes.iter().map(|node| (node.id, node)).collect();
        let place = |node: &&Node| Place {
            id: node.id,
            from_month: node.valid_from.unwrap_or(i32::MIN),
            to_month: node.valid_to.unwrap_or(i32::MAX),
            level: node.level,
            optional: node.optional,
        };
        ids.iter().filter_map(|id| by_id.get(id)).map(place).collect()
    }

    fn link(&mut self, edge: &Edge) {
        let (Some(child), Some(parent)) = (self.ordinal(edge.child), self.ordinal(edge.parent)) else {
            return;
        };
        let (from_month, to_month) = (edge.valid_from.unwrap_or(i32::MIN), edge.valid_to.unwrap_or(i32::MAX));
        self.children[parent as usize].push(Link {
            to: child,
            from_month,
            to_month,
        });
        self.parents[child as usize].push(Link {
            to: parent,
            from_month,
            to_month,
        });
    }

    /// Number of organisations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The ordinal of key `id`.
    #[must_use]
    pub fn ordinal(&self, id: i64) -> Option<u32> {
        self.ordinals.get(&id).copied()
    }

    /// The key of ordinal `org`.
    #[must_use]
    pub fn id(&self, org: u32) -> Option<i64> {
        self.places.get(org as usize).map(|place| place.id)
    }

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

    /// Whether the organisation exists in the last month of `period`.
    #[must_use]
    pub fn exists(&self, org: u32, period: Period) -> bool {
        let month = period.end_month();
        self.places
            .get(org as usize)
            .is_some_and(|place| place.from_month <= month && month <= place.to_month)
    }

    /// Whether figures of the organisation are taken in where it gives any, but none are owed.
    #[must_use]
    pub fn is_optional(&self, org: u32) -> bool {
        self.places.get(org as usize).is_some_and(|place| place.optional)
    }

    /// The other organisations of the same level under the same parent in the last month of `period`.
    #[must_use]
    pub fn peers(&self, org: u32, period: Period) -> Vec<u32> {
        let level = |org: u32| self.places.get(org as usize).map(|place| place.level);
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

    /// The organisations below `org` in the last month of `period`, in pre-order, without `org` itself.
    #[must_use]
    pub fn below(&self, org: u32, period: Option<Period>) -> Vec<u32> {
        let mut found = Vec::new();
        let mut seen = HashSet::from([org]);
        let mut stack: Vec<u32> = self.children(org, period).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: i64) -> Node {
        Node {
            id,
            valid_from: None,
            valid_to: None,
            level: 0,
            optional: false,
        }
    }

    fn edge(child: i64, parent: i64) -> Edge {
        Edge {
            child,
            parent,
            valid_from: None,
            valid_to: None,
        }
    }

    fn ids(tree: &OrgTree, org: i64, period: Option<&str>) -> Vec<i64> {
        let period = period.map(|code| code.parse().unwrap());
        tree.below(tree.ordinal(org).unwrap(), period)
            .into_iter()
            .filter_map(|ordinal| tree.id(ordinal))
            .collect()
    }

    #[test]
    fn a_subtree_is_one_run_of_ordinals() {
        let tree = OrgTree::build(
            &[node(5), node(1), node(2), node(3), node(4)],
            &[edge(2, 1), edge(3, 2), edge(4, 1), edge(5, 3)],
        )
        .unwrap();
        assert_eq!(tree.ordinal(1), Some(0));
        assert_eq!(ids(&tree, 1, None), [2, 3, 5, 4]);
        assert_eq!(ids(&tree, 2, None), [3, 5]);
        assert_eq!(tree.parent(tree.ordinal(5).unwrap(), None), tree.ordinal(3));
    }

    #[test]
    fn a_move_changes_the_tree_from_its_month_on() {
        let december = "2020-12".parse::<Period>().unwrap().end_month();
        let edges = [
            Edge {
                child: 3,
                parent: 1,
                valid_from: None,
                valid_to: Some(december),
            },
            Edge {
                child: 3,
                parent: 2,
                valid_from: Some(december + 1),
                valid_to: None,
            },
        ];
        let tree = OrgTree::build(&[node(1), node(2), node(3)], &edges).unwrap();
        assert_eq!(ids(&tree, 1, Some("2020")), [3]);
        assert_eq!(ids(&tree, 1, Some("2021")), Vec::<i64>::new());
        assert_eq!(ids(&tree, 2, Some("2021")), [3]);
        assert_eq!(ids(&tree, 2, None), [3]);
    }

    #[test]
    fn a_circle_is_refused() {
        assert!(matches!(
            OrgTree::build(&[node(1), node(2)], &[edge(1, 2), edge(2, 1)]),
            Err(Error::Circle(_))
        ));
    }
}
