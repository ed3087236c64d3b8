//! The id of a request: it stands in the header `x-request-id` of the answer, in errors and in the log.

use std::ops::Deref;
use std::sync::Arc;

use poem::Request;
use poem::http::{HeaderName, HeaderValue};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// Its header.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request. It is ours: what a caller calls its request means nothing here.
#[derive(Clone, Debug)]
pub(super) struct RequestId(Arc<str>);

impl RequestId {
    /// An id that nothing else has.
    pub(super) fn new() -> Self {
        let mut text = Uuid::encode_buffer();
        let hyphenated: Hyphenated = Uuid::new_v4().into();
        Self((*hyphenated.encode_lower(&mut text)).into())
    }

    /// The id that a request was given when it came.
    pub(super) fn of(request: &Request) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_else(Self::new)
    }

    /// The value of its header.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(self).ok()
    }
}

impl Deref for RequestId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}
