//! A place in rows that are counted: of which state of the data, after how many rows, and of which question.

use std::hash::{DefaultHasher, Hash, Hasher};

use async_graphql::connection::{CursorType, OpaqueCursor};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What a cursor holds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Held(Option<i64>, u64, u64);

/// A place in the rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The recording time of the state.
    pub(super) state: Option<i64>,
    /// Rows before it.
    pub(super) before: u64,
    question: u64,
}

impl Place {
    pub(super) fn new(state: Option<i64>, before: u64, question: u64) -> Self {
        Self {
            state,
            before,
            question,
        }
    }

    /// What tells a question from others.
    pub(super) fn question(of: &impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        of.hash(&mut hasher);
        hasher.finish()
    }

    /// It as clients hold it.
    pub(super) fn cursor(self) -> String {
        OpaqueCursor(Held(self.state, self.before, self.question)).encode_cursor()
    }

    /// That of a cursor of this question.
    ///
    /// # Errors
    /// [`Error::Input`] for a cursor of something else.
    pub(super) fn read(text: &str, question: u64, as_of: Option<i64>) -> Result<Self, Error> {
        let OpaqueCursor(held) = OpaqueCursor::<Held>::decode_cursor(text).map_err(|_| {
            Error::input(
                "after is not a cursor of this list",
                "take a cursor of an edge or of pageInfo as it was given",
            )
        })?;
        let place = Self::new(held.0, held.1, held.2);
        // A later time than the state's is the newest state that there was.
        let is_earlier = as_of.is_some_and(|asked| place.state.is_some_and(|state| asked < state));
        if place.question != question || is_earlier {
            return Err(Error::input(
                "after is a cursor of another question",
                "page with the arguments that the cursor came from",
            ));
        }
        Ok(place)
    }
}
