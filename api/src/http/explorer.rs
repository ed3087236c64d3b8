//! `GET /graphiql`: the explorer, from the program itself and nothing from elsewhere.

use std::io::Read;

use flate2::read::GzDecoder;
use poem::http::{StatusCode, header};
use poem::web::Path;
use poem::{Request, Response, handler};
use sha2::{Digest, Sha256};

use super::conditional::{is_known, takes_gzip};

/// The bundled files by name, each compressed; none where the program was built without them.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/explorer.rs"));

/// The page loads, runs and asks only what comes from this server. The editor writes its colours as inline styles, and carries small images in them.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; \
     connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the page says where the program was built without the explorer.
const ABSENT: &str = include_str!("explorer_absent.html");

/// The page.
#[handler]
pub(super) async fn page(request: &Request) -> Response {
    match file(request, "index.html") {
        Some(response) => response,
        None => guarded(
            Response::builder().status(StatusCode::NOT_FOUND),
            "text/html; charset=utf-8",
        )
        .body(ABSENT),
    }
}

/// What the page is made of.
#[handler]
pub(super) async fn asset(request: &Request, Path(name): Path<String>) -> poem::Result<Response> {
    file(request, &name).ok_or_else(|| poem::Error::from_status(StatusCode::NOT_FOUND))
}

fn file(request: &Request, name: &str) -> Option<Response> {
    let (name, packed) = FILES.iter().find(|(known, _)| *known == name)?;
    let tag = format!("\"{:x}\"", Sha256::digest(packed));
    let answer = guarded(Response::builder(), content_type(name))
        .header(header::ETAG, &tag)
        // The same names hold other contents after an update: asked for anew each time, and told that nothing changed.
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::VARY, "accept-encoding");
    if is_known(request, &tag) {
        return Some(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    if takes_gzip(request.headers()) {
        return Some(answer.header(header::CONTENT_ENCODING, "gzip").body(*packed));
    }
    let mut plain = Vec::new();
    GzDecoder::new(*packed).read_to_end(&mut plain).ok()?;
    Some(answer.body(plain))
}

fn guarded(answer: poem::ResponseBuilder, content_type: &'static str) -> poem::ResponseBuilder {
    answer
        .header(header::CONTENT_TYPE, content_type)
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        Some("woff") => "font/woff",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
