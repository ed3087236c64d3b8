//! The layer that holds the limits of a client before anything else is done for it.

use std::sync::Arc;

use poem::http::{Method, StatusCode};
use poem::web::Data;
use poem::{Endpoint, FromRequest, Request, Response, Result};

use super::client::Client;
use super::limit::{CHANGE, EXPORT, REQUEST, hold};
use super::media::Media;
use super::sign_in;
use super::state::State;

/// Takes the points of a request, and keeps room for it while it is answered. What has a body asks for room when the body is there: one that does not
/// come must not keep others out.
pub(super) async fn admit<E: Endpoint<Output = Response>>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let state = Data::<&State>::from_request_without_body(&request).await?.0.clone();
    let path = request.uri().path();
    if path.starts_with("/health/") || path == "/metrics" {
        return next.call(request).await;
    }
    // A token that is refused costs the address that it came from.
    let client = match sign_in::look(&mut request, &state)
        .await
        .and_then(|caller| caller.principal_id())
    {
        Some(principal) => Client::Principal(principal),
        None => Client::of(&request, &state.trusted_proxies),
    };
    let path = request.uri().path();
    let points = match path {
        _ if path.starts_with("/export/") || path.starts_with("/q/") => EXPORT,
        "/import" => CHANGE,
        _ => REQUEST,
    };
    if let Err(refusal) = state.limits.charge(client, points) {
        return Ok(state.limits.refuse(refusal).await);
    }
    request.extensions_mut().insert(client);
    if request.method() == Method::POST {
        return next.call(request).await;
    }
    let room = match state.limits.enter(client).await {
        Ok(room) => room,
        Err(refusal) => return Ok(state.limits.refuse(refusal).await),
    };
    let response = next.call(request).await?;
    // These stay open, and have room of their own.
    let is_open = response.status() == StatusCode::SWITCHING_PROTOCOLS
        || response.content_type() == Some(Media::EventStream.content_type());
    Ok(if is_open { response } else { hold(response, room) })
}
