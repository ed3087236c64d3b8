//! The parameters of an address as the variables of a query, by the types that the query gives them.

use async_graphql::Variables;
use async_graphql::parser::types::{BaseType, Type};
use serde_json::{Map, Value, json};

use super::plan::Plan;
use crate::error::Error;

/// The variables that these parameters give. A parameter that stands several times is a list, as is one with commas where a list is wanted.
///
/// # Errors
/// [`Error::Input`] for one that is unknown, missing, or of another type.
pub fn variables(plan: &Plan, pairs: &[(String, String)]) -> Result<Variables, Error> {
    let defined: Vec<(&str, &Type, bool)> = plan
        .operation
        .variable_definitions
        .iter()
        .map(|definition| {
            let has_default = definition.node.default_value.is_some();
            (
                definition.node.name.node.as_str(),
                &definition.node.var_type.node,
                has_default,
            )
        })
        .collect();
    let told = || {
        let all: Vec<String> = defined
            .iter()
            .map(|(name, kind, _)| format!("{name} ({kind})"))
            .collect();
        if all.is_empty() {
            "this query has no parameters".to_owned()
        } else {
            format!("the parameters are {}", all.join(", "))
        }
    };
    if let Some((name, _)) = pairs
        .iter()
        .find(|(name, _)| defined.iter().all(|(known, ..)| known != name))
    {
        let name: String = name.chars().take(80).collect();
        return Err(Error::input(format!("there is no parameter `{name}`"), told()));
    }
    let mut variables = Map::new();
    for (name, kind, has_default) in &defined {
        let texts: Vec<&str> = pairs
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, text)| text.as_str())
            .collect();
        if texts.is_empty() {
            if !kind.nullable && !has_default {
                return Err(Error::input(format!("`{name}` is missing"), told()));
            }
            continue;
        }
        let value = value(kind, &texts).ok_or_else(|| {
            Error::input(
                format!("`{name}` is not of the type {kind}"),
                "lists are written with commas, objects as JSON",
            )
        })?;
        variables.insert((*name).to_owned(), value);
    }
    Ok(Variables::from_json(Value::Object(variables)))
}

fn value(kind: &Type, texts: &[&str]) -> Option<Value> {
    match &kind.base {
        BaseType::List(inner) => {
            let parts = texts.iter().flat_map(|text| text.split(',')).map(str::trim);
            let items = parts.filter(|part| !part.is_empty()).map(|part| value(inner, &[part]));
            items.collect::<Option<Vec<_>>>().map(Value::Array)
        }
        BaseType::Named(name) => {
            let [text] = texts else { return None };
            match name.as_str() {
                "Int" => text.parse::<i32>().ok().map(|number| json!(number)),
                "Float" => text
                    .parse::<f64>()
                    .ok()
                    .filter(|number| number.is_finite())
                    .map(|number| json!(number)),
                "Boolean" => match *text {
                    "true" | "1" => Some(json!(true)),
                    "false" | "0" => Some(json!(false)),
                    _ => None,
                },
                // An input object.
                _ if text.trim_start().starts_with('{') => serde_json::from_str(text).ok(),
                // A plus sign of an address is a space.
                "DateTime" => Some(json!(text.replace(' ', "+"))),
                _ => Some(json!(text)),
            }
        }
    }
}
