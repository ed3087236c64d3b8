//! From the answer of a stored query to cells.

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use super::plan::Plan;
use crate::error::Error;
use crate::export::table::{Batch, Cells, Kind, when};

/// The rows of an answer's list; `data` is what the query gave.
///
/// # Errors
/// [`Error::Limit`] when the list is a page and there is more.
pub fn batch(plan: &Plan, data: &Value) -> Result<Batch, Error> {
    let rows = at(data, &plan.path)
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    // What does not say that it is whole is not taken for it.
    let is_whole = |keys: &Vec<String>| at(data, keys).and_then(Value::as_bool) == Some(false);
    let has_list = at(data, &plan.path).is_some_and(Value::is_array);
    if has_list && !plan.more.as_ref().is_none_or(is_whole) {
        let found = rows.len() as u64;
        return Err(Error::Limit {
            what: "a list",
            asked: found + 1,
            allowed: found,
            hint: "the query asks for a page and there is more: ask for a larger page, choose less, or use observationTable",
        });
    }
    let columns = plan.columns.iter().zip(&plan.keys);
    let cells = columns.map(|(column, keys)| {
        let values = rows.iter().map(|row| at(row, keys).unwrap_or(&Value::Null));
        match column.kind {
            Kind::Number => Cells::Number(values.map(|value| value.as_f64().unwrap_or(f64::NAN)).collect()),
            Kind::Integer => Cells::Integer(values.map(Value::as_i64).collect()),
            Kind::Boolean => Cells::Boolean(values.map(Value::as_bool).collect()),
            Kind::Date => Cells::Date(values.map(day).collect()),
            Kind::Time => Cells::Time(values.map(moment).collect()),
            Kind::Code | Kind::Text => Cells::Text(values.map(text).collect()),
        }
    });
    Ok(Batch {
        rows: rows.len(),
        cells: cells.collect(),
    })
}

fn at<'a>(value: &'a Value, keys: &[String]) -> Option<&'a Value> {
    keys.iter().try_fold(value, |value, key| value.get(key))
}

fn day(value: &Value) -> Option<i32> {
    when::days(value.as_str()?.parse::<NaiveDate>().ok()?)
}

fn moment(value: &Value) -> Option<i64> {
    let time = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
    Some(time.timestamp_micros())
}

/// A list of scalars is one text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().filter_map(text).collect();
            (!texts.is_empty()).then(|| texts.join("|"))
        }
        other => Some(other.to_string()),
    }
}
