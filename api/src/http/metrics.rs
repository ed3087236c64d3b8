//! `GET /metrics`: what the server counts and measures, for Prometheus.

use poem::http::{Method, StatusCode, header};
use poem::web::Data;
use poem::{Request, Response, handler};

use super::origin::is_passed_on;
use super::problem::problem;
use super::state::State;
use crate::config::MetricsReader;
use crate::error::ErrorCode;

/// Addresses that are told apart; all others are one.
const ROUTES: [&str; 7] = [
    "/graphql",
    "/graphiql",
    "/import",
    "/export",
    "/q",
    "/health",
    "/metrics",
];
/// Files that are told apart.
const EXPORTS: [&str; 3] = ["/export/observations", "/export/comparison", "/export/evaluation"];

/// The part of a path that says what is asked, from a closed list.
pub(super) fn route(path: &str) -> &'static str {
    let begins = |route: &&&str| {
        let rest = path.strip_prefix(**route);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
    };
    let found = EXPORTS.iter().find(begins).or_else(|| ROUTES.iter().find(begins));
    found.copied().unwrap_or("other")
}

/// The method, from a closed list.
pub(super) fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[handler]
pub(super) async fn get(request: &Request, state: Data<&State>) -> Response {
    if !may_read(request, state.metrics_reader) {
        return problem(
            StatusCode::FORBIDDEN,
            ErrorCode::Forbidden,
            "the metrics are not for this caller",
            Some("the operator of the server can open them with metrics.read"),
        );
    }
    let metrics = state.service.metrics();
    state.service.sample().await;
    state.limits.sample();
    Response::builder()
        .header(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .body(metrics.text())
}

/// A proxy on this machine asks for somebody else.
fn may_read(request: &Request, reader: MetricsReader) -> bool {
    let is_passed_on = || is_passed_on(request.headers());
    let peer = request.remote_addr().as_socket_addr();
    match reader {
        MetricsReader::Always => true,
        MetricsReader::Never => false,
        MetricsReader::Loopback => peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback()) && !is_passed_on(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_the_labels_are_few() {
        for (path, label) in [
            ("/graphql", "/graphql"),
            ("/graphiql/assets/a.js", "/graphiql"),
            ("/export/observations.csv", "/export/observations"),
            ("/export/evaluation/annual/2025.xlsx", "/export/evaluation"),
            ("/export/anything", "/export"),
            ("/q/mine.csv", "/q"),
            ("/health/ready", "/health"),
            ("/graphqlx", "other"),
            ("/", "other"),
            ("/wp-admin", "other"),
        ] {
            assert_eq!(route(path), label, "{path}");
        }
    }
}
