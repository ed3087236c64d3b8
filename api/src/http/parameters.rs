//! The parameters of a GraphQL request, from a body, an address or a message of a socket.

use async_graphql::{Request as GraphqlRequest, Value, Variables};
use serde_json::{Map, Value as Json};

/// The one extension of a request that means something here.
const PERSISTED: &str = "persistedQuery";

/// Why there is no request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    /// What is wrong.
    pub(super) message: String,
    /// How to mend it.
    pub(super) hint: &'static str,
}

impl Malformed {
    pub(super) fn new(message: impl Into<String>, hint: &'static str) -> Self {
        Self {
            message: message.into(),
            hint,
        }
    }
}

/// The request in a JSON text. A byte order mark in front is no part of it.
pub(super) fn of_json(bytes: &[u8]) -> Result<GraphqlRequest, Malformed> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match serde_json::from_slice::<Json>(text) {
        Ok(Json::Object(fields)) => of_fields(fields),
        Ok(Json::Array(_)) => Err(Malformed::new(
            "the body is not a JSON object",
            "send {\"query\": \"…\"}; lists of queries are not taken: send each by itself",
        )),
        Ok(_) => Err(Malformed::new(
            "the body is not a JSON object",
            "send {\"query\": \"…\"}",
        )),
        Err(_) => Err(Malformed::new(
            "the body is not JSON",
            "send {\"query\": \"…\"} as UTF-8",
        )),
    }
}

/// The request in an address.
pub(super) fn of_pairs(pairs: Vec<(String, String)>) -> Result<GraphqlRequest, Malformed> {
    let mut fields = Map::new();
    for (name, text) in pairs {
        let value = match name.as_str() {
            "query" => Json::String(text),
            // Forms send what is left empty.
            "operationName" | "variables" | "extensions" if text.is_empty() => continue,
            "operationName" => Json::String(text),
            "variables" | "extensions" => serde_json::from_str(&text)
                .map_err(|_| Malformed::new(format!("`{name}` is not JSON"), "write it as a JSON object"))?,
            _ => continue,
        };
        if fields.insert(name.clone(), value).is_some() {
            return Err(Malformed::new(format!("`{name}` stands twice"), "write it once"));
        }
    }
    of_fields(fields)
}

/// The request in an object. What it holds beside the four parameters is left alone.
pub(super) fn of_fields(mut fields: Map<String, Json>) -> Result<GraphqlRequest, Malformed> {
    let persisted = match fields.remove("extensions") {
        None | Some(Json::Null) => None,
        Some(Json::Object(mut extensions)) => extensions.remove(PERSISTED).filter(|wanted| !wanted.is_null()),
        Some(_) => return Err(Malformed::new("`extensions` is not an object", "leave it out")),
    };
    let mut graphql = match fields.remove("query") {
        Some(Json::String(query)) => GraphqlRequest::new(query),
        None | Some(Json::Null) if persisted.is_some() => GraphqlRequest::new(""),
        _ => {
            return Err(Malformed::new(
                "`query` is missing or not a text",
                "send {\"query\": \"{ __typename }\"}",
            ));
        }
    };
    match fields.remove("operationName") {
        None | Some(Json::Null) => {}
        Some(Json::String(name)) => graphql = graphql.operation_name(name),
        Some(_) => {
            return Err(Malformed::new(
                "`operationName` is not a text",
                "name an operation of the query, or leave it out",
            ));
        }
    }
    match fields.remove("variables") {
        None | Some(Json::Null) => {}
        Some(variables @ Json::Object(_)) => graphql = graphql.variables(Variables::from_json(variables)),
        Some(_) => {
            return Err(Malformed::new(
                "`variables` is not an object",
                "send them as {\"name\": value}",
            ));
        }
    }
    if let Some(wanted) = persisted {
        let wanted = Value::from_json(wanted).unwrap_or_default();
        graphql.extensions.insert(PERSISTED.to_owned(), wanted);
    }
    Ok(graphql)
}
