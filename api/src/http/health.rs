//! Probes.

use std::time::Duration;

use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Response, handler};
use serde_json::json;

use super::state::State;
use crate::error::Error;

/// A probe is not left waiting.
const PATIENCE: Duration = Duration::from_secs(5);

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(body.to_string())
}

/// Whether the process answers.
#[handler]
pub(super) async fn live() -> Response {
    answer(StatusCode::OK, &json!({ "status": "live" }))
}

/// Whether it can answer queries: the database is there and the figures are read.
#[handler]
pub(super) async fn ready(state: Data<&State>) -> Response {
    let asked = tokio::time::timeout(PATIENCE, state.service.snapshot()).await;
    match asked.unwrap_or(Err(Error::Timeout {
        seconds: PATIENCE.as_secs(),
    })) {
        Ok(snapshot) => answer(
            StatusCode::OK,
            &json!({ "status": "ready", "version": snapshot.version, "figures": snapshot.facts.len() }),
        ),
        Err(error) => {
            tracing::warn!(error = error.chain(), "not ready");
            answer(
                StatusCode::SERVICE_UNAVAILABLE,
                &json!({ "status": "not ready", "code": error.code().to_string() }),
            )
        }
    }
}
