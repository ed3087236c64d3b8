//! Global identifiers: opaque outside, noun and stable key inside.

use async_graphql::ID;
use async_graphql::connection::{CursorType, OpaqueCursor};

use crate::error::Error;

/// What an identifier means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GlobalId {
    /// An indicator, by its immutable code.
    Indicator(String),
    /// An organisation, by its immutable code.
    OrgUnit(String),
    /// One revision of an observation, by its key.
    Observation(i64),
}

impl GlobalId {
    /// The opaque text.
    pub(crate) fn encode(&self) -> ID {
        let (noun, key) = match self {
            Self::Indicator(code) => ("Indicator", code.clone()),
            Self::OrgUnit(code) => ("OrgUnit", code.clone()),
            Self::Observation(id) => ("Observation", id.to_string()),
        };
        ID(OpaqueCursor((noun.to_owned(), key)).encode_cursor())
    }

    /// What `id` means.
    ///
    /// # Errors
    /// [`Error::Input`] when it was not made by [`Self::encode`].
    pub(crate) fn decode(id: &ID) -> Result<Self, Error> {
        let refuse = || {
            Error::input(
                "this is not an id of this API",
                "take the `id` of an object as it was given",
            )
        };
        let OpaqueCursor((noun, key)) = OpaqueCursor::<(String, String)>::decode_cursor(id).map_err(|_| refuse())?;
        match noun.as_str() {
            "Indicator" => Ok(Self::Indicator(key)),
            "OrgUnit" => Ok(Self::OrgUnit(key)),
            "Observation" => key.parse().map(Self::Observation).map_err(|_| refuse()),
            _ => Err(refuse()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_and_garbage_is_refused() {
        for id in [
            GlobalId::Indicator("a_b".into()),
            GlobalId::OrgUnit("x-y".into()),
            GlobalId::Observation(7),
        ] {
            assert_eq!(GlobalId::decode(&id.encode()).unwrap(), id);
        }
        for text in ["", "7", "Observation:7", "e30=", "\u{0}", "é"] {
            assert!(GlobalId::decode(&ID(text.into())).is_err(), "{text}");
        }
    }
}
