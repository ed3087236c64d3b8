//! GraphQL over server-sent events, each operation on a connection of its own (the "distinct connections" of the graphql-sse protocol).

use std::io;

use async_graphql::Response as GraphqlResponse;
use futures_util::stream::{BoxStream, unfold};
use futures_util::{StreamExt, stream};
use poem::http::{StatusCode, header};
use poem::{Body, Response};

use super::client::Client;
use super::media::Media;
use super::state::State;
use crate::graphql::text;

/// A comment: it opens the stream at once, and shows later that it still lives.
const SIGN_OF_LIFE: &str = ":\n\n";

/// The responses as events until their end, or until the server stops.
pub(super) async fn answer(state: &State, client: Client, responses: BoxStream<'static, GraphqlResponse>) -> Response {
    let room = match state.limits.open(client).await {
        Ok(room) => room,
        Err(refusal) => return state.limits.refuse(refusal).await,
    };
    let silence = state.subscription.ping_interval;
    let responses = responses.take_until(Box::pin(state.stopped()));
    // The room is given back with the stream.
    let events = unfold(Some((responses, room)), move |open| async move {
        let (mut responses, room) = open?;
        match tokio::time::timeout(silence, responses.next()).await {
            Err(_) => Some((SIGN_OF_LIFE.to_owned(), Some((responses, room)))),
            Ok(Some(response)) => Some((event(&response), Some((responses, room)))),
            Ok(None) => Some(("event: complete\ndata: \n\n".to_owned(), None)),
        }
    });
    let opened = stream::once(std::future::ready(SIGN_OF_LIFE.to_owned()));
    Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, Media::EventStream.content_type())
        .header(header::CACHE_CONTROL, "no-cache")
        // A proxy that gathers an answer before it passes it on would hold events back.
        .header("x-accel-buffering", "no")
        .body(Body::from_bytes_stream(opened.chain(events).map(Ok::<_, io::Error>)))
}

fn event(response: &GraphqlResponse) -> String {
    // Line breaks of JSON stand outside of its texts, and an event has none.
    let data = text(response).unwrap_or_default().replace('\n', "");
    format!("event: next\ndata: {data}\n\n")
}
