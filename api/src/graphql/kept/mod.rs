//! Answers that are given again: to the same question, of somebody who may read the same, while the data is the same.
//!
//! Kept is only what stands on the pinned version of the data alone ([`field`]); whoever asks looks at the change feed first, so that nothing is older than it
//! would be if it were computed anew. What may be read is part of the key as it is, not as a hash.

pub(super) mod field;

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::Request;
use bytes::Bytes;
use sha2::{Digest, Sha256};

pub use self::field::PURE;
use super::bounded::{Bounded, OVERHEAD};
use crate::service::access::{Reach, Sight};

/// The value of an enumeration that takes in figures which are not published: they change without a new version.
const PROVISIONAL: &str = "PROVISIONAL";
/// Answers to one question for callers who may read different parts.
const MOST_PARTS: usize = 16;

/// A question as it was sent: it is not read to be known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asked([u8; 32]);

impl Asked {
    /// The question that came as `text` in one of the ways in which questions come.
    #[must_use]
    pub fn of(way: &str, text: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(way.len().to_le_bytes());
        hash.update(way);
        hash.update(text);
        Self(hash.finalize().into())
    }
}

/// Whether a request asks for what is not published, or might.
pub(super) fn is_provisional(request: &Request) -> bool {
    let variables = serde_json::to_string(&request.variables);
    request.query.contains(PROVISIONAL) || variables.map_or(true, |variables| variables.contains(PROVISIONAL))
}

/// An answer that is given again.
#[derive(Debug)]
pub struct Answer {
    /// The whole response as JSON.
    pub text: Bytes,
    /// What it cost at most, in fields: the same is charged for it again.
    pub fields: u64,
    /// The root field.
    pub(super) field: String,
}

struct Entry {
    version: i64,
    reach: Arc<Reach>,
    is_stranger: bool,
    answer: Arc<Answer>,
}

impl Entry {
    fn is_for(&self, sight: &Sight) -> bool {
        self.is_stranger == sight.caller().is_stranger() && self.reach == *sight.reach()
    }
}

/// The answers that are kept. Clones share them.
#[derive(Clone)]
pub(super) struct Kept(Arc<Mutex<Bounded<Asked, Vec<Entry>>>>);

impl Kept {
    /// Room for answers of `most_bytes` in all; 0 keeps none.
    pub(super) fn new(most_bytes: usize) -> Self {
        Self(Arc::new(Mutex::new(Bounded::new(most_bytes))))
    }

    /// Whether anybody was answered this.
    pub(super) fn knows(&self, asked: &Asked) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(asked)
    }

    /// The answer for whoever looks, if the data is still that of the answer.
    pub(super) fn answer(&self, asked: &Asked, sight: &Sight) -> Option<Arc<Answer>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entries = kept.get(asked)?;
        let found = entries
            .iter()
            .find(|entry| entry.version == sight.snapshot.version && entry.is_for(sight))?;
        Some(Arc::clone(&found.answer))
    }

    /// Keeps an answer in the place of an older one.
    pub(super) fn keep(&self, asked: Asked, sight: &Sight, answer: Answer) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let version = sight.snapshot.version;
        let mut entries = kept.take(&asked).unwrap_or_default();
        // A newer version may be kept already, by somebody who asked later.
        if entries
            .iter()
            .all(|entry| entry.version <= version || !entry.is_for(sight))
        {
            entries.retain(|entry| entry.version >= version && !entry.is_for(sight));
            entries.truncate(MOST_PARTS - 1);
            entries.insert(
                0,
                Entry {
                    version,
                    reach: Arc::clone(sight.reach()),
                    is_stranger: sight.caller().is_stranger(),
                    answer: Arc::new(answer),
                },
            );
        }
        let length = entries.iter().map(|entry| entry.answer.text.len() + OVERHEAD).sum();
        kept.put(asked, entries, length);
    }
}
