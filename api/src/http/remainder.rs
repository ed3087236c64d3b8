//! What a body still holds when nobody reads it any more, as after a refusal: it is read to its end and thrown away, within reason. A server that closes in the
//! middle of it takes the answer away from a caller that is still sending, and breaks the next request on the same connection.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use poem::http::{HeaderMap, HeaderValue, header};
use poem::{Body, Request};
use tokio::runtime::Handle;

/// What is thrown away at most.
const MOST: usize = 64 * 1024 * 1024;
/// How long nothing may come.
const SILENCE: Duration = Duration::from_secs(5);

struct Whole {
    inner: BoxBody<Bytes, io::Error>,
    /// Nothing comes any more.
    is_over: bool,
    /// The caller sends nothing before somebody reads.
    is_held_back: bool,
    patience: Duration,
}

impl HttpBody for Whole {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.is_held_back = false;
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        self.is_over = matches!(polled, Poll::Ready(None | Some(Err(_))));
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        if self.is_over || self.is_held_back || self.inner.is_end_stream() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let rest = std::mem::take(&mut self.inner);
            runtime.spawn(tokio::time::timeout(self.patience, discard(rest)));
        }
    }
}

async fn discard(mut body: BoxBody<Bytes, io::Error>) {
    let mut seen = 0usize;
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(SILENCE, body.frame()).await {
        seen = seen.saturating_add(frame.data_ref().map_or(0, Bytes::len));
        if seen > MOST {
            return;
        }
    }
}

/// Sees to it that the body of a request is read to its end, and that this takes no longer than `patience` after nobody wants it any more.
pub(super) fn discard_unread(request: &mut Request, patience: Duration) {
    let inner: BoxBody<Bytes, io::Error> = request.take_body().into();
    let is_held_back = is_held_back(request.headers());
    request.set_body(if inner.is_end_stream() {
        Body::from(inner)
    } else {
        Body::from(BoxBody::new(Whole {
            inner,
            is_over: false,
            is_held_back,
            patience,
        }))
    });
}

/// Whether the caller waits for a word before it sends the body.
pub(super) fn is_held_back(request: &HeaderMap) -> bool {
    let expected = request.get(header::EXPECT).map(HeaderValue::as_bytes);
    expected.is_some_and(|expected| expected.eq_ignore_ascii_case(b"100-continue"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::{StreamExt, stream};

    use super::*;

    /// A request whose body tells how many pieces were taken from it.
    fn counted(pieces: usize, expect: Option<&str>) -> (Request, Arc<AtomicUsize>) {
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        let body = stream::iter(0..pieces).map(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok::<_, io::Error>(vec![7; 1024 * 1024])
        });
        let mut request = Request::builder();
        if let Some(expect) = expect {
            request = request.header(header::EXPECT, expect);
        }
        (request.body(Body::from_bytes_stream(body)), taken)
    }

    async fn left_alone(pieces: usize, expect: Option<&str>) -> usize {
        let (mut request, taken) = counted(pieces, expect);
        discard_unread(&mut request, Duration::from_secs(5));
        drop(request);
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
        taken.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn what_nobody_reads_is_read_up_to_the_limit() {
        assert_eq!(left_alone(10, None).await, 10);
        assert_eq!(left_alone(100, None).await, 65);
    }

    #[tokio::test]
    async fn what_is_held_back_is_not_asked_for() {
        assert_eq!(left_alone(10, Some("100-Continue")).await, 0);
        assert_eq!(left_alone(10, Some("something")).await, 10);
    }

    #[tokio::test]
    async fn what_is_read_is_there() {
        let (mut request, taken) = counted(3, Some("100-continue"));
        discard_unread(&mut request, Duration::from_secs(5));
        let bytes = request.take_body().into_vec().await.unwrap();
        assert_eq!((bytes.len(), taken.load(Ordering::Relaxed)), (3 * 1024 * 1024, 3));
    }
}
