//! The headers by which browsers protect their users. An address that knows better sets its own.

use std::sync::Arc;

use poem::http::{HeaderName, HeaderValue, header};
use poem::{Endpoint, Request, Response, Result};

/// What no answer goes without.
const HEADERS: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Answers are data: were one shown as a page, it could load and do nothing.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
];

/// A year, as the lists of browsers ask for.
const ONLY_ENCRYPTED: &str = "max-age=31536000";

/// Adds the headers that an answer does not have yet; with `encrypted` also the one that binds browsers to encryption.
pub(super) async fn protect<E: Endpoint<Output = Response>>(
    next: Arc<E>,
    request: Request,
    encrypted: bool,
) -> Result<Response> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if encrypted {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static(ONLY_ENCRYPTED));
    }
    Ok(response)
}
