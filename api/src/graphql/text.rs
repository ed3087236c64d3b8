//! A response as JSON text. A list of many rows is encoded where it is made and stands in the response as bytes: they are the text itself.

use async_graphql::{Response, Value};
use serde::Serialize;
use serde_json::json;

/// Whether a response has no data, not even in part.
#[must_use]
pub fn is_refusal(response: &Response) -> bool {
    response.data == Value::Null && !response.errors.is_empty()
}

/// Whether it was refused before it ran: there is no data then, not even null.
#[must_use]
pub fn refused(response: &Response) -> bool {
    is_refusal(response) && response.errors.iter().all(|error| error.path.is_empty())
}

/// What is written of a response.
///
/// # Errors
/// When an extension of ours is no JSON.
pub fn text(response: &Response) -> Result<String, serde_json::Error> {
    if refused(response) {
        return serde_json::to_string(&json!({ "errors": response.errors }));
    }
    let mut bytes = b"{\"data\":".to_vec();
    value(&mut bytes, &response.data)?;
    if !response.extensions.is_empty() {
        bytes.extend_from_slice(b",\"extensions\":");
        append(&mut bytes, &response.extensions)?;
    }
    if !response.errors.is_empty() {
        bytes.extend_from_slice(b",\"errors\":");
        append(&mut bytes, &response.errors)?;
    }
    bytes.push(b'}');
    String::from_utf8(bytes).map_err(serde::ser::Error::custom)
}

fn append(bytes: &mut Vec<u8>, part: &impl Serialize) -> Result<(), serde_json::Error> {
    serde_json::to_writer(bytes, part)
}

fn value(bytes: &mut Vec<u8>, data: &Value) -> Result<(), serde_json::Error> {
    match data {
        Value::Binary(text) => bytes.extend_from_slice(text),
        Value::List(items) => {
            bytes.push(b'[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    bytes.push(b',');
                }
                value(bytes, item)?;
            }
            bytes.push(b']');
        }
        Value::Object(fields) => {
            bytes.push(b'{');
            for (place, (key, field)) in fields.iter().enumerate() {
                if place > 0 {
                    bytes.push(b',');
                }
                append(bytes, &key.as_str())?;
                bytes.push(b':');
                value(bytes, field)?;
            }
            bytes.push(b'}');
        }
        other => append(bytes, other)?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use async_graphql::value;

    use super::*;

    #[test]
    fn a_response_is_written_as_the_library_writes_it() {
        let data = value!({ "a": [1, 2.5, "x\"y", null, true, { "b": [] }], "c": {} });
        let response = Response::new(data).extension("cost", value!({ "fields": 3 }));
        assert_eq!(text(&response).unwrap(), serde_json::to_string(&response).unwrap());
    }

    #[test]
    fn bytes_are_the_text_itself() {
        let mut fields = async_graphql::indexmap::IndexMap::new();
        fields.insert(
            async_graphql::Name::new("rows"),
            Value::Binary(b"[{\"a\":1}]".to_vec().into()),
        );
        let response = Response::new(Value::Object(fields));
        assert_eq!(text(&response).unwrap(), r#"{"data":{"rows":[{"a":1}]}}"#);
    }
}
