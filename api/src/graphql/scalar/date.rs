//! Days of the calendar.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Date(NaiveDate);

/// A day, written as `2021-09-30`.
#[Scalar]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        text.parse()
            .map(Self)
            .map_err(|_| InputValueError::custom("this is not a day; write it as 2021-09-30"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
