//! The words for what is wrong with a document.

use std::collections::HashMap;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument};
use async_graphql::{Name, Request, ServerError};
use futures_util::FutureExt;

use super::schema::AppSchema;

/// The operation that runs while another is checked.
pub(super) const BESIDE: &str = "plumblineBeside";

/// The faults of a document in the words of the library, where it sees one at the same place: it proposes similar names.
pub(super) fn worded(
    schema: &AppSchema,
    mut document: ExecutableDocument,
    known: Vec<ServerError>,
) -> Vec<ServerError> {
    // All of the document is checked, and only what is put beside it runs.
    if !add_beside(&mut document) {
        return known;
    }
    let mut request = Request::new("").operation_name(BESIDE);
    request.set_parsed_query(document);
    let told = schema.execute(request).now_or_never();
    let told = told.map(|told| told.errors).unwrap_or_default();
    let mut faults: Vec<ServerError> = Vec::new();
    for fault in known {
        let at = fault.locations.first();
        let same = told
            .iter()
            .find(|told| at.is_some_and(|at| told.locations.contains(at)));
        let fault = same.cloned().unwrap_or(fault);
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    faults
}

/// Puts an operation beside those of a document.
fn add_beside(document: &mut ExecutableDocument) -> bool {
    let text = format!("query {BESIDE} {{ __typename }}");
    let beside = parse_query(text).ok().and_then(|beside| match beside.operations {
        DocumentOperations::Multiple(operations) => operations.into_iter().next(),
        DocumentOperations::Single(_) => None,
    });
    let Some((name, beside)) = beside else {
        return false;
    };
    let there = std::mem::replace(&mut document.operations, DocumentOperations::Multiple(HashMap::new()));
    let mut operations = match there {
        DocumentOperations::Single(only) => HashMap::from([(Name::new(""), only)]),
        DocumentOperations::Multiple(several) => several,
    };
    operations.insert(name, beside);
    document.operations = DocumentOperations::Multiple(operations);
    true
}
