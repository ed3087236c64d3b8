//! Errors on their way out: every one gets a code; the caller's say how to mend them, ours a request id and one log line.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};

use crate::error::{Error, ErrorCode};

/// Errors that one answer lists; more of them tell nothing more.
const MOST_ERRORS: usize = 20;
/// Longest message: what was asked is not echoed by the megabyte.
const LONGEST: usize = 500;

/// Name of the extension that carries the request id.
pub const REQUEST_ID: &str = "requestId";

/// A response that is one error.
#[must_use]
pub fn error_response(error: Error) -> Response {
    Response::from_errors(vec![
        async_graphql::Error::from(error).into_server_error(async_graphql::Pos::default()),
    ])
}

/// Codes all errors of a response.
pub(super) fn finish(mut response: Response, request_id: &str) -> Response {
    response.errors.truncate(MOST_ERRORS);
    for error in &mut response.errors {
        code(error, request_id);
        // An error about the whole request has no place in it.
        error.locations.retain(|place| place.line > 0);
        if error.message.chars().count() > LONGEST {
            error.message = error.message.chars().take(LONGEST).chain("…".chars()).collect();
        }
    }
    response
}

fn code(error: &mut ServerError, request_id: &str) {
    // A loader's error is shared by all who waited for it.
    let known = error
        .source::<Error>()
        .or_else(|| error.source::<Arc<Error>>().map(Arc::as_ref));
    let (code, hint, ours) = match known {
        Some(known) => (
            known.code(),
            known.hint().map(str::to_owned),
            (!known.is_callers()).then(|| known.chain()),
        ),
        // What the library refuses while it runs is an argument, before it runs the query.
        None if error.extensions.is_some() => return,
        None if error.path.is_empty() => (ErrorCode::GraphqlValidationFailed, None, None),
        None => (ErrorCode::BadUserInput, None, None),
    };
    let values = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    values.set("code", Value::from(code.to_string()));
    if ours.is_none() {
        // Codes are ours; this word is known to tools that only ask whose fault it was.
        values.set("classification", Value::from("BAD_REQUEST"));
    }
    if let Some(hint) = hint {
        values.set("hint", Value::from(hint));
    }
    if let Some(chain) = ours {
        values.set(REQUEST_ID, Value::from(request_id));
        tracing::error!(request_id, code = %code, error = chain, "request failed");
    }
}

/// The code of a finished response's first error; `OK` without one.
pub(super) fn first_code(response: &Response) -> String {
    let Some(error) = response.errors.first() else {
        return "OK".to_owned();
    };
    match error.extensions.as_ref().and_then(|values| values.get("code")) {
        Some(Value::String(code)) => code.clone(),
        _ => ErrorCode::Internal.to_string(),
    }
}

/// An error of an answer, to be told outside of GraphQL.
pub(super) fn told(error: &ServerError) -> Error {
    let said = |name: &str| match error.extensions.as_ref()?.get(name)? {
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let (message, hint) = (error.message.clone(), said("hint"));
    match said("code").as_deref() {
        Some("UNAVAILABLE") => Error::Unavailable { source: message.into() },
        Some("INTERNAL") => Error::internal(message),
        Some("UNAUTHENTICATED") => Error::Unauthenticated {
            message,
            hint: hint.unwrap_or_default(),
        },
        code => match code.and_then(|code| code.parse().ok()) {
            Some(code) if !matches!(code, ErrorCode::GraphqlParseFailed | ErrorCode::GraphqlValidationFailed) => {
                Error::Told { code, message, hint }
            }
            // Of a stored query it is what the address asks for.
            _ => Error::Input { message, hint },
        },
    }
}

/// A response for a text that is not GraphQL.
pub(super) fn parse_error(error: async_graphql::parser::Error) -> Response {
    let mut error = ServerError::from(error);
    let values = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    values.set("code", Value::from(ErrorCode::GraphqlParseFailed.to_string()));
    Response::from_errors(vec![error])
}
