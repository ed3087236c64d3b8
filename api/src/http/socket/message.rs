//! The messages of the protocol, and the codes with which a socket is closed.

use async_graphql::{Response, ServerError};
use poem::web::websocket::{CloseCode, Message};
use serde_json::{Map, Value as Json, json};

use crate::graphql::text;
use crate::http::limit::Refusal;

/// What a client says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    /// It begins, perhaps with credentials.
    Init(Option<String>),
    /// It wants a sign of life.
    Ping(Option<Json>),
    /// It gives one.
    Pong,
    /// An operation.
    Subscribe {
        /// The client's name for it.
        id: String,
        /// Its parameters.
        fields: Map<String, Json>,
    },
    /// It has enough of an operation.
    Complete {
        /// The client's name for it.
        id: String,
    },
}

/// Why a socket is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close {
    /// The code.
    pub(super) code: u16,
    /// In words.
    pub(super) reason: String,
}

impl Close {
    pub(super) fn new(code: u16, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
        }
    }

    pub(super) fn frame(self) -> Message {
        // A reason has at most 123 bytes.
        let mut reason = self.reason;
        while reason.len() > 120 {
            reason.pop();
        }
        Message::Close(Some((CloseCode::from(self.code), reason)))
    }
}

/// The message in a text.
pub(super) fn read(text: &str) -> Result<Said, Close> {
    let garbage = |what: &str| Close::new(4400, what);
    let Ok(Json::Object(mut fields)) = serde_json::from_str::<Json>(text) else {
        return Err(garbage("a message is a JSON object"));
    };
    let payload = fields.remove("payload").filter(|payload| !payload.is_null());
    let id = match fields.remove("id") {
        Some(Json::String(id)) if !id.is_empty() => Some(id),
        _ => None,
    };
    let named = id.ok_or_else(|| garbage("`id` is missing"));
    match fields.get("type").and_then(Json::as_str) {
        Some("connection_init" | "ping" | "pong") if payload.as_ref().is_some_and(|payload| !payload.is_object()) => {
            Err(garbage("`payload` is not an object"))
        }
        Some("connection_init") => Ok(Said::Init(payload.as_ref().map(credentials).transpose()?.flatten())),
        Some("ping") => Ok(Said::Ping(payload)),
        Some("pong") => Ok(Said::Pong),
        Some("complete") => Ok(Said::Complete { id: named? }),
        Some("subscribe") => match payload {
            Some(Json::Object(fields)) => Ok(Said::Subscribe { id: named?, fields }),
            _ => Err(garbage("`payload` is not an object")),
        },
        _ => Err(garbage("there is no such `type`")),
    }
}

/// What stands under `Authorization` in the first message, whatever its case.
fn credentials(payload: &Json) -> Result<Option<String>, Close> {
    let mut given = payload.as_object().into_iter().flatten();
    match given.find(|(name, _)| name.eq_ignore_ascii_case("authorization")) {
        None | Some((_, Json::Null)) => Ok(None),
        Some((_, Json::String(text))) => Ok(Some(text.clone())),
        Some(_) => Err(Close::new(4400, "`Authorization` is not a text")),
    }
}

fn of(message: &Json) -> Message {
    Message::Text(message.to_string())
}

pub(super) fn acknowledged() -> Message {
    of(&json!({ "type": "connection_ack" }))
}

pub(super) fn pong(payload: Option<Json>) -> Message {
    of(&match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }),
        None => json!({ "type": "pong" }),
    })
}

pub(super) fn next(id: &str, response: &Response) -> Message {
    let payload = text(response).unwrap_or_default();
    Message::Text(format!(
        "{{\"id\":{},\"type\":\"next\",\"payload\":{payload}}}",
        json!(id)
    ))
}

pub(super) fn error(id: &str, errors: &[ServerError]) -> Message {
    of(&json!({ "id": id, "type": "error", "payload": errors }))
}

/// An error that is no response of the schema.
pub(super) fn problem(id: &str, code: crate::error::ErrorCode, message: &str, hint: &str) -> Message {
    let extensions = json!({ "code": code.to_string(), "hint": hint });
    of(&json!({ "id": id, "type": "error", "payload": [{ "message": message, "extensions": extensions }] }))
}

/// The error of a client that has to wait.
pub(super) fn refusal(id: &str, refusal: Refusal) -> Message {
    let extensions =
        json!({ "code": refusal.code().to_string(), "hint": refusal.hint(), "retryAfter": refusal.seconds() });
    let error = json!({ "message": refusal.message(), "extensions": extensions });
    of(&json!({ "id": id, "type": "error", "payload": [error] }))
}

pub(super) fn complete(id: &str) -> Message {
    of(&json!({ "id": id, "type": "complete" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_and_garbage_closes() {
        assert_eq!(read("{\"type\":\"connection_init\"}"), Ok(Said::Init(None)));
        let given = read("{\"type\":\"connection_init\",\"payload\":{\"authorization\":\"Bearer x\"}}");
        assert_eq!(given, Ok(Said::Init(Some("Bearer x".to_owned()))));
        let wrong = read("{\"type\":\"connection_init\",\"payload\":{\"Authorization\":7}}");
        assert_eq!(wrong.unwrap_err().code, 4400);
        assert_eq!(read("{\"type\":\"ping\",\"payload\":null}"), Ok(Said::Ping(None)));
        assert_eq!(
            read("{\"type\":\"complete\",\"id\":\"a\"}"),
            Ok(Said::Complete { id: "a".to_owned() })
        );
        for text in [
            "",
            "[]",
            "{}",
            "{\"type\":\"start\",\"id\":\"a\",\"payload\":{}}",
            "{\"type\":\"complete\"}",
            "{\"type\":\"complete\",\"id\":7}",
            "{\"type\":\"subscribe\",\"id\":\"\",\"payload\":{}}",
            "{\"type\":\"subscribe\",\"id\":\"a\"}",
            "{\"type\":\"connection_init\",\"payload\":7}",
        ] {
            assert_eq!(read(text).unwrap_err().code, 4400, "{text}");
        }
    }

    #[test]
    fn a_reason_fits_its_frame() {
        let Message::Close(Some((_, reason))) = Close::new(4409, "é".repeat(200)).frame() else {
            panic!("a close frame");
        };
        assert!(reason.len() <= 123 && !reason.is_empty());
    }
}
