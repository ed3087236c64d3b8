//! GraphQL over HTTP: how a request is read, and with which status and type it is answered.

use async_graphql::{Request as GraphqlRequest, Response as GraphqlResponse, Value, Variables};
use poem::http::{HeaderMap, StatusCode, header};
use poem::web::Data;
use poem::{Body, Request, Response, handler};
use serde_json::{Map, Value as Json, json};

use super::body::{self, BodyFault};
use super::layer::request_id;
use super::problem::problem;
use super::state::State;
use crate::error::ErrorCode;

/// The type of the specification, given to those who ask for it.
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// A query in the body.
#[handler]
pub(super) async fn post(request: &Request, body: Body, state: Data<&State>) -> Response {
    if !is_json(request.headers()) {
        let hint = Some("send it with content-type: application/json");
        return problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            ErrorCode::BadUserInput,
            "the body is not declared as JSON",
            hint,
        );
    }
    let bytes = match body::read(body, state.max_body_bytes).await {
        Ok(bytes) => bytes,
        Err(BodyFault::TooLarge) => {
            let message = format!("the body is larger than {} bytes", state.max_body_bytes);
            let hint = Some("send a smaller query; figures go through the import");
            return problem(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::LimitExceeded, &message, hint);
        }
        Err(BodyFault::Broken) => {
            return problem(
                StatusCode::BAD_REQUEST,
                ErrorCode::BadUserInput,
                "the body could not be read",
                Some("send it again"),
            );
        }
    };
    match serde_json::from_slice::<Json>(&bytes) {
        Ok(Json::Object(fields)) => run(request, &state, fields).await,
        Ok(_) => malformed(
            "the body is not a JSON object",
            "send {\"query\": \"…\"}; lists of queries are not taken",
        ),
        Err(_) => malformed("the body is not JSON", "send {\"query\": \"…\"} as UTF-8"),
    }
}

/// A query in the address.
#[handler]
pub(super) async fn get(request: &Request, state: Data<&State>) -> Response {
    let pairs = request.params::<Vec<(String, String)>>().unwrap_or_default();
    let mut fields = Map::new();
    for (name, text) in pairs {
        let value = match name.as_str() {
            "query" | "operationName" => Json::String(text),
            "variables" | "extensions" => match serde_json::from_str(&text) {
                Ok(value) => value,
                Err(_) => return malformed(&format!("`{name}` is not JSON"), "write it as a JSON object"),
            },
            _ => continue,
        };
        fields.insert(name, value);
    }
    run(request, &state, fields).await
}

async fn run(request: &Request, state: &State, mut fields: Map<String, Json>) -> Response {
    let mut graphql = match fields.remove("query") {
        Some(Json::String(query)) => GraphqlRequest::new(query),
        _ => {
            return malformed(
                "`query` is missing or not a text",
                "send {\"query\": \"{ __typename }\"}",
            );
        }
    };
    match fields.remove("operationName") {
        None | Some(Json::Null) => {}
        Some(Json::String(name)) => graphql = graphql.operation_name(name),
        Some(_) => {
            return malformed(
                "`operationName` is not a text",
                "name an operation of the query, or leave it out",
            );
        }
    }
    match fields.remove("variables") {
        None | Some(Json::Null) => {}
        Some(variables @ Json::Object(_)) => graphql = graphql.variables(Variables::from_json(variables)),
        Some(_) => return malformed("`variables` is not an object", "send them as {\"name\": value}"),
    }
    if let Some(extensions) = fields.remove("extensions")
        && !(extensions.is_object() || extensions.is_null())
    {
        return malformed("`extensions` is not an object", "leave it out");
    }
    let response = state.executor.execute(graphql, &request_id(request).await).await;
    answer(request.headers(), &response)
}

fn malformed(message: &str, hint: &str) -> Response {
    problem(StatusCode::BAD_REQUEST, ErrorCode::BadUserInput, message, Some(hint))
}

fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    declared.is_some_and(|text| {
        text.split(';')
            .next()
            .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
    })
}

/// Whether the caller prefers the type of the specification. A list without it, or `*/*`, gets plain JSON.
fn prefers_graphql_response(headers: &HeaderMap) -> bool {
    let accepted: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .collect();
    let weight = |wanted: &str| {
        accepted.iter().find_map(|part| {
            let mut pieces = part.split(';').map(str::trim);
            let named = pieces
                .next()
                .is_some_and(|essence| essence.eq_ignore_ascii_case(wanted));
            named.then(|| {
                pieces
                    .find_map(|piece| piece.strip_prefix("q=")?.parse::<f32>().ok())
                    .unwrap_or(1.0)
            })
        })
    };
    weight(GRAPHQL_RESPONSE).is_some_and(|asked| asked > 0.0 && asked >= weight("application/json").unwrap_or(0.0))
}

fn answer(headers: &HeaderMap, response: &GraphqlResponse) -> Response {
    let specified = prefers_graphql_response(headers);
    // Refused before it ran: there is no data, not even null.
    let refused = response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    let status = match refused.then(|| first_code(response)).flatten().as_deref() {
        Some("UNAVAILABLE") => StatusCode::SERVICE_UNAVAILABLE,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        Some("TIMEOUT") => StatusCode::GATEWAY_TIMEOUT,
        Some(_) if specified => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let body = if refused {
        serde_json::to_string(&json!({ "errors": response.errors }))
    } else {
        serde_json::to_string(response)
    };
    let Ok(body) = body else {
        return problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::Internal,
            "something went wrong on the server",
            None,
        );
    };
    let kind = if specified {
        GRAPHQL_RESPONSE
    } else {
        "application/json"
    };
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))
        .header(header::CACHE_CONTROL, "no-store")
        .body(body)
}

fn first_code(response: &GraphqlResponse) -> Option<String> {
    match response.errors.first()?.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    }
}
