//! Who asks, from the headers of a request: a layer around every address that gives something away.

use std::sync::Arc;

use poem::http::{HeaderValue, header};
use poem::web::Data;
use poem::{Endpoint, FromRequest, Request, Response, Result};

use super::fault::respond;
use super::layer::request_id;
use super::state::State;
use crate::error::Error;
use crate::service::access::{Caller, Origin};

/// Puts the [`Caller`] into the request, or answers 401. Credentials that are not good are never taken for none.
pub(super) async fn required<E: Endpoint<Output = Response>>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let id = request_id(&request).await;
    let state = Data::<&State>::from_request_without_body(&request).await?.0.clone();
    match caller(&request, &state, &id).await {
        Ok(caller) => {
            request.set_data(caller);
            let mut response = next.call(request).await?;
            // What was given to one is not for another: a cache must tell them apart.
            response
                .headers_mut()
                .append(header::VARY, HeaderValue::from_static("authorization"));
            Ok(response)
        }
        Err(error) => Ok(respond(&error, &id)),
    }
}

async fn caller(request: &Request, state: &State, id: &str) -> Result<Caller, Error> {
    let origin = origin(request, id);
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
fn origin(request: &Request, id: &str) -> Origin {
    let address = request
        .remote_addr()
        .as_socket_addr()
        .map(|address| address.ip().to_string());
    Origin {
        request_id: Some(id.to_owned()).filter(|id| !id.is_empty()),
        address,
    }
}
