//! Values of variables and arguments, as the specification coerces them: what is left out takes its default, and is not null.

use std::collections::HashSet;

use async_graphql::parser::types::OperationDefinition;
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::Value as InputValue;

/// The arguments of a field as written.
pub(super) type Arguments = Vec<(Positioned<Name>, Positioned<InputValue>)>;

/// The defaults of variables that were left out.
pub(super) fn fill(operation: &OperationDefinition, variables: &mut Variables) {
    for definition in &operation.variable_definitions {
        // Not `default_value()`, which gives null where there is none.
        if let Some(default) = &definition.node.default_value {
            let name = definition.node.name.node.clone();
            variables.entry(name).or_insert_with(|| default.node.clone());
        }
    }
}

/// The arguments without those whose variable has no value: there the argument's own default holds. The variables that are left go to `used`.
pub(super) fn given(written: &Arguments, variables: &Variables, used: &mut HashSet<Name>) -> Arguments {
    let mut left = Vec::with_capacity(written.len());
    for (name, argument) in written {
        if let Some(found) = value(&argument.node, variables, used) {
            left.push((name.clone(), Positioned::new(found, argument.pos)));
        }
    }
    left
}

/// A value without the fields whose variables have none; in a list such a variable is null.
fn value(written: &InputValue, variables: &Variables, used: &mut HashSet<Name>) -> Option<InputValue> {
    match written {
        InputValue::Variable(name) if !variables.contains_key(name) => None,
        InputValue::Variable(name) => {
            used.insert(name.clone());
            Some(written.clone())
        }
        InputValue::List(items) => {
            let items = items
                .iter()
                .map(|item| value(item, variables, used).unwrap_or_default());
            Some(InputValue::List(items.collect()))
        }
        InputValue::Object(fields) => {
            let given = |(name, field): (&Name, &InputValue)| Some((name.clone(), value(field, variables, used)?));
            Some(InputValue::Object(fields.iter().filter_map(given).collect()))
        }
        known => Some(known.clone()),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::types::Selection;
    use async_graphql::value;

    use super::*;

    fn left(query: &str, sent: async_graphql::Value) -> String {
        let document = async_graphql::parser::parse_query(query).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let mut variables = Variables::from_value(sent);
        fill(&operation.node, &mut variables);
        let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else {
            panic!("{query}");
        };
        let mut used = HashSet::new();
        let left = given(&field.node.arguments, &variables, &mut used);
        let mut used: Vec<&str> = used.iter().map(Name::as_str).collect();
        used.sort_unstable();
        let left: Vec<String> = left
            .iter()
            .map(|(name, value)| format!("{}: {}", name.node, value.node))
            .collect();
        format!("{} | {}", left.join(", "), used.join(" "))
    }

    #[test]
    fn what_is_left_out_is_not_given() {
        let query = "query ($a: Int, $b: Int = 2, $c: Int = null) { x(a: $a, b: $b, c: $c, d: 1) }";
        assert_eq!(left(query, value!({})), "b: $b, c: $c, d: 1 | b c");
        assert_eq!(left(query, value!({ "a": null })), "a: $a, b: $b, c: $c, d: 1 | a b c");
        let nested = "query ($a: Int, $b: Int) { x(of: { a: $a, far: { a: [$a, $b, 1], b: $b } }) }";
        assert_eq!(
            left(nested, value!({ "b": 1 })),
            "of: {far: {a: [null, $b, 1], b: $b}} | b"
        );
    }
}
