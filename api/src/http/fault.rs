//! The server's errors as answers outside of GraphQL.

use poem::Response;
use poem::http::StatusCode;

use super::problem::problem;
use crate::error::{Error, ErrorCode};

/// The answer to a request that failed. What is ours goes to the log under the request's id.
pub(super) fn respond(error: &Error, request_id: &str) -> Response {
    let code = error.code();
    if !error.is_callers() {
        tracing::error!(request_id, code = %code, error = error.chain(), "request failed");
    }
    problem(status(code), code, &error.to_string(), error.hint())
}

fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Conflict => StatusCode::CONFLICT,
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden => StatusCode::FORBIDDEN,
        ErrorCode::LimitExceeded => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::Timeout => StatusCode::GATEWAY_TIMEOUT,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}
