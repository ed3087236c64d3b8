//! Parents before children, and no circle.

use std::collections::HashMap;

use super::Builder;
use crate::intake::problem::suggest;

impl Builder<'_> {
    /// The places of the nodes, each after its parent, adjustments last; what no way from the top leads to is a fault.
    pub(super) fn order(&mut self) -> Vec<usize> {
        let nodes = &self.placed.entry.node;
        let codes: HashMap<&str, usize> = nodes
            .iter()
            .enumerate()
            .map(|(place, node)| (node.code.get_ref().as_str(), place))
            .collect();
        let (mut tops, mut beside) = (Vec::new(), Vec::new());
        let mut children: HashMap<usize, Vec<usize>> = HashMap::new();
        for (place, node) in nodes.iter().enumerate() {
            let Some(parent) = &node.parent else {
                let is_adjustment = node
                    .rule
                    .as_ref()
                    .is_some_and(|rule| matches!(rule.get_ref().as_str(), "BONUS" | "PENALTY" | "VETO"));
                if is_adjustment {
                    beside.push(place)
                } else {
                    tops.push(place)
                }
                continue;
            };
            match codes.get(parent.get_ref().as_str()) {
                Some(above) => children.entry(*above).or_default().push(place),
                None => {
                    let hint = suggest(parent.get_ref(), codes.keys().copied(), "name a node of this framework");
                    self.fault(
                        parent.span(),
                        "parent",
                        format!("there is no node `{}`", parent.get_ref()),
                        hint,
                    );
                }
            }
        }
        let mut order = Vec::with_capacity(nodes.len());
        let mut stack: Vec<usize> = tops.into_iter().rev().collect();
        while let Some(place) = stack.pop() {
            order.push(place);
            stack.extend(children.get(&place).into_iter().flatten().rev());
        }
        order.extend(beside);
        if self.faults.is_empty() {
            let mut reached = vec![false; nodes.len()];
            order.iter().for_each(|place| reached[*place] = true);
            for (place, node) in nodes.iter().enumerate().filter(|(place, _)| !reached[*place]) {
                let message = format!("`{}` belongs to itself in a circle", nodes[place].code.get_ref());
                let span = node
                    .parent
                    .as_ref()
                    .map_or_else(|| node.code.span(), toml::Spanned::span);
                self.fault(
                    span,
                    "parent",
                    message,
                    "one node of the circle must stand at the top, without parent",
                );
            }
        }
        order
    }
}
