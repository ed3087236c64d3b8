//! Recording times: microseconds in the database, `DateTime` in the schema.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, Utc};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DateTime(chrono::DateTime<Utc>);

impl DateTime {
    /// Now.
    pub(crate) fn now() -> Self {
        Self(Utc::now())
    }

    /// A stored time.
    pub(crate) fn from_micros(micros: i64) -> Option<Self> {
        chrono::DateTime::from_timestamp_micros(micros).map(Self)
    }

    /// A time to compare stored times with, in µs since the epoch.
    pub(crate) fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }
}

/// A moment in UTC, written as `2026-01-31T08:30:00.000000Z`; any RFC 3339 offset is read.
#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        match chrono::DateTime::parse_from_rfc3339(text) {
            Ok(time) => Ok(Self(time.with_timezone(&Utc))),
            Err(_) => Err(InputValueError::custom(
                "this is not a moment; write it as 2026-01-31T08:30:00Z, with its offset from UTC",
            )),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}
