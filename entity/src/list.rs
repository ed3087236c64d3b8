//! "One of these ids" as a single bound value, so that no list is too long and the statement's text stays the same.

use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Expr, Func, Query};

use crate::db::Backend;

/// `column` is one of `ids`; an empty list matches nothing.
pub(crate) fn among(column: impl ColumnTrait, ids: &[i64], backend: Backend) -> Expr {
    match backend {
        Backend::Postgres => column.eq_any(ids.iter().copied()),
        Backend::Sqlite => {
            let list = Func::cust("json_each").arg(json(ids));
            let values = Query::select().column("value").from_function(list, "list").take();
            column.in_subquery(values)
        }
    }
}

fn json(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    format!("[{}]", ids.join(","))
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn ids_become_a_json_array() {
        assert_eq!(json(&[]), "[]");
        assert_eq!(json(&[1, -2, i64::MAX]), "[1,-2,9223372036854775807]");
    }
}
