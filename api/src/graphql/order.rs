//! Puts the keys of an answer into the order of the query: the library gives them in the order in which resolvers finish, which would make equal answers
//! unequal byte by byte. And where a field failed puts null where the specification has it: the library leaves its key out, makes an object null of which all
//! fields failed, and lets a null stand where the type has none.

use std::collections::HashMap;

use async_graphql::indexmap::IndexMap;
use async_graphql::{Name, PathSegment, Response, Value};

use super::nulls::Nulls;

/// The key of the field that shows that an object is there, and its type. No query can have it: it is no name.
pub(super) const MARK: &str = " ";

/// The order of the keys of one selection, and of those inside each.
#[derive(Debug, Default)]
pub(super) enum Order {
    /// Of what has no fields to ask for.
    #[default]
    Leaf,
    /// Of objects of one type.
    Keys(IndexMap<String, Part>),
    /// Of objects of several types, by type.
    Types(HashMap<String, Order>),
}

/// One key of a selection.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) nulls: Nulls,
    pub(super) order: Order,
}

impl Order {
    /// Sorts the data of a response and takes the marks out; where fields failed, their nulls come in.
    pub(super) fn finish(&self, response: &mut Response) {
        if response.errors.is_empty() {
            return self.arrange(&mut response.data);
        }
        for error in &response.errors {
            self.restore(&mut response.data, &error.path);
        }
        // The data as a whole may be null.
        self.settle(&mut response.data, Nulls::default());
    }

    /// Sorts `value` and everything in it, and takes the marks out.
    pub(super) fn arrange(&self, value: &mut Value) {
        match value {
            Value::List(items) => items.iter_mut().for_each(|item| self.arrange(item)),
            Value::Object(fields) => {
                let Some(keys) = self.keys(fields) else { return };
                sort(keys, fields);
                for (key, value) in fields {
                    if let Some(part) = keys.get(key.as_str()) {
                        part.order.arrange(value);
                    }
                }
            }
            _ => {}
        }
    }

    /// The keys of an object, whose mark is taken out.
    fn keys(&self, fields: &mut IndexMap<Name, Value>) -> Option<&IndexMap<String, Part>> {
        match self {
            Self::Leaf => None,
            Self::Keys(keys) => {
                if keys.is_empty() {
                    fields.shift_remove(MARK);
                }
                Some(keys)
            }
            Self::Types(orders) => match fields.shift_remove(MARK) {
                Some(Value::String(of)) => orders.get(&of)?.keys(fields),
                _ => None,
            },
        }
    }

    /// Gives a field that failed its key, and the object around it, if it became null because all its fields failed.
    fn restore(&self, value: &mut Value, path: &[PathSegment]) {
        let Some((segment, rest)) = path.split_first() else {
            return;
        };
        match (self, segment) {
            (_, PathSegment::Index(place)) => {
                if let Value::List(items) = value
                    && let Some(item) = items.get_mut(*place)
                {
                    self.restore(item, rest);
                }
            }
            (Self::Keys(keys), PathSegment::Field(name)) => {
                if *value == Value::Null {
                    *value = Value::Object(IndexMap::new());
                }
                if let Value::Object(fields) = value
                    && let Some(part) = keys.get(name)
                {
                    let field = fields.entry(Name::new(name)).or_insert(Value::Null);
                    if !rest.is_empty() {
                        part.order.restore(field, rest);
                    }
                }
            }
            (Self::Types(orders), PathSegment::Field(_)) => {
                // Its mark never fails, so it is no null.
                if let Value::Object(fields) = value
                    && let Some(Value::String(of)) = fields.get(MARK)
                    && let Some(order) = orders.get(of)
                {
                    order.restore(value, path);
                }
            }
            (Self::Leaf, PathSegment::Field(_)) => {}
        }
    }

    /// Sorts as [`Order::arrange`], with a null for every key that failed; what holds a null where its type has none is null itself. Whether `value` may stand.
    fn settle(&self, value: &mut Value, nulls: Nulls) -> bool {
        let is_whole = match value {
            Value::Null => false,
            // Every item is looked at: their marks come out as well.
            Value::List(items) => {
                let mut is_whole = true;
                for item in items {
                    is_whole &= self.settle(item, nulls.items());
                }
                is_whole
            }
            Value::Object(fields) => match self.keys(fields) {
                Some(keys) => settle_object(keys, fields),
                None => true,
            },
            _ => true,
        };
        if !is_whole {
            *value = Value::Null;
        }
        is_whole || nulls.here()
    }
}

fn settle_object(keys: &IndexMap<String, Part>, fields: &mut IndexMap<Name, Value>) -> bool {
    let mut is_whole = true;
    for (key, part) in keys {
        let field = fields.entry(Name::new(key)).or_insert(Value::Null);
        is_whole &= part.order.settle(field, part.nulls);
    }
    sort(keys, fields);
    is_whole
}

fn sort(keys: &IndexMap<String, Part>, fields: &mut IndexMap<Name, Value>) {
    let place = |key: &str| keys.get_index_of(key).unwrap_or(usize::MAX);
    fields.sort_by_cached_key(|key, _| place(key.as_str()));
}

#[cfg(test)]
mod tests {
    use async_graphql::{ServerError, value};

    use super::*;

    fn part(nulls: Nulls, order: Order) -> Part {
        Part { nulls, order }
    }

    fn keys(parts: Vec<(&str, Part)>) -> Order {
        Order::Keys(parts.into_iter().map(|(key, part)| (key.to_owned(), part)).collect())
    }

    /// `of` is an object that may not be null, `maybe` one that may; each has `here`, which may not be null, and `there`, which may.
    fn order() -> Order {
        let leaf = |nulls| part(nulls, Order::Leaf);
        let object = || keys(vec![("there", leaf(Nulls::default())), ("here", leaf(Nulls::NONE))]);
        keys(vec![
            ("maybe", part(Nulls::default(), object())),
            ("of", part(Nulls::NONE, object())),
            ("list", part(Nulls::default(), object())),
        ])
    }

    fn answer(data: Value, paths: &[Vec<PathSegment>]) -> String {
        let mut response = Response::new(data);
        response.errors = paths
            .iter()
            .map(|path| ServerError {
                path: path.clone(),
                ..ServerError::new("no", None)
            })
            .collect();
        order().finish(&mut response);
        response.data.to_string()
    }

    fn path(keys: &[&str]) -> Vec<PathSegment> {
        let segment = |key: &&str| match key.parse() {
            Ok(place) => PathSegment::Index(place),
            Err(_) => PathSegment::Field((*key).to_owned()),
        };
        keys.iter().map(segment).collect()
    }

    #[test]
    fn what_failed_is_null_where_it_may_be() {
        let rest = value!({ "of": { "here": 1, "there": 2 }, "list": [], "maybe": { "here": 1 } });
        assert_eq!(
            answer(rest, &[path(&["maybe", "there"])]),
            "{maybe: {there: null, here: 1}, of: {there: 2, here: 1}, list: []}"
        );
        // All that was asked of it failed, and it is there nevertheless.
        let alone =
            || value!({ "of": { "here": 1, "there": 2 }, "list": [{ "here": 1, "there": 2 }, null], "maybe": null });
        let both = [path(&["maybe", "there"]), path(&["maybe", "here"])];
        assert_eq!(
            answer(alone(), &both),
            "{maybe: null, of: {there: 2, here: 1}, list: [{there: 2, here: 1}, null]}"
        );
        assert_eq!(
            answer(alone(), &[path(&["list", "1", "there"])]),
            "{maybe: null, of: {there: 2, here: 1}, list: [{there: 2, here: 1}, null]}"
        );
    }

    #[test]
    fn what_may_not_be_null_takes_what_is_around_it_along() {
        let data = value!({ "maybe": { "there": 2 }, "of": { "here": 1, "there": 2 }, "list": [] });
        assert_eq!(
            answer(data, &[path(&["maybe", "here"])]),
            "{maybe: null, of: {there: 2, here: 1}, list: []}"
        );
        let data = value!({ "maybe": { "here": 1, "there": 2 }, "of": { "there": 2 }, "list": [] });
        assert_eq!(answer(data, &[path(&["of", "here"])]), "null");
        assert_eq!(answer(value!(null), &[path(&["of", "here"]), path(&["list"])]), "null");
        // Refused before it ran.
        assert_eq!(answer(value!(null), &[Vec::new()]), "null");
    }
}
