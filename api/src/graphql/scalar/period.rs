//! The scalar of periods.

use analytics::period;
use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period(pub(crate) period::Period);

/// A run of whole months: `2021` (year), `2021-S1` (half-year), `2021-Q3` (quarter), `2021-09` (month) or `2021-01/2021-09` (any months, both included). A run that is a year, a half, a quarter or a month is given back as such: `2021-01/2021-12` is `2021`.
#[Scalar]
impl ScalarType for Period {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text.parse().map(Self).map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}
