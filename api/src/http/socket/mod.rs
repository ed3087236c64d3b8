//! GraphQL over a web socket: the protocol `graphql-transport-ws`.

mod message;
mod operation;
mod session;

use poem::http::{StatusCode, header};
use poem::web::websocket::{WebSocket, WebSocketConfig};
use poem::{FromRequest, IntoResponse, Request, Response};

use self::session::Session;
use super::client::Client;
use super::origin;
use super::parameters::Malformed;
use super::problem::{malformed, problem};
use super::request_id::RequestId;
use super::state::State;
use crate::error::ErrorCode;
use crate::service::access::Caller;

/// The protocol's name in the handshake.
const PROTOCOL: &str = "graphql-transport-ws";

/// Takes a socket up.
pub(super) async fn open(request: &Request, state: &State, caller: &Caller) -> Response {
    if let Some(refusal) = origin::refusal(request, &state.http.allowed_origins) {
        return refusal;
    }
    let offered = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let speaks = offered
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .any(|name| name.trim() == PROTOCOL);
    if !speaks {
        return malformed(&Malformed::new(
            "the socket does not offer a protocol that is spoken here",
            "offer graphql-transport-ws in sec-websocket-protocol",
        ));
    }
    let Ok(socket) = WebSocket::from_request_without_body(request).await else {
        return problem(
            StatusCode::BAD_REQUEST,
            ErrorCode::BadUserInput,
            "this is not the handshake of a web socket",
            Some("use a client of the protocol graphql-transport-ws"),
        );
    };
    let client = Client::of(request, &state.trusted_proxies);
    let room = match state.limits.open(client).await {
        Ok(room) => room,
        Err(refusal) => return state.limits.refuse(refusal).await,
    };
    let most = state.http.max_body_bytes;
    let limits = WebSocketConfig::default()
        .max_message_size(Some(most))
        .max_frame_size(Some(most));
    let session = Session::new(state.clone(), (caller.clone(), client), RequestId::of(request));
    socket
        .protocols([PROTOCOL])
        .config(limits)
        .on_upgrade(move |stream| async move {
            session.run(stream).await;
            drop(room);
        })
        .into_response()
}
