//! One log line a request.

use std::sync::Arc;
use std::time::Instant;

use poem::middleware::ReqId;
use poem::{Endpoint, FromRequest, Request, Response, Result};

use super::metrics;
use crate::telemetry::metrics::Metrics;
use crate::telemetry::trace::{self, Tracer};

/// The id of a request, as it stands in the answer's `x-request-id`.
pub(super) async fn request_id(request: &Request) -> String {
    ReqId::from_request_without_body(request)
        .await
        .map(|id| id.to_string())
        .unwrap_or_default()
}

/// Logs method, path, status and duration; never arguments, which may hold figures that are not public.
pub(super) async fn log<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    request: Request,
    measured: Metrics,
    tracer: Tracer,
) -> Result<Response> {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let request_id = request_id(&request).await;
    let label = metrics::route(&path);
    let caller = request.header("traceparent").map(str::to_owned);
    let mut span = tracer.request(|| format!("{} {label}", metrics::method(&method)), caller.as_deref());
    let response = trace::within(span.as_ref(), Box::pin(next.call(request))).await?;
    if let Some(span) = &mut span {
        span.attribute("http.request.method", metrics::method(&method));
        span.attribute("http.route", label);
        span.attribute("http.response.status_code", response.status().as_u16().to_string());
        span.attribute("plumbline.request_id", request_id.as_str());
        if response.status().is_server_error() {
            span.fail();
        }
    }
    drop(span);
    let took = started.elapsed();
    measured.request(label, metrics::method(&method), response.status().as_u16(), took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request_id, %method, path, status = response.status().as_u16(), micros, "request");
    Ok(response)
}
