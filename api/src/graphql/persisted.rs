//! Automatic persisted queries: a client sends the SHA-256 of a text instead of the text, once the server has seen it.
//!
//! Done before the library is asked: an extension of the schema would make every list dearer.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Request, Value};
use sha2::{Digest, Sha256};

use super::bounded::Bounded;
use crate::error::Error;

/// The name of the extension of a request.
const NAME: &str = "persistedQuery";

type Key = [u8; 32];

/// A text that a client wants to be kept, once it is known to be worth it.
#[derive(Debug)]
pub(super) struct Offer {
    key: Key,
    text: String,
}

/// The texts that are kept. Clones share them.
#[derive(Clone)]
pub(super) struct Store {
    texts: Arc<Mutex<Bounded<Key, String>>>,
    keeps: bool,
}

impl Store {
    /// A store of texts of `most_bytes` in all; 0 keeps none.
    pub(super) fn new(most_bytes: usize) -> Self {
        Self {
            texts: Arc::new(Mutex::new(Bounded::new(most_bytes))),
            keeps: most_bytes > 0,
        }
    }

    /// Puts the text of its hash into a request that has none. A request with both offers the text.
    ///
    /// # Errors
    /// [`Error::PersistedQueryNotFound`], [`Error::PersistedQueryNotSupported`] when nothing is kept, or [`Error::Input`].
    pub(super) fn resolve(&self, request: &mut Request) -> Result<Option<Offer>, Error> {
        let Some(wanted) = request.extensions.remove(NAME) else {
            return Ok(None);
        };
        if !self.keeps {
            return Err(Error::PersistedQueryNotSupported);
        }
        let key = key(&wanted)?;
        if request.query.is_empty() {
            let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
            let text = texts.get(&key).ok_or(Error::PersistedQueryNotFound)?;
            request.query.clone_from(text);
            return Ok(None);
        }
        if <[u8; 32]>::from(Sha256::digest(&request.query)) != key {
            return Err(Error::input(
                "`sha256Hash` is not the hash of the query",
                "send the SHA-256 of the query's UTF-8 bytes as 64 hexadecimal digits",
            ));
        }
        Ok(Some(Offer {
            key,
            text: request.query.clone(),
        }))
    }

    /// Keeps a text.
    pub(super) fn keep(&self, offer: Offer) {
        let Offer { key, text } = offer;
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if !texts.contains(&key) {
            let length = text.len();
            texts.put(key, text, length);
        }
    }
}

/// The hash in the extension.
fn key(wanted: &Value) -> Result<Key, Error> {
    let refuse = || {
        Error::input(
            "`extensions.persistedQuery` is not one",
            "send {\"version\": 1, \"sha256Hash\": \"…\"} with the SHA-256 of the query as 64 hexadecimal digits",
        )
    };
    let Value::Object(fields) = wanted else {
        return Err(refuse());
    };
    let is_first = matches!(fields.get("version"), Some(Value::Number(version)) if version.as_u64() == Some(1));
    let Some(Value::String(text)) = fields.get("sha256Hash").filter(|_| is_first) else {
        return Err(refuse());
    };
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return Err(refuse());
    }
    for (at, byte) in key.iter_mut().enumerate() {
        let digits = text.get(2 * at..2 * at + 2).filter(|digits| !digits.starts_with('+'));
        *byte = digits
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .ok_or_else(refuse)?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    fn hash(text: &str) -> String {
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn request(text: &str, extension: Value) -> Request {
        let mut request = Request::new(text);
        request.extensions.insert(NAME.to_owned(), extension);
        request
    }

    fn of(text: &str, hash: &str) -> Request {
        request(text, value!({ "version": 1, "sha256Hash": hash }))
    }

    fn found(store: &Store, text: &str) -> bool {
        let mut request = of("", &hash(text));
        match store.resolve(&mut request) {
            Ok(None) => request.query == text,
            Err(Error::PersistedQueryNotFound) => false,
            other => panic!("{other:?}"),
        }
    }

    fn register(store: &Store, text: &str) {
        let offer = store.resolve(&mut of(text, &hash(text))).unwrap().unwrap();
        store.keep(offer);
    }

    #[test]
    fn a_text_is_found_by_its_hash_once_it_is_kept() {
        let store = Store::new(10_000);
        assert!(!found(&store, "{ a }"));
        register(&store, "{ a }");
        assert!(found(&store, "{ a }") && !found(&store, "{ b }"));
        assert!(store.resolve(&mut of("", &hash("{ a }").to_uppercase())).is_ok());
        assert!(store.resolve(&mut Request::new("{ c }")).unwrap().is_none());
    }

    #[test]
    fn a_hash_of_another_text_and_what_is_no_hash_are_refused() {
        let store = Store::new(10_000);
        for mut bad in [
            of("{ a }", &hash("{ b }")),
            of("", "abc"),
            of("", &"+1".repeat(32)),
            of("", &"é".repeat(32)),
            request("", value!({ "version": 2, "sha256Hash": hash("{ a }") })),
            request("", value!({ "version": 1 })),
            request("", value!(7)),
        ] {
            assert!(matches!(store.resolve(&mut bad), Err(Error::Input { .. })), "{bad:?}");
        }
        assert!(matches!(
            Store::new(0).resolve(&mut of("", &hash("{ a }"))),
            Err(Error::PersistedQueryNotSupported)
        ));
    }
}
