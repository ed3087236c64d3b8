//! One log line a request.

use std::sync::Arc;
use std::time::Instant;

use poem::middleware::ReqId;
use poem::{Endpoint, FromRequest, Request, Response, Result};

use super::metrics;
use crate::telemetry::metrics::Metrics;

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
) -> Result<Response> {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let request_id = request_id(&request).await;
    let response = next.call(request).await?;
    let took = started.elapsed();
    let label = metrics::route(&path);
    measured.request(label, metrics::method(&method), response.status().as_u16(), took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request_id, %method, path, status = response.status().as_u16(), micros, "request");
    Ok(response)
}
