//! From where a request may come: pages of other sites may not ask through a visitor's browser, unless they are listed.
//!
//! A browser asks before it sends JSON across sites, but not before a form or a GET. So a form needs a header that a form cannot carry; and a GET, which
//! changes nothing and may come from a spreadsheet or a command line, is refused only where the browser itself says that another site is behind it.

use std::net::IpAddr;
use std::sync::Arc;

use poem::http::uri::Authority;
use poem::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use poem::web::Data;
use poem::{Endpoint, FromRequest, Request, Response, Result};

use super::problem::problem;
use super::state::State;
use crate::error::ErrorCode;

/// Any of these makes a browser ask before it sends a request across sites.
const PREFLIGHT: [&str; 3] = [
    "graphql-require-preflight",
    "apollo-require-preflight",
    "x-requested-with",
];

/// From where a browser asks, and for what.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Whether a request carries a header that no form can send.
pub(super) fn is_deliberate(headers: &HeaderMap) -> bool {
    PREFLIGHT.iter().any(|name| headers.contains_key(*name))
}

/// The answer to a request of a foreign page; none for all others.
pub(super) fn refusal(request: &Request, allowed: &[String]) -> Option<Response> {
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let foreign = match text(header::ORIGIN) {
        Some(origin) => !is_own(origin, text(header::HOST)) && !is_listed(origin, allowed),
        // Without `origin` the request is a plain GET; newer browsers say from where.
        None => {
            headers.contains_key(header::ORIGIN)
                || (text(SITE) == Some("cross-site") && text(MODE) != Some("navigate") && !is_deliberate(headers))
        }
    };
    if is_rebound(request, allowed) {
        let hint =
            "use localhost or an address; the operator of the server can list other names in http.allowed_origins";
        return Some(problem(
            StatusCode::MISDIRECTED_REQUEST,
            ErrorCode::Forbidden,
            "this machine is not asked under this name",
            Some(hint),
        ));
    }
    foreign.then(|| {
        problem(
            StatusCode::FORBIDDEN,
            ErrorCode::Forbidden,
            "pages of this origin may not ask here",
            Some("the operator of the server can list it in http.allowed_origins"),
        )
    })
}

/// Whether this machine asks itself under a name that anybody may have made: a foreign page whose name was turned to this machine after it was loaded would pass
/// for its own. A proxy that says for whom it asks may use any name.
fn is_rebound(request: &Request, allowed: &[String]) -> bool {
    let peer = request.remote_addr().as_socket_addr();
    if !peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback()) || is_passed_on(request.headers()) {
        return false;
    }
    let Some(host) = request
        .header(header::HOST)
        .and_then(|host| host.parse::<Authority>().ok())
    else {
        return false;
    };
    let name = host.host().trim_matches(['[', ']']);
    let is_listed = allowed.iter().any(|listed| is_own(listed, Some(host.as_str())));
    let is_local = name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost");
    name.parse::<IpAddr>().is_err() && !is_local && !is_listed
}

/// Whether a proxy asks for somebody else.
pub(super) fn is_passed_on(headers: &HeaderMap) -> bool {
    ["x-forwarded-for", "forwarded", "via"]
        .iter()
        .any(|name| headers.contains_key(*name))
}

fn is_own(origin: &str, host: Option<&str>) -> bool {
    let named = origin.split_once("://").map(|(_, host)| host);
    named.is_some_and(|named| host.is_some_and(|host| host.eq_ignore_ascii_case(named)))
}

fn is_listed(origin: &str, allowed: &[String]) -> bool {
    allowed.iter().any(|listed| listed.eq_ignore_ascii_case(origin))
}

/// Lets the pages of listed origins read answers, and answers the browser that asks before it sends.
pub(super) async fn share<E: Endpoint<Output = Response>>(next: Arc<E>, request: Request) -> Result<Response> {
    let state = Data::<&State>::from_request_without_body(&request).await?;
    let allowed = &state.0.http.allowed_origins;
    let origin = request.headers().get(header::ORIGIN).cloned();
    let listed = origin.filter(|origin| origin.to_str().is_ok_and(|origin| is_listed(origin, allowed)));
    let asks = request.method() == Method::OPTIONS;
    let mut response = if asks {
        Response::builder()
            .status(StatusCode::NO_CONTENT)
            .header(header::ALLOW, "GET, HEAD, POST, OPTIONS")
            .finish()
    } else {
        next.call(request).await?
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = listed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = HeaderValue::from_static("x-request-id, retry-after");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        if asks {
            for (name, value) in [
                (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
                (
                    header::ACCESS_CONTROL_ALLOW_HEADERS,
                    "accept, authorization, content-type, graphql-require-preflight, apollo-require-preflight, x-requested-with",
                ),
                (header::ACCESS_CONTROL_MAX_AGE, "3600"),
            ] {
                headers.insert(name, HeaderValue::from_static(value));
            }
        }
    }
    Ok(response)
}
