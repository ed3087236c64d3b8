//! A table as an answer: sent while it is made, or from a finished file whole or in part.

use std::io::SeekFrom;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use poem::http::{Method, StatusCode, header};
use poem::{Body, Request, Response, ResponseBuilder};
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use crate::error::{Error, ErrorCode};
use crate::export::form::{Form, Style};
use crate::export::table::when;
use crate::http::conditional::{Part, is_changed, is_known, part, takes_gzip};
use crate::http::problem::problem;
use crate::http::spool::Spooled;
use crate::http::state::State;
use crate::service::table::Table;

/// What is to be sent.
pub(in crate::http) struct Offer {
    /// Name of the file, without its end.
    pub(in crate::http) name: String,
    /// Its form.
    pub(in crate::http) form: Form,
    /// How it is written.
    pub(in crate::http) style: Style,
    /// What decides the bytes, without quotes.
    pub(in crate::http) tag: String,
    /// The recording time up to which figures are in it, in µs since the epoch.
    pub(in crate::http) as_of: Option<i64>,
}

impl Offer {
    fn is_compressed(&self, request: &Request) -> bool {
        let is_part = request.headers().contains_key(header::RANGE) || request.method() == Method::HEAD;
        matches!(self.form, Form::Csv | Form::Json) && !is_part && takes_gzip(request.headers())
    }

    /// Two encodings are two answers.
    fn tag(&self, request: &Request) -> String {
        let end = if self.is_compressed(request) { "-gz" } else { "" };
        format!("\"{}{end}\"", self.tag)
    }

    /// The answer that needs no rows: to who has these already, and to who goes on with others.
    pub(in crate::http) fn settled(&self, request: &Request) -> Option<Response> {
        let tag = self.tag(request);
        if is_changed(request, &tag, self.as_of) {
            let hint = "ask for it anew, from its beginning";
            return Some(problem(
                StatusCode::PRECONDITION_FAILED,
                ErrorCode::Conflict,
                "this is not what it was",
                Some(hint),
            ));
        }
        is_known(request, &tag).then(|| self.headers(request).status(StatusCode::NOT_MODIFIED).finish())
    }

    fn headers(&self, request: &Request) -> ResponseBuilder {
        let mut builder = Response::builder()
            .header(header::CACHE_CONTROL, "no-cache")
            .header(header::ETAG, self.tag(request));
        if matches!(self.form, Form::Csv | Form::Json) {
            builder = builder.header(header::VARY, "accept-encoding");
        }
        if let Some(time) = self.as_of.and_then(DateTime::<Utc>::from_timestamp_micros) {
            let modified = time.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            builder = builder.header(header::LAST_MODIFIED, modified);
        }
        match self.as_of.and_then(when::moment) {
            Some(time) => builder.header("plumbline-as-of", time),
            None => builder,
        }
    }

    /// The headers of an answer with a file.
    fn begin(&self, request: &Request) -> ResponseBuilder {
        self.headers(request)
            .header(header::CONTENT_TYPE, self.form.media_type())
            .header(header::CONTENT_DISPOSITION, disposition(&self.name, self.form))
    }
}

/// The name of a file, for programs that read ASCII only and for all others.
pub(super) fn disposition(name: &str, form: Form) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() || "-_".contains(letter) {
            letter
        } else {
            '_'
        }
    };
    let ascii: String = name.chars().map(plain).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("attachment; filename=\"{ascii}.{form}\"; filename*=UTF-8''{encoded}.{form}")
}

/// Sends the table that `made` gives. A fault in the middle breaks the connection off, so that no client takes the half for the whole.
///
/// # Errors
/// What `made` fails with, or making the file.
pub(in crate::http) async fn send(
    request: &Request,
    state: &State,
    offer: Offer,
    made: impl Future<Output = Result<Table, Error>>,
) -> Result<Response, Error> {
    // Who asks for the length, or for a part, needs a file that is finished.
    let wants_file = request.method() == Method::HEAD || request.headers().contains_key(header::RANGE);
    if offer.form.is_streamed() && !wants_file {
        let is_compressed = offer.is_compressed(request);
        let stream = made.await?.stream(offer.form, offer.style, is_compressed)?;
        let logged = stream.map(|piece| {
            piece.map_err(|error| {
                tracing::error!(error = error.chain(), "an export was broken off");
                std::io::Error::other(error)
            })
        });
        let mut builder = offer.begin(request);
        if is_compressed {
            builder = builder.header(header::CONTENT_ENCODING, "gzip");
        }
        return Ok(builder.body(Body::from_bytes_stream(logged)));
    }
    let spooled = match state.spool.get(&offer.tag) {
        Some(spooled) => spooled,
        None => {
            let file = made.await?.file(offer.form, offer.style).await?;
            let length = file.as_file().metadata().map_err(Error::internal)?.len();
            state.spool.keep(&offer.tag, file, length)
        }
    };
    from_file(request, &offer, spooled).await
}

async fn from_file(request: &Request, offer: &Offer, spooled: Arc<Spooled>) -> Result<Response, Error> {
    let tag = offer.tag(request);
    let length = spooled.length;
    let builder = offer.begin(request).header(header::ACCEPT_RANGES, "bytes");
    // Whoever asks for the headers asks for those of the whole.
    let is_head = request.method() == Method::HEAD;
    let asked = if is_head {
        Part::Whole
    } else {
        part(request, &tag, length)
    };
    let (status, range) = match asked {
        Part::Whole => (StatusCode::OK, 0..length),
        Part::Range(range) => (StatusCode::PARTIAL_CONTENT, range),
        Part::Outside => {
            return Ok(builder
                .status(StatusCode::RANGE_NOT_SATISFIABLE)
                .header(header::CONTENT_RANGE, format!("bytes */{length}"))
                .finish());
        }
    };
    let mut builder = builder
        .status(status)
        .header(header::CONTENT_LENGTH, range.end - range.start);
    if status == StatusCode::PARTIAL_CONTENT {
        let told = format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1));
        builder = builder.header(header::CONTENT_RANGE, told);
    }
    if is_head {
        return Ok(builder.finish());
    }
    let mut file = tokio::fs::File::open(spooled.file.path())
        .await
        .map_err(Error::internal)?;
    file.seek(SeekFrom::Start(range.start)).await.map_err(Error::internal)?;
    // The file is open: it may lose its name.
    Ok(builder.body(Body::from_async_read(file.take(range.end - range.start))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_name_for_old_and_for_new_programs() {
        assert_eq!(
            disposition("年报-1", Form::Csv),
            "attachment; filename=\"__-1.csv\"; filename*=UTF-8''%E5%B9%B4%E6%8A%A5-1.csv"
        );
    }
}
