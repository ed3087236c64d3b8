//! The values of variables against their types, as far as a type says it by itself: the library looks only at those that are used, and when they are.

use async_graphql::parser::types::{BaseType, OperationDefinition, Type};
use async_graphql::{Value, Variables};

use crate::error::Error;

/// Checks the values of an operation's variables.
///
/// # Errors
/// [`Error::Input`] names the first one that cannot be used.
pub(super) fn check(operation: &OperationDefinition, variables: &Variables) -> Result<(), Error> {
    for definition in &operation.variable_definitions {
        let (name, kind) = (&definition.node.name.node, &definition.node.var_type.node);
        let value = variables.get(name);
        if value.is_none() && definition.node.default_value.is_some() {
            continue;
        }
        if let Err(problem) = fits(kind, value) {
            return Err(Error::input(
                format!("the variable `${name}` of type `{kind}` {problem}"),
                "send its value in `variables`",
            ));
        }
    }
    Ok(())
}

fn fits(kind: &Type, value: Option<&Value>) -> Result<(), &'static str> {
    let value = match value {
        None | Some(Value::Null) if kind.nullable => return Ok(()),
        None => return Err("has no value"),
        Some(Value::Null) => return Err("is null where it may not be"),
        Some(value) => value,
    };
    match (&kind.base, value) {
        (BaseType::List(inner), Value::List(items)) => items.iter().try_for_each(|item| fits(inner, Some(item))),
        // One value stands for a list of one.
        (BaseType::List(inner), single) => fits(inner, Some(single)),
        (BaseType::Named(name), value) => {
            let is_good = match name.as_str() {
                "Boolean" => matches!(value, Value::Boolean(_)),
                "Int" => matches!(value, Value::Number(number) if number.is_i64() || number.is_u64()),
                "Float" => matches!(value, Value::Number(_)),
                "ID" => matches!(value, Value::String(_)) || matches!(value, Value::Number(number) if !number.is_f64()),
                "String" => matches!(value, Value::String(_)),
                // What an input object, an enum or a scalar of ours takes, the library knows.
                _ => true,
            };
            if is_good {
                Ok(())
            } else {
                Err("has a value of another type")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::{Value as Json, json};

    use super::*;

    fn is_good(kind: &str, variables: Json) -> bool {
        let document = parse_query(format!("query ($v: {kind}) {{ a }}")).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        check(&operation.node, &Variables::from_json(variables)).is_ok()
    }

    #[test]
    fn values_fit_their_types() {
        for (kind, value, good) in [
            ("ID!", json!(null), false),
            ("ID!", json!("a"), true),
            ("ID!", json!(7), true),
            ("ID!", json!(7.5), false),
            ("Int", json!(null), true),
            ("Int!", json!("7"), false),
            ("Int!", json!(7.5), false),
            ("Float!", json!(7), true),
            ("Boolean!", json!(0), false),
            ("String", json!(["a"]), false),
            ("[String!]", json!(["a", null]), false),
            ("[String!]", json!("a"), true),
            ("[[Int]]!", json!([[1, null], null]), true),
            ("Period!", json!({ "any": 1 }), true),
            ("Period!", json!(null), false),
        ] {
            assert_eq!(is_good(kind, json!({ "v": value })), good, "{kind}: {value}");
        }
    }

    #[test]
    fn what_is_left_out_needs_a_default_or_may_be_null() {
        assert!(is_good("Int", json!({})) && is_good("Int! = 7", json!({})));
        assert!(!is_good("Int!", json!({})) && !is_good("Int! = 7", json!({ "v": null })));
    }
}
