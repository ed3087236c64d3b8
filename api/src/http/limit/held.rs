//! A body that keeps its room until it has been sent.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use poem::{Body, Response};

use super::gate::Room;

struct Held {
    inner: BoxBody<Bytes, io::Error>,
    /// Given back with the last piece, or with the body when nobody wants the rest.
    room: Option<Room>,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let polled = Pin::new(&mut self.inner).poll_frame(cx);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.room = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// Lets a body that is still being made keep its room; what is finished needs none.
pub(in crate::http) fn hold(mut response: Response, room: Room) -> Response {
    let inner: BoxBody<Bytes, io::Error> = response.take_body().into();
    let is_finished = inner.size_hint().exact().is_some();
    let body = if is_finished {
        inner
    } else {
        let room = Some(room);
        Held { inner, room }.boxed()
    };
    response.set_body(Body::from(body));
    response
}
