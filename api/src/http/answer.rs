//! With which status, type and headers a GraphQL response leaves.

use async_graphql::{Response as GraphqlResponse, Value};
use bytes::Bytes;
use poem::http::{StatusCode, header};
use poem::{Response, ResponseBuilder};

use super::media::Media;
use super::problem::{CHALLENGE, problem};
use crate::error::ErrorCode;
use crate::graphql::{Told, refused, text};

/// The answer of one response, with its text where that is made already.
pub(super) fn answer(media: Media, told: &Told) -> Response {
    let response = &told.response;
    let status = match refused(response).then(|| first_code(response)).flatten().as_deref() {
        Some("UNAVAILABLE") => StatusCode::SERVICE_UNAVAILABLE,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        Some("UNAUTHENTICATED") => StatusCode::UNAUTHORIZED,
        Some("FORBIDDEN") if media == Media::GraphqlResponse => StatusCode::FORBIDDEN,
        Some("TIMEOUT") => StatusCode::GATEWAY_TIMEOUT,
        // Its clients take any other status for a broken server.
        Some("PERSISTED_QUERY_NOT_FOUND" | "PERSISTED_QUERY_NOT_SUPPORTED") => StatusCode::OK,
        Some(_) if media == Media::GraphqlResponse => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let Ok(body) = told.text.clone().map_or_else(|| text(response).map(Bytes::from), Ok) else {
        return problem(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::Internal,
            "something went wrong on the server",
            None,
        );
    };
    let mut builder = headed(media).status(status);
    if status == StatusCode::UNAUTHORIZED {
        builder = builder.header(header::WWW_AUTHENTICATE, CHALLENGE);
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        builder = builder.header(header::RETRY_AFTER, "1");
    }
    builder.body(body)
}

/// The answer of a response without error, as text.
pub(super) fn whole(media: Media, text: Bytes) -> Response {
    headed(media).body(text)
}

fn headed(media: Media) -> ResponseBuilder {
    Response::builder()
        .header(header::CONTENT_TYPE, media.content_type())
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::VARY, "accept")
}

fn first_code(response: &GraphqlResponse) -> Option<String> {
    match response.errors.first()?.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    }
}
