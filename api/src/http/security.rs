//! The headers by which browsers protect their users. An address that knows better sets its own.

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

/// What no answer goes without.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    // Answers are data: were one shown as a page, it could load and do nothing.
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ),
];

/// A year, as the lists of browsers ask for.
const ONLY_ENCRYPTED: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds what an answer does not have yet; with `encrypted` also what binds browsers to encryption.
pub(super) fn protect(headers: &mut HeaderMap, encrypted: bool) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(value);
    }
    if encrypted {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(ONLY_ENCRYPTED);
    }
}
