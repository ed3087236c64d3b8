//! Errors outside of GraphQL, in the shape of GraphQL errors: one shape for all clients.

use std::any::Any;

use poem::Response;
use poem::http::{HeaderValue, StatusCode, header};
use serde_json::json;

use super::parameters::Malformed;
use crate::error::ErrorCode;

/// How to sign in, as clients of HTTP read it.
pub(super) const CHALLENGE: &str = "Bearer realm=\"plumbline\"";

/// An answer that is one error.
pub(super) fn problem(status: StatusCode, code: ErrorCode, message: &str, hint: Option<&str>) -> Response {
    let mut extensions = json!({ "code": code.to_string() });
    if let Some(hint) = hint {
        extensions["hint"] = json!(hint);
    }
    let body = json!({ "errors": [{ "message": message, "extensions": extensions }] });
    let mut builder = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8");
    if status == StatusCode::UNAUTHORIZED {
        builder = builder.header(header::WWW_AUTHENTICATE, CHALLENGE);
    }
    builder.body(body.to_string())
}

/// An answer to a request that is none.
pub(super) fn malformed(wrong: &Malformed) -> Response {
    problem(
        StatusCode::BAD_REQUEST,
        ErrorCode::BadUserInput,
        &wrong.message,
        Some(wrong.hint),
    )
}

/// Answers for addresses and methods that do not exist, and for what the framework refuses.
pub(super) fn respond(error: &poem::Error, path: &str, request_id: &str) -> Response {
    match error.status() {
        StatusCode::NOT_FOUND => problem(
            StatusCode::NOT_FOUND,
            ErrorCode::NotFound,
            "there is nothing at this address",
            Some("the API is at /graphql"),
        ),
        StatusCode::METHOD_NOT_ALLOWED => {
            let allowed = match path {
                "/graphql" => "GET, HEAD, POST, OPTIONS",
                "/import" => "POST",
                _ => "GET, HEAD",
            };
            let mut response = problem(
                StatusCode::METHOD_NOT_ALLOWED,
                ErrorCode::BadUserInput,
                "this method is not served here",
                Some(&format!("use {allowed}")),
            );
            response
                .headers_mut()
                .insert(header::ALLOW, HeaderValue::from_static(allowed));
            response
        }
        status if status.is_client_error() => {
            problem(status, ErrorCode::BadUserInput, "the request cannot be read", None)
        }
        status => {
            tracing::error!(request_id, %error, "request failed");
            problem(status, ErrorCode::Internal, "something went wrong on the server", None)
        }
    }
}

/// The answer to a request that panicked, which is always a fault of ours.
pub(super) fn panicked(cause: &(dyn Any + Send), request_id: &str) -> Response {
    let text = cause
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| cause.downcast_ref::<String>().map(String::as_str));
    tracing::error!(request_id, panic = text.unwrap_or_default(), "a request panicked");
    problem(
        StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::Internal,
        "something went wrong on the server",
        None,
    )
}
