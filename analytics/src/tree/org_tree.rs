//! The tree itself: organisations numbered, and linked for some time.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::node::{Edge, Link, Node, Place, Succession};
use crate::error::Error;

/// The tree. Ordinals number the organisations in pre-order of the newest tree, so that a subtree is one run of ordinals.
#[derive(Clone, Debug, Default)]
pub struct OrgTree {
    pub(super) places: Vec<Place>,
    pub(super) ordinals: HashMap<i64, u32>,
    pub(super) children: Vec<Vec<Link>>,
    pub(super) parents: Vec<Vec<Link>>,
    /// Whether any organisation has had two parents, or one for some time only.
    pub(super) has_moves: bool,
    /// Who followed whom, both ways.
    pub(super) successors: HashMap<u32, Vec<u32>>,
    pub(super) predecessors: HashMap<u32, Vec<u32>>,
    /// Of a recast tree: what is put together for an organisation asked for itself, and counted elsewhere from above.
    pub(super) asides: HashMap<u32, Vec<Link>>,
    /// Of a recast tree: by a predecessor, the organisation that it became part of.
    pub(super) heirs: HashMap<u32, u32>,
    /// Of a recast tree: the one that it was made of.
    pub(super) reported: Option<Arc<Self>>,
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
            ..Self::default()
        };
        for edge in edges {
            tree.link(edge);
        }
        tree.settle();
        Ok(tree)
    }

    /// The same tree, knowing who followed whom.
    #[must_use]
    pub fn succeeded(mut self, successions: &[Succession]) -> Self {
        for succession in successions {
            let ends = (self.ordinal(succession.predecessor), self.ordinal(succession.successor));
            if let (Some(predecessor), Some(successor)) = ends {
                self.successors.entry(predecessor).or_default().push(successor);
                self.predecessors.entry(successor).or_default().push(predecessor);
                if let Some(place) = self.places.get_mut(successor as usize) {
                    place.begun = Some(place.from_month);
                }
            }
        }
        self
    }

    /// Puts links in order once all are there.
    pub(super) fn settle(&mut self) {
        let is_limited = |link: &Link| link.from_month > i32::MIN || link.to_month < i32::MAX;
        self.has_moves = self
            .parents
            .iter()
            .any(|links| links.len() > 1 || links.iter().any(is_limited));
        for links in &mut self.children {
            links.sort_by_key(|link| link.to);
        }
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
            begun: None,
        };
        ids.iter().filter_map(|id| by_id.get(id)).map(place).collect()
    }

    fn link(&mut self, edge: &Edge) {
        let (Some(child), Some(parent)) = (self.ordinal(edge.child), self.ordinal(edge.parent)) else {
            return;
        };
        let (from_month, to_month) = (edge.valid_from.unwrap_or(i32::MIN), edge.valid_to.unwrap_or(i32::MAX));
        self.join(child, parent, (from_month, to_month));
    }

    /// Puts `child` under `parent` for some months, both included.
    pub(super) fn join(&mut self, child: u32, parent: u32, (from_month, to_month): (i32, i32)) {
        let link = |to| Link {
            to,
            from_month,
            to_month,
        };
        self.children[parent as usize].push(link(child));
        self.parents[child as usize].push(link(parent));
    }

    /// `org` and everything below it in the newest tree: one run of ordinals. Not for a recast tree, which keeps the ordinals and moves the links.
    #[must_use]
    pub fn run(&self, org: u32) -> Range<u32> {
        let newest = |org: u32| {
            let links = self.parents.get(org as usize).into_iter().flatten();
            links
                .reduce(|known, link| if link.to_month > known.to_month { link } else { known })
                .map(|link| link.to)
        };
        let last = u32::try_from(self.len()).unwrap_or(u32::MAX);
        let mut end = org.saturating_add(1).min(last);
        while end < last && newest(end).is_some_and(|parent| parent >= org) {
            end += 1;
        }
        org..end
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::period::Period;

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
        assert_eq!((tree.run(0), tree.run(1), tree.run(3)), (0..5, 1..4, 3..4));
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
        // Whoever may read an organisation reads what stands below it today, with all its years.
        assert_eq!((tree.run(0), tree.run(1)), (0..1, 1..3));
    }

    #[test]
    fn a_circle_is_refused() {
        assert!(matches!(
            OrgTree::build(&[node(1), node(2)], &[edge(1, 2), edge(2, 1)]),
            Err(Error::Circle(_))
        ));
    }
}
