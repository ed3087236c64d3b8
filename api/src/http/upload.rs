//! Files in a request: the GraphQL multipart request specification, within limits, each file streamed to a temporary file without a name.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use async_graphql::{Name, Request as GraphqlRequest, Value, Variables};
use bytes::Bytes;
use futures_util::stream::poll_fn;
use futures_util::{Stream, StreamExt};
use multer::{Field, Multipart};
use poem::http::StatusCode;
use poem::{Body, Response};
use tokio::io::AsyncWriteExt;

use super::parameters::{self, Malformed};
use super::problem::{malformed, problem};
use crate::config::Http;
use crate::error::ErrorCode;
use crate::graphql::{Upload, UploadedFile, Uploads};

/// What may be read ahead of what was taken: the form would gather everything that is there.
const MOST_AHEAD: u64 = 256 * 1024;
/// How often the form may ask for more than that without giving anything: it waits for the end of a header then.
const MOST_ASKED: u64 = 8;

/// Why there is no request.
#[derive(Debug)]
pub(super) enum FormFault {
    /// Not as the specification says.
    Malformed(Malformed),
    /// Over a limit.
    TooLarge(String),
    /// Slower than it may be.
    TooSlow,
    /// A temporary file cannot be written.
    Disk(io::Error),
}

impl FormFault {
    /// The answer.
    pub(super) fn respond(self) -> Box<Response> {
        let (status, code) = (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::LimitExceeded);
        Box::new(match self {
            Self::Malformed(wrong) => malformed(&wrong),
            Self::TooLarge(message) => problem(status, code, &message, Some("send fewer or smaller files")),
            Self::TooSlow => problem(
                StatusCode::REQUEST_TIMEOUT,
                code,
                "the files took longer than they may",
                Some("send fewer or smaller files"),
            ),
            Self::Disk(error) => {
                tracing::error!(%error, "an uploaded file could not be kept");
                problem(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    ErrorCode::Internal,
                    "something went wrong on the server",
                    None,
                )
            }
        })
    }
}

fn wrong(message: impl Into<String>) -> FormFault {
    FormFault::Malformed(Malformed::new(
        message,
        "send `operations`, then `map`, then the files, as the GraphQL multipart request specification says",
    ))
}

fn broken(_: multer::Error) -> FormFault {
    wrong("the form cannot be read")
}

/// The request in a form.
pub(super) async fn read(body: Body, boundary: &str, limits: &Http) -> Result<GraphqlRequest, FormFault> {
    let pieces = Arc::new(Pieces::default());
    let reading = gather(&pieces, body, boundary, limits);
    match tokio::time::timeout(limits.upload_timeout, reading).await {
        Err(_) => Err(FormFault::TooSlow),
        Ok(Err(_)) if pieces.is_flooded() => Err(FormFault::TooLarge("the headers of a part are too long".to_owned())),
        Ok(read) => read,
    }
}

async fn gather(pieces: &Arc<Pieces>, body: Body, boundary: &str, limits: &Http) -> Result<GraphqlRequest, FormFault> {
    let mut form = Multipart::new(Pieces::stream(pieces, body), boundary);
    let mut field = form.next_field().await.map_err(broken)?;
    let operations = text(field.take(), "operations", pieces, limits).await?;
    let mut field = form.next_field().await.map_err(broken)?;
    let map = text(field.take(), "map", pieces, limits).await?;
    let mut places: HashMap<String, Vec<String>> =
        serde_json::from_slice(&map).map_err(|_| wrong("`map` is not an object of lists of texts"))?;
    if places.len() > limits.max_upload_files {
        let most = limits.max_upload_files;
        return Err(FormFault::TooLarge(format!(
            "{} files are over the limit of {most}",
            places.len()
        )));
    }
    let mut request = parameters::of_json(&operations).map_err(FormFault::Malformed)?;
    let (mut files, mut room) = (Vec::new(), limits.max_upload_total_bytes);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(paths) = places.remove(&name) else {
            return Err(wrong(format!("`map` does not name the part `{name}` once")));
        };
        for path in &paths {
            put(&mut request.variables, path, files.len())?;
        }
        let file = keep(field, pieces, limits, &mut room).await?;
        files.push(Arc::new(file));
    }
    if let Some(name) = places.keys().next() {
        return Err(wrong(format!("the part `{name}` of `map` is missing")));
    }
    Ok(request.data(Uploads(Arc::new(files))))
}

/// A part that is text and no file.
async fn text(field: Option<Field<'_>>, name: &str, pieces: &Pieces, limits: &Http) -> Result<Vec<u8>, FormFault> {
    let field = field.filter(|field| field.name() == Some(name));
    let mut field = field.ok_or_else(|| wrong(format!("the part `{name}` is not where it belongs")))?;
    let mut held = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(broken)? {
        pieces.took(piece.len());
        held.extend_from_slice(&piece);
        if held.len() > limits.max_body_bytes {
            let most = limits.max_body_bytes;
            return Err(FormFault::TooLarge(format!("`{name}` is larger than {most} bytes")));
        }
    }
    Ok(held)
}

/// Writes a file to a temporary one.
async fn keep(mut field: Field<'_>, pieces: &Pieces, limits: &Http, room: &mut u64) -> Result<UploadedFile, FormFault> {
    let name = field.file_name().unwrap_or_default().to_owned();
    let kind = field.content_type().map(ToString::to_string);
    let file = tokio::task::spawn_blocking(tempfile::tempfile).await;
    let file = file.unwrap_or_else(|lost| Err(io::Error::other(lost)));
    let mut file = tokio::fs::File::from_std(file.map_err(FormFault::Disk)?);
    let mut bytes = 0u64;
    while let Some(piece) = field.chunk().await.map_err(broken)? {
        pieces.took(piece.len());
        let length = piece.len() as u64;
        bytes += length;
        if bytes > limits.max_upload_bytes {
            let most = limits.max_upload_bytes;
            return Err(FormFault::TooLarge(format!("a file is larger than {most} bytes")));
        }
        *room = room.checked_sub(length).ok_or_else(|| {
            let most = limits.max_upload_total_bytes;
            FormFault::TooLarge(format!("all files together are larger than {most} bytes"))
        })?;
        file.write_all(&piece).await.map_err(FormFault::Disk)?;
    }
    file.flush().await.map_err(FormFault::Disk)?;
    Ok(UploadedFile::new(name, kind, bytes, file.into_std().await))
}

/// Puts the file `index` where `path` leads, which must be null until then: `variables.file`, `variables.files.0`.
fn put(variables: &mut Variables, path: &str, index: usize) -> Result<(), FormFault> {
    let lost = || wrong(format!("`map` leads to `{path}`, where `operations` has no null"));
    let mut steps = path.split('.');
    let (Some("variables"), Some(first)) = (steps.next(), steps.next()) else {
        return Err(lost());
    };
    let mut place = variables.get_mut(&Name::new(first)).ok_or_else(lost)?;
    for step in steps {
        let inner = match place {
            Value::List(items) => step.parse::<usize>().ok().and_then(|at| items.get_mut(at)),
            Value::Object(fields) => fields.get_mut(step),
            _ => None,
        };
        place = inner.ok_or_else(lost)?;
    }
    if *place != Value::Null {
        return Err(lost());
    }
    *place = Upload::marker(index);
    Ok(())
}

/// How far the form is with the pieces of the body.
#[derive(Default)]
struct Pieces {
    /// Bytes that the form has read.
    read: AtomicU64,
    /// Bytes that were taken from the form.
    taken: AtomicU64,
    /// How often the form asked in vain since something was taken from it.
    asked: AtomicU64,
}

impl Pieces {
    fn took(&self, bytes: usize) {
        self.taken.fetch_add(bytes as u64, Ordering::Relaxed);
        self.asked.store(0, Ordering::Relaxed);
    }

    fn is_ahead(&self) -> bool {
        let (read, taken) = (self.read.load(Ordering::Relaxed), self.taken.load(Ordering::Relaxed));
        read.saturating_sub(taken) > MOST_AHEAD
    }

    /// Whether the form waits for the end of a header that has none.
    fn is_flooded(&self) -> bool {
        self.asked.load(Ordering::Relaxed) > MOST_ASKED
    }

    fn stream(pieces: &Arc<Self>, body: Body) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static + use<> {
        let (pieces, mut body) = (Arc::clone(pieces), Box::pin(body.into_bytes_stream()));
        poll_fn(move |context| {
            if pieces.is_ahead() {
                pieces.asked.fetch_add(1, Ordering::Relaxed);
                if pieces.is_flooded() {
                    return Poll::Ready(Some(Err(io::Error::other("a header without an end"))));
                }
                // There is more, but not before this was taken.
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let piece = body.poll_next_unpin(context);
            if let Poll::Ready(Some(Ok(bytes))) = &piece {
                pieces.read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            }
            piece
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::time::Duration;

    use async_graphql::{Context, EmptySubscription, Object, Schema, value};

    use super::*;

    struct Query;

    #[Object]
    impl Query {
        async fn nothing(&self) -> bool {
            true
        }
    }

    struct Mutation;

    #[Object]
    impl Mutation {
        async fn keep(&self, ctx: &Context<'_>, files: Vec<Upload>) -> async_graphql::Result<Vec<String>> {
            let mut told = Vec::new();
            for file in files {
                let (file, mut text) = (file.value(ctx)?, String::new());
                file.open()?.read_to_string(&mut text)?;
                told.push(format!("{} {} {text}", file.name, file.bytes));
            }
            Ok(told)
        }
    }

    fn limits() -> Http {
        Http {
            max_connections: 1,
            max_body_bytes: 1000,
            body_timeout: Duration::from_secs(1),
            max_upload_files: 2,
            max_upload_bytes: 100,
            max_upload_total_bytes: 150,
            upload_timeout: Duration::from_secs(1),
            max_requests: 1,
            allowed_origins: Vec::new(),
            request_timeout: Duration::from_secs(1),
            shutdown_timeout: Duration::from_secs(1),
        }
    }

    fn form(variables: &str, map: &str, files: &[&str]) -> String {
        let operations =
            format!("{{\"query\":\"mutation ($f: [Upload!]!) {{ keep(files: $f) }}\",\"variables\":{variables}}}");
        let mut text = format!(
            "--x\r\ncontent-disposition: form-data; name=\"operations\"\r\n\r\n{operations}\r\n--x\r\ncontent-disposition: \
             form-data; name=\"map\"\r\n\r\n{map}\r\n"
        );
        for (at, file) in files.iter().enumerate() {
            text.push_str(&format!(
                "--x\r\ncontent-disposition: form-data; name=\"{at}\"; filename=\"{at}.csv\"\r\n\r\n{file}\r\n"
            ));
        }
        text + "--x--\r\n"
    }

    #[tokio::test]
    async fn a_resolver_reads_the_files_that_were_sent() {
        let schema = Schema::new(Query, Mutation, EmptySubscription);
        let map = "{\"0\":[\"variables.f.0\",\"variables.f.2\"],\"1\":[\"variables.f.1\"]}";
        let body = form("{\"f\":[null,null,null]}", map, &["a,b\n", "数"]);
        let request = read(Body::from(body), "x", &limits()).await.unwrap();
        let response = schema.execute(request).await;
        assert_eq!(response.errors, []);
        assert_eq!(
            response.data,
            value!({ "keep": ["0.csv 4 a,b\n", "1.csv 3 数", "0.csv 4 a,b\n"] })
        );
    }

    #[tokio::test]
    async fn what_a_client_writes_is_no_file() {
        let schema = Schema::new(Query, Mutation, EmptySubscription);
        for file in ["\"#__graphql_file__:0\"", "0", "[0,0,0,0,0,0,0,0]", "null", "{}"] {
            let operations = format!(
                "{{\"query\":\"mutation ($f: [Upload!]!) {{ keep(files: $f) }}\",\"variables\":{{\"f\":[{file}]}}}}"
            );
            let request = parameters::of_json(operations.as_bytes()).unwrap();
            assert!(schema.execute(request).await.is_err(), "{file}");
        }
    }

    #[tokio::test]
    async fn a_file_that_does_not_come_is_given_up() {
        let start = form("{\"f\":[null]}", "{\"0\":[\"variables.f.0\"]}", &["7"]).replace("--x--", "");
        let pieces = futures_util::stream::once(std::future::ready(Ok::<_, io::Error>(start)));
        let body = Body::from_bytes_stream(pieces.chain(futures_util::stream::pending()));
        let short = Http {
            upload_timeout: Duration::from_millis(20),
            ..limits()
        };
        assert!(matches!(read(body, "x", &short).await, Err(FormFault::TooSlow)));
    }
}
