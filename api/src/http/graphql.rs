//! GraphQL over HTTP: how a request is read, and what may be asked in which way.

use async_graphql::{Request as GraphqlRequest, Response as GraphqlResponse};
use futures_util::{StreamExt, stream};
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Body, Request, Response, handler};

use super::answer::{answer, whole};
use super::body::{self, BodyFault};
use super::client::Client;
use super::event_stream;
use super::limit::query_points;
use super::media::{self, Declared, Media};
use super::origin;
use super::parameters::{self, Malformed};
use super::problem::{malformed, problem};
use super::request_id::RequestId;
use super::socket;
use super::state::State;
use super::upload;
use crate::error::ErrorCode;
use crate::graphql::{Asked, OperationType, Told};
use crate::service::access::Caller;

/// An operation in the body.
#[handler]
pub(super) async fn post(request: &Request, body: Body, state: Data<&State>, caller: Data<&Caller>) -> Response {
    match of_body(request, body, &state).await {
        Ok((media, sent)) => run(request, (&state, &caller), media, sent).await,
        Err(response) => *response,
    }
}

/// What was sent, before it is read: an answer that is kept needs no more of it.
enum Sent {
    Json(Vec<u8>),
    Form(Box<GraphqlRequest>),
    Address,
}

impl Sent {
    /// By what the same question is known again. One with files never comes again.
    fn asked(&self, request: &Request) -> Option<Asked> {
        match self {
            Self::Json(bytes) => Some(Asked::of("body", bytes)),
            Self::Form(_) => None,
            Self::Address => Some(Asked::of("address", request.uri().query()?.as_bytes())),
        }
    }

    fn read(self, request: &Request) -> Result<GraphqlRequest, Malformed> {
        match self {
            Self::Json(bytes) => parameters::of_json(&bytes),
            Self::Form(graphql) => Ok(*graphql),
            Self::Address => parameters::of_pairs(request.params::<Vec<(String, String)>>().unwrap_or_default()),
        }
    }
}

async fn of_body(request: &Request, body: Body, state: &State) -> Result<(Media, Sent), Box<Response>> {
    let media = admit(request, state)?;
    let limits = &state.http;
    let sent = match media::declared(request.headers()) {
        Declared::Json => {
            let bytes = body::read(body, limits.max_body_bytes, limits.body_timeout).await;
            Sent::Json(bytes.map_err(|fault| body_problem(fault, limits.max_body_bytes))?)
        }
        Declared::Multipart(_) if !origin::is_deliberate(request.headers()) => {
            return Err(Box::new(malformed(&Malformed::new(
                "a form may come from a foreign page",
                "send the header GraphQL-Require-Preflight: 1 with it, which no foreign page can",
            ))));
        }
        Declared::Multipart(boundary) => {
            let read = Box::pin(upload::read(body, &boundary, limits)).await;
            Sent::Form(Box::new(read.map_err(upload::FormFault::respond)?))
        }
        Declared::Other => {
            return Err(Box::new(problem(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ErrorCode::BadUserInput,
                "the body is not declared as JSON in UTF-8",
                Some("send it with content-type: application/json; files go as multipart/form-data"),
            )));
        }
    };
    Ok((media, sent))
}

fn body_problem(fault: BodyFault, limit: usize) -> Box<Response> {
    Box::new(match fault {
        BodyFault::TooLarge => {
            let message = format!("the body is larger than {limit} bytes");
            let hint = Some("send a smaller query; figures go through the import");
            problem(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::LimitExceeded, &message, hint)
        }
        BodyFault::TooSlow => problem(
            StatusCode::REQUEST_TIMEOUT,
            ErrorCode::LimitExceeded,
            "the body took longer than it may",
            Some("send it again, faster"),
        ),
        BodyFault::Broken => malformed(&Malformed::new("the body could not be read", "send it again")),
    })
}

/// A query in the address, or a socket.
#[handler]
pub(super) async fn get(request: &Request, state: Data<&State>, caller: Data<&Caller>) -> Response {
    if request.headers().contains_key(header::UPGRADE) {
        return Box::pin(socket::open(request, &state, &caller)).await;
    }
    match admit(request, &state) {
        Ok(media) => run(request, (&state, &caller), media, Sent::Address).await,
        Err(response) => *response,
    }
}

/// The type to answer with, if the request may come from there and can be answered.
fn admit(request: &Request, state: &State) -> Result<Media, Box<Response>> {
    if let Some(refusal) = origin::refusal(request, &state.http.allowed_origins) {
        return Err(Box::new(refusal));
    }
    media::accepted(request.headers()).ok_or_else(|| {
        Box::new(problem(
            StatusCode::NOT_ACCEPTABLE,
            ErrorCode::BadUserInput,
            "no type that is accepted can be given",
            Some("accept application/graphql-response+json or application/json; text/event-stream for subscriptions"),
        ))
    })
}

/// How an operation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Post,
    Get,
}

/// An operation that is not answered yet.
struct Operation {
    media: Media,
    graphql: GraphqlRequest,
    asked: Option<Asked>,
    way: Way,
}

async fn run(request: &Request, (state, caller): (&State, &Caller), media: Media, sent: Sent) -> Response {
    let id = RequestId::of(request);
    let client = Client::of(request, &state.trusted_proxies);
    let (way, _room) = match sent {
        // It has room since it came.
        Sent::Address => (Way::Get, None),
        Sent::Json(_) | Sent::Form(_) => match state.limits.enter(client).await {
            Ok(room) => (Way::Post, Some(room)),
            Err(refusal) => return state.limits.refuse(refusal).await,
        },
    };
    let asked = sent.asked(request).filter(|_| media != Media::EventStream);
    if let Some(asked) = &asked
        && let Some(kept) = state.executor.again(asked, caller).await
    {
        return match state.limits.charge(client, query_points(kept.fields, false)) {
            Ok(()) => whole(media, kept.text.clone()),
            Err(refusal) => state.limits.refuse(refusal).await,
        };
    }
    match sent.read(request) {
        Ok(graphql) => {
            let operation = Operation {
                media,
                graphql,
                asked,
                way,
            };
            // Apart, so that an answer that is kept carries nothing of this.
            Box::pin(anew((state, caller, client), operation, &id)).await
        }
        Err(wrong) => malformed(&wrong),
    }
}

/// The answer, computed.
async fn anew((state, caller, client): (&State, &Caller, Client), operation: Operation, id: &str) -> Response {
    let Operation {
        media,
        graphql,
        asked,
        way,
    } = operation;
    let prepared = match state.executor.prepare(graphql, caller, id) {
        Ok(prepared) => prepared.kept_as(asked),
        Err(refused) => return refuse(state, client, media, *refused).await,
    };
    let changes = prepared.kind() == Some(OperationType::Mutation);
    if let Err(refusal) = state.limits.charge(client, query_points(prepared.fields(), changes)) {
        return state.limits.refuse(refusal).await;
    }
    match (prepared.kind(), media, way) {
        (Some(OperationType::Mutation), _, Way::Get) => {
            let hint = Some("send it by POST: a GET changes nothing");
            let mut response = problem(
                StatusCode::METHOD_NOT_ALLOWED,
                ErrorCode::BadUserInput,
                "a mutation does not go by GET",
                hint,
            );
            let allowed = poem::http::HeaderValue::from_static("POST");
            response.headers_mut().insert(header::ALLOW, allowed);
            response
        }
        (_, Media::EventStream, _) => event_stream::answer(state, client, state.executor.follow(prepared, id)).await,
        (Some(OperationType::Subscription), _, _) => malformed(&Malformed::new(
            "a subscription has many answers",
            "follow it with accept: text/event-stream, or on a socket with graphql-transport-ws",
        )),
        _ => answer(media, &state.executor.execute(prepared, id).await),
    }
}

async fn refuse(state: &State, client: Client, media: Media, refused: GraphqlResponse) -> Response {
    if media == Media::EventStream {
        return event_stream::answer(state, client, stream::once(std::future::ready(refused)).boxed()).await;
    }
    answer(media, &Told::of(refused))
}
