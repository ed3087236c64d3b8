//! What signing in needs to know and remembers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::issuer::Issuer;
use crate::config::{Oidc, Public};
use crate::service::refusal::Refusals;

/// How often the last use of a token is written down, at most.
pub(super) const USE_STEP: i64 = 60_000_000;

/// What signing in needs to know and remembers. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct SignIn {
    pub(super) public: Public,
    pub(super) issuer: Option<Issuer>,
    /// When the last use of a token was written down, in µs since the epoch.
    used: Arc<Mutex<HashMap<i64, i64>>>,
    pub(in crate::service) refusals: Refusals,
}

impl SignIn {
    /// Signing in where strangers may do so much, with tokens of this server and those of an issuer.
    #[must_use]
    pub fn new(public: Public, oidc: Option<Oidc>) -> Self {
        Self {
            public,
            issuer: oidc.map(Issuer::new),
            ..Self::default()
        }
    }

    /// Whether the last use of a token is to be written down at `now`.
    pub(super) fn is_due(&self, token: i64, now: i64) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let last = used.entry(token).or_insert(0);
        let due = now - *last >= USE_STEP;
        if due {
            *last = now;
        }
        due
    }
}
