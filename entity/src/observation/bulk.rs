//! Many revisions by one statement on PostgreSQL: a column is one bound array, so that planning costs the same for a row and for ten thousand.

use sea_orm::sea_query::ArrayType;
use sea_orm::{ActiveEnum, ConnectionTrait, DbBackend, Statement, Value};

use super::model::New;
use crate::db::Tx;
use crate::db::sealed::Connection;
use crate::error::Error;

/// Rows of one statement.
const ROWS: usize = 10_000;

/// Stand-ins for NULL, which a bound array cannot hold: no key is so small, no stored text empty, no stored number NaN.
const STATEMENT: &str = r#"INSERT INTO "observation" (
    "indicator_id", "org_id", "start_month", "end_month", "breakdown_item_id", "revision", "value", "status", "decimals", "printed",
    "unit_id", "flags", "note", "source_id", "locator", "batch_id", "reason", "recorded_at", "superseded_at", "withdrawn"
)
SELECT
    "indicator_id", "org_id", "start_month", "end_month", "breakdown_item_id", "revision", NULLIF("value", 'NaN'), "status", "decimals",
    NULLIF("printed", ''), NULLIF("unit_id", -9223372036854775808), "flags", NULLIF("note", ''),
    NULLIF("source_id", -9223372036854775808), NULLIF("locator", ''), NULLIF("batch_id", -9223372036854775808), NULLIF("reason", ''),
    "recorded_at", NULLIF("superseded_at", -9223372036854775808), "withdrawn"
FROM UNNEST(
    $1::bigint[], $2::bigint[], $3::integer[], $4::integer[], $5::bigint[], $6::integer[], $7::double precision[], $8::text[], $9::integer[],
    $10::text[], $11::bigint[], $12::text[], $13::text[], $14::bigint[], $15::text[], $16::bigint[], $17::text[], $18::bigint[], $19::bigint[],
    $20::boolean[]
) AS "rows" (
    "indicator_id", "org_id", "start_month", "end_month", "breakdown_item_id", "revision", "value", "status", "decimals", "printed",
    "unit_id", "flags", "note", "source_id", "locator", "batch_id", "reason", "recorded_at", "superseded_at", "withdrawn"
)"#;

/// Stores revisions in this order.
pub(super) async fn insert(tx: &Tx, rows: &[New]) -> Result<(), Error> {
    for chunk in rows.chunks(ROWS) {
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, STATEMENT, columns(chunk));
        tx.connection().execute_raw(statement).await?;
    }
    Ok(())
}

fn columns(rows: &[New]) -> [Value; 20] {
    let key = |value: fn(&New) -> Option<i64>| array(ArrayType::BigInt, rows, |row| value(row).unwrap_or(i64::MIN));
    let number = |value: fn(&New) -> i32| array(ArrayType::Int, rows, value);
    let text = |value: fn(&New) -> Option<&str>| {
        array(ArrayType::String, rows, |row| value(row).unwrap_or_default().to_owned())
    };
    [
        key(|row| Some(row.indicator_id)),
        key(|row| Some(row.org_id)),
        number(|row| row.start_month),
        number(|row| row.end_month),
        key(|row| Some(row.breakdown_item_id)),
        number(|row| row.revision),
        array(ArrayType::Double, rows, |row| row.value.unwrap_or(f64::NAN)),
        array(ArrayType::String, rows, |row| row.status.to_value()),
        number(|row| row.decimals),
        text(|row| row.printed.as_deref()),
        key(|row| row.unit_id),
        text(|row| Some(&row.flags)),
        text(|row| row.note.as_deref()),
        key(|row| row.source_id),
        text(|row| row.locator.as_deref()),
        key(|row| row.batch_id),
        array(ArrayType::String, rows, |row| {
            row.reason.map_or_else(String::new, |reason| reason.to_value())
        }),
        key(|row| Some(row.recorded_at)),
        key(|row| row.superseded_at),
        array(ArrayType::Bool, rows, |row| row.withdrawn),
    ]
}

fn array<T: Into<Value>>(kind: ArrayType, rows: &[New], value: impl Fn(&New) -> T) -> Value {
    let values = rows.iter().map(|row| value(row).into()).collect();
    Value::Array(kind, Some(Box::new(values)))
}
