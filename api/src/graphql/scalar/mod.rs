//! Scalars and enums of the schema: parsing is validating, and an enum here is mapped to the one of the leaf it comes from.

pub(super) mod access_choice;
pub(super) mod choice;
pub(super) mod date;
pub(super) mod evaluation_choice;
pub(super) mod global_id;
pub(super) mod import_choice;
pub(super) mod period;
pub(super) mod submission_choice;
pub(super) mod time;
pub(crate) mod upload;

use async_graphql::{InputType, InputValueError, Pos, Value};

use crate::error::Error;

/// Checks a value of one of the scalars that are read from text; every other type is the library's to check.
///
/// # Errors
/// [`Error::Input`] when it is none.
pub(super) fn check(name: &str, value: &Value) -> Result<(), Error> {
    let parsed = match name {
        "Period" => read::<period::Period>(value),
        "DateTime" => read::<time::DateTime>(value),
        "Date" => read::<date::Date>(value),
        _ => return Ok(()),
    };
    // The message says how it is written.
    parsed.map_err(|message| Error::Input { message, hint: None })
}

fn read<T: InputType>(value: &Value) -> Result<(), String> {
    if *value == Value::Null {
        return Ok(());
    }
    let fault = |error: InputValueError<T>| error.into_server_error(Pos::default()).message;
    T::parse(Some(value.clone())).map(drop).map_err(fault)
}
