//! Weights spread over what counts: the weight of what is left out goes to its neighbours in proportion, and none of it is lost.

use rust_decimal::Decimal;

use super::framework::Framework;
use super::sheet::settled;

/// The shape of a framework in one track: for each node its full marks, and its children that apply.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    weights: Vec<Option<Decimal>>,
    children: Vec<Vec<usize>>,
    roots: Vec<usize>,
    total: Decimal,
}

impl Shape {
    pub(super) fn of(framework: &Framework, track: usize) -> Self {
        let weights: Vec<Option<Decimal>> = framework
            .nodes
            .iter()
            .map(|node| node.weights.get(track).copied().flatten())
            .collect();
        let mut shape = Self {
            children: vec![Vec::new(); weights.len()],
            roots: Vec::new(),
            total: framework.total,
            weights,
        };
        for (place, node) in framework.nodes.iter().enumerate() {
            if shape.weights[place].is_none() {
                continue;
            }
            match node.parent {
                Some(parent) if parent < place => shape.children[parent].push(place),
                Some(_) => {}
                None => shape.roots.push(place),
            }
        }
        shape
    }

    /// The full marks of a node.
    pub(super) fn weight(&self, node: usize) -> Option<Decimal> {
        self.weights.get(node).copied().flatten()
    }

    /// The children of a node that apply.
    pub(super) fn children(&self, node: usize) -> &[usize] {
        self.children.get(node).map_or(&[], Vec::as_slice)
    }

    /// The full marks of each node when of the leaves only those that `counts` says are counted; none for what is left out.
    pub(super) fn spread(&self, counts: &[bool]) -> Vec<Option<Decimal>> {
        let mut alive: Vec<bool> = (0..self.weights.len())
            .map(|node| self.children(node).is_empty() && counts.get(node).copied().unwrap_or(false))
            .collect();
        for node in (0..alive.len()).rev() {
            if self.children(node).iter().any(|child| alive[*child]) {
                alive[node] = true;
            }
        }
        let mut spread = vec![None; self.weights.len()];
        self.share(self.total, &self.roots, &alive, &mut spread);
        for node in 0..spread.len() {
            if let Some(weight) = spread[node] {
                self.share(weight, self.children(node), &alive, &mut spread);
            }
        }
        spread
    }

    /// Gives `weight` to those of `nodes` that count, in proportion to their full marks.
    fn share(&self, weight: Decimal, nodes: &[usize], alive: &[bool], spread: &mut [Option<Decimal>]) {
        let counted = || nodes.iter().copied().filter(|node| alive[*node]);
        let own: Decimal = counted().filter_map(|node| self.weight(node)).sum();
        let (mut left, last) = (weight, counted().next_back());
        for node in counted() {
            let nominal = self.weight(node).unwrap_or_default();
            // The last takes what is left, so that the parts are the whole exactly.
            let part = match nominal.saturating_mul(weight).checked_div(own) {
                _ if own == weight => nominal,
                Some(part) if Some(node) != last => settled(part),
                _ => left,
            };
            left -= part;
            spread[node] = Some(part);
        }
    }
}
