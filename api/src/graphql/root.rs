//! By which name an operation is counted: its root field, if it has one.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, Selection};

/// The root field of the operation that runs; `several`, or `introspection`, where it has no single one.
pub(super) fn field(document: &ExecutableDocument, name: Option<&str>) -> String {
    let operation = match &document.operations {
        DocumentOperations::Single(operation) => Some(operation),
        DocumentOperations::Multiple(all) => name.and_then(|name| all.get(name)),
    };
    let items = operation.map_or(&[][..], |operation| &operation.node.selection_set.node.items);
    match items {
        [one] => match &one.node {
            Selection::Field(field) if field.node.name.node.starts_with("__") => "introspection".to_owned(),
            Selection::Field(field) => field.node.name.node.to_string(),
            _ => "several".to_owned(),
        },
        _ => "several".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_counted_by_its_root_field() {
        let named = |text: &str, name| field(&async_graphql::parser::parse_query(text).unwrap(), name);
        assert_eq!(named("{ a: compare { rows } }", None), "compare");
        assert_eq!(named("{ __schema { types { name } } }", None), "introspection");
        assert_eq!(named("{ a b }", None), "several");
        assert_eq!(named("{ ...f } fragment f on Query { a }", None), "several");
        let both = "query one { a } mutation other { b }";
        assert_eq!(named(both, Some("other")), "b");
        assert_eq!(named(both, None), "several");
    }
}
