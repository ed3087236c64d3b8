//! Puts the keys of an answer into the order of the query. The library gives them in the order in which resolvers finish, which would make equal answers
//! unequal byte by byte.

use std::collections::HashSet;

use async_graphql::Value;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet};

/// The order of the keys of one selection, and of those inside each.
#[derive(Debug, Default)]
pub(super) struct Order {
    keys: IndexMap<String, Order>,
}

impl Order {
    /// The order that `document` asks for.
    pub(super) fn of(document: &ExecutableDocument, operation: Option<&str>) -> Self {
        let sets = match &document.operations {
            DocumentOperations::Single(single) => vec![&single.node.selection_set.node],
            DocumentOperations::Multiple(several) => several
                .iter()
                .filter(|(name, _)| operation.is_none_or(|wanted| wanted == name.as_str()))
                .map(|(_, definition)| &definition.node.selection_set.node)
                .collect(),
        };
        Self::merged(document, &sets)
    }

    /// Fields of the same key are one field with all their inner fields.
    fn merged(document: &ExecutableDocument, sets: &[&SelectionSet]) -> Self {
        let mut inner: IndexMap<String, Vec<&SelectionSet>> = IndexMap::new();
        let mut seen = HashSet::new();
        for set in sets {
            gather(document, set, &mut inner, &mut seen);
        }
        Self {
            keys: inner
                .into_iter()
                .map(|(key, sets)| (key, Self::merged(document, &sets)))
                .collect(),
        }
    }

    /// Sorts `value` and everything in it.
    pub(super) fn arrange(&self, value: &mut Value) {
        match value {
            Value::List(items) => items.iter_mut().for_each(|item| self.arrange(item)),
            Value::Object(fields) if !self.keys.is_empty() => {
                let place = |key: &str| self.keys.get_index_of(key).unwrap_or(usize::MAX);
                fields.sort_by_cached_key(|key, _| place(key.as_str()));
                for (key, value) in fields {
                    if let Some(order) = self.keys.get(key.as_str()) {
                        order.arrange(value);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The fields of a set in the order in which they are met, each fragment entered once.
fn gather<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    inner: &mut IndexMap<String, Vec<&'a SelectionSet>>,
    seen: &mut HashSet<&'a str>,
) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let key = field.node.response_key().node.to_string();
                inner.entry(key).or_default().push(&field.node.selection_set.node);
            }
            Selection::InlineFragment(fragment) => gather(document, &fragment.node.selection_set.node, inner, seen),
            Selection::FragmentSpread(spread) => {
                let name = spread.node.fragment_name.node.as_str();
                if let Some(fragment) = document.fragments.get(name)
                    && seen.insert(name)
                {
                    gather(document, &fragment.node.selection_set.node, inner, seen);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    fn arranged(query: &str, mut value: Value) -> String {
        let document = async_graphql::parser::parse_query(query).unwrap();
        Order::of(&document, None).arrange(&mut value);
        value.to_string()
    }

    #[test]
    fn keys_follow_the_query_through_lists_aliases_and_fragments() {
        let query = "{ b: x a { ...f c } } fragment f on T { d e } ";
        let value = value!({ "a": [{ "c": 1, "e": 2, "d": 3 }, { "d": 1, "c": 2 }], "b": 0 });
        assert_eq!(arranged(query, value), "{b: 0, a: [{d: 3, e: 2, c: 1}, {d: 1, c: 2}]}");
    }

    #[test]
    fn a_field_that_is_asked_twice_stands_where_it_is_asked_first() {
        assert_eq!(
            arranged("{ a { x } b a { y } }", value!({ "b": 1, "a": { "y": 1, "x": 2 } })),
            "{a: {x: 2, y: 1}, b: 1}"
        );
    }
}
