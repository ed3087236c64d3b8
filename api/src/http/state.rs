//! What the handlers share.

use crate::graphql::Executor;
use crate::service::Service;

/// What the handlers share.
#[derive(Clone)]
pub struct State {
    pub(super) executor: Executor,
    pub(super) service: Service,
    pub(super) max_body_bytes: usize,
}

impl State {
    /// What the handlers share.
    #[must_use]
    pub fn new(executor: Executor, service: Service, max_body_bytes: usize) -> Self {
        Self {
            executor,
            service,
            max_body_bytes,
        }
    }
}
