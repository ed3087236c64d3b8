//! Puts the keys of an answer into the order of the query. The library gives them in the order in which resolvers finish, which would make equal answers
//! unequal byte by byte.

use std::collections::HashMap;

use async_graphql::Value;
use async_graphql::indexmap::IndexMap;

/// The key of the field that shows that an object is there, and its type. No query can have it: it is no name.
pub(super) const MARK: &str = " ";

/// The order of the keys of one selection, and of those inside each.
#[derive(Debug, Default)]
pub(super) enum Order {
    /// Of what has no fields to ask for.
    #[default]
    Leaf,
    /// Of objects of one type.
    Keys(IndexMap<String, Order>),
    /// Of objects of several types, by type.
    Types(HashMap<String, Order>),
}

impl Order {
    /// Sorts `value` and everything in it, and takes the marks out.
    pub(super) fn arrange(&self, value: &mut Value) {
        match value {
            Value::List(items) => items.iter_mut().for_each(|item| self.arrange(item)),
            Value::Object(fields) => self.arrange_object(fields),
            _ => {}
        }
    }

    fn arrange_object(&self, fields: &mut IndexMap<async_graphql::Name, Value>) {
        let keys = match self {
            Self::Leaf => return,
            Self::Keys(keys) => keys,
            Self::Types(orders) => {
                if let Some(Value::String(of)) = fields.shift_remove(MARK)
                    && let Some(order) = orders.get(&of)
                {
                    order.arrange_object(fields);
                }
                return;
            }
        };
        if keys.is_empty() {
            fields.shift_remove(MARK);
            return;
        }
        let place = |key: &str| keys.get_index_of(key).unwrap_or(usize::MAX);
        fields.sort_by_cached_key(|key, _| place(key.as_str()));
        for (key, value) in fields {
            if let Some(order) = keys.get(key.as_str()) {
                order.arrange(value);
            }
        }
    }
}
