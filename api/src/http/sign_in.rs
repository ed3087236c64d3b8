//! Who asks, from the headers of a request: a layer around every address that gives something away.

use std::sync::Arc;

use poem::http::{HeaderValue, header};
use poem::web::Data;
use poem::{Endpoint, FromRequest, Request, Response, Result};

use super::client;
use super::fault::respond;
use super::request_id::RequestId;
use super::state::State;
use crate::error::Error;
use crate::service::access::{Caller, Origin};

/// Who asks, or why that is not known: told once a request.
#[derive(Clone)]
pub(super) struct Told(Arc<std::result::Result<Caller, Error>>);

/// Looks up who asks, where credentials were sent, and keeps it in the request. The one who was let in, if somebody was.
pub(super) async fn look(request: &mut Request, state: &State) -> Option<Caller> {
    if !request.headers().contains_key(header::AUTHORIZATION) {
        return None;
    }
    let id = RequestId::of(request);
    let told = caller(request, state, &id).await;
    let known = told.as_ref().ok().cloned();
    request.extensions_mut().insert(Told(Arc::new(told)));
    known
}

/// Puts the [`Caller`] into the request, or answers 401. Credentials that are not good are never taken for none.
pub(super) async fn required<E: Endpoint<Output = Response>>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let id = RequestId::of(&request);
    let state = Data::<&State>::from_request_without_body(&request).await?.0.clone();
    let known = request.extensions().get::<Told>().cloned();
    let told = match known {
        Some(told) => told,
        None => Told(Arc::new(caller(&request, &state, &id).await)),
    };
    match told.0.as_ref() {
        Ok(caller) => {
            let is_own = caller.principal_id().is_some();
            request.set_data(caller.clone());
            let mut response = next.call(request).await?;
            // What was given to one is not for another: a cache must tell them apart.
            response
                .headers_mut()
                .append(header::VARY, HeaderValue::from_static("authorization"));
            if is_own && response.header(header::CACHE_CONTROL) == Some("no-cache") {
                let private = HeaderValue::from_static("private, no-cache");
                response.headers_mut().insert(header::CACHE_CONTROL, private);
            }
            Ok(response)
        }
        Err(error) => Ok(respond(error, &id)),
    }
}

async fn caller(request: &Request, state: &State, id: &str) -> std::result::Result<Caller, Error> {
    let origin = origin(request, state, id);
    let mut given = request.headers().get_all(header::AUTHORIZATION).iter();
    match (given.next(), given.next()) {
        (credentials, None) => {
            let credentials = credentials.map(HeaderValue::as_bytes);
            state.service.sign_in(credentials, origin).await
        }
        _ => Err(Error::Unauthenticated {
            message: "there are two authorization headers".to_owned(),
            hint: "send one".to_owned(),
        }),
    }
}

/// From where a request comes, for the record.
fn origin(request: &Request, state: &State, id: &str) -> Origin {
    let address = client::origin(request, &state.trusted_proxies).map(|address| address.to_string());
    Origin {
        request_id: Some(id.to_owned()).filter(|id| !id.is_empty()),
        address,
    }
}
