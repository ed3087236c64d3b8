//! What surrounds every request, in one layer: a request is moved by each of them.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;
use poem::http::{HeaderName, HeaderValue, header};
use poem::{Endpoint, Request, Response, Result};

use super::request_id::{self, RequestId};
use super::state::State;
use super::{metrics, problem, remainder, security};
use crate::telemetry::trace;

/// The span of the caller.
const TRACE: HeaderName = HeaderName::from_static("traceparent");

/// Gives a request its id; answers also where nothing else does; counts, logs and protects the answer. Method, path, status and duration are logged, never
/// arguments, which may hold figures that are not public.
pub(super) async fn surround<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    mut request: Request,
    state: State,
) -> Result<Response> {
    let started = Instant::now();
    let id = RequestId::new();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let (method_label, label) = (metrics::method(&method), metrics::route(&path));
    let caller = request.headers().get(TRACE).and_then(|value| value.to_str().ok());
    let mut span = state.tracer.request(|| format!("{method_label} {label}"), caller);
    let is_held_back = remainder::is_held_back(request.headers());
    remainder::discard_unread(&mut request, state.http.body_timeout);
    request.extensions_mut().insert(id.clone());
    request.extensions_mut().insert(state.clone());
    let answered = Box::pin(answered(next.call(request), &path, &id));
    let mut response = trace::within(span.as_ref(), answered).await;
    let status = response.status();
    if let Some(span) = &mut span {
        span.attribute("http.request.method", method_label);
        span.attribute("http.route", label);
        span.attribute("http.response.status_code", status.as_u16().to_string());
        span.attribute("plumbline.request_id", &*id);
        if status.is_server_error() {
            span.fail();
        }
    }
    drop(span);
    let headers = response.headers_mut();
    security::protect(headers, state.encrypted);
    if is_held_back && !status.is_success() {
        // Its body may never have been asked for, and then it does not come.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(value) = id.header() {
        headers.insert(request_id::HEADER, value);
    }
    let took = started.elapsed();
    let metrics = state.service.metrics();
    metrics.request(label, method_label, status.as_str(), took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request_id = &*id, %method, path, status = status.as_u16(), micros, "request");
    Ok(response)
}

/// The answer, also where the work ends with an error of the framework or a panic.
async fn answered(work: impl Future<Output = Result<Response>>, path: &str, id: &str) -> Response {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => problem::respond(&error, path, id),
        Err(cause) => problem::panicked(cause.as_ref(), id),
    }
}

#[cfg(test)]
mod tests {
    use poem::http::StatusCode;

    use super::*;

    #[tokio::test]
    async fn whatever_happens_there_is_an_answer_that_tells_no_insides() {
        let missing = poem::Error::from_string("insides", StatusCode::NOT_FOUND);
        let broken = poem::Error::from_string("insides", StatusCode::BAD_GATEWAY);
        for (answer, status, code) in [
            (answered(async { Err(missing) }, "/", "").await, 404, "NOT_FOUND"),
            (answered(async { Err(broken) }, "/", "").await, 502, "INTERNAL"),
            (answered(async { panic!("insides") }, "/", "").await, 500, "INTERNAL"),
            (
                answered(async { panic!("{}", "insides".to_owned()) }, "/", "").await,
                500,
                "INTERNAL",
            ),
        ] {
            assert_eq!(answer.status().as_u16(), status);
            let text = answer.into_body().into_string().await.unwrap();
            assert!(text.contains(code) && !text.contains("insides"), "{text}");
        }
    }
}
