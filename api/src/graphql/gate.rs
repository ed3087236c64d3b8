//! Which act each field of the roots is: the one place where a field gets its rule. A field without a line here is refused to everybody, and a test says so.

use std::collections::HashSet;

use async_graphql::parser::types::{ExecutableDocument, Field, OperationType, Selection, SelectionSet};

use super::guard::chosen;
use crate::error::Error;
use crate::service::access::{Act, Caller};

/// The fields of `Query`.
const QUERIES: &[(&str, Act)] = &[
    ("auditEvents", Act::Audit),
    ("availability", Act::Read),
    ("compare", Act::Read),
    ("decompose", Act::Read),
    ("evaluation", Act::Read),
    ("evaluationRun", Act::Read),
    ("evaluationRuns", Act::Read),
    ("findings", Act::Read),
    ("framework", Act::Read),
    ("frameworks", Act::Read),
    ("grants", Act::Grant),
    ("importBatches", Act::Read),
    ("indicator", Act::Read),
    ("indicators", Act::Read),
    ("me", Act::Greet),
    ("node", Act::Read),
    ("nodes", Act::Read),
    ("objections", Act::Read),
    ("observationRows", Act::Read),
    ("observationTable", Act::Read),
    ("observations", Act::Read),
    ("orgUnit", Act::Read),
    ("orgUnits", Act::Read),
    ("principals", Act::Administer),
    ("ranking", Act::Read),
    ("rectifications", Act::Read),
    ("reportingCalendar", Act::Read),
    ("storedQueries", Act::Read),
    ("submission", Act::Read),
    ("submissions", Act::Read),
    ("submissionsOwed", Act::Read),
    ("tokens", Act::OwnTokens),
    ("trend", Act::Read),
];

/// The fields of `Mutation`.
const MUTATIONS: &[(&str, Act)] = &[
    ("approveSubmission", Act::Review),
    ("cancelImport", Act::Import),
    ("commentSubmission", Act::Comment),
    ("createPrincipal", Act::Administer),
    ("createToken", Act::OwnTokens),
    ("decideObjection", Act::Decide),
    ("defineFramework", Act::Define),
    ("defineStoredQuery", Act::Publish),
    ("deleteStoredQuery", Act::Publish),
    ("disablePrincipal", Act::Administer),
    ("enablePrincipal", Act::Administer),
    ("fillSubmission", Act::Import),
    ("grantRole", Act::Grant),
    ("importObservations", Act::Import),
    ("lockSubmission", Act::Publish),
    ("markEvaluation", Act::Mark),
    ("objectEvaluation", Act::Import),
    ("openSubmission", Act::Import),
    ("publishEvaluation", Act::Publish),
    ("publishSubmission", Act::Publish),
    ("returnSubmission", Act::Review),
    ("revokeGrant", Act::Grant),
    ("revokeToken", Act::OwnTokens),
    ("setRectifications", Act::Import),
    ("setReportingCalendar", Act::Define),
    ("submitSubmission", Act::Import),
    ("undoImport", Act::Undo),
    ("unlockSubmission", Act::Publish),
    ("withdrawSubmission", Act::Import),
];

/// The fields of `Subscription`.
const SUBSCRIPTIONS: &[(&str, Act)] = &[("changes", Act::Read), ("importProgress", Act::Import)];

/// The act that a field of a root is.
pub(crate) fn act(kind: OperationType, field: &str) -> Option<Act> {
    let fields = match kind {
        OperationType::Query => QUERIES,
        OperationType::Mutation => MUTATIONS,
        OperationType::Subscription => SUBSCRIPTIONS,
    };
    fields.iter().find(|(name, _)| *name == field).map(|(_, act)| *act)
}

/// Every field that has a rule, as `Query.compare`, with its act.
pub fn rules() -> impl Iterator<Item = (String, Act)> {
    let named = |root: &'static str| move |(field, act): &(&str, Act)| (format!("{root}.{field}"), *act);
    let queries = QUERIES.iter().map(named("Query"));
    let mutations = MUTATIONS.iter().map(named("Mutation"));
    queries
        .chain(mutations)
        .chain(SUBSCRIPTIONS.iter().map(named("Subscription")))
}

/// Refuses an operation with a field that `caller` may not ask for, before anything runs. Questions about the schema are for everybody.
///
/// # Errors
/// [`Error::Unauthenticated`], [`Error::Forbidden`].
pub(super) fn check(document: &ExecutableDocument, name: Option<&str>, caller: &Caller) -> Result<(), Error> {
    let Some(operation) = chosen(document, name) else {
        return Ok(());
    };
    let operation = &operation.node;
    let (mut fields, mut entered) = (Vec::new(), HashSet::new());
    roots(document, &operation.selection_set.node, &mut entered, &mut fields);
    for field in fields {
        let field = field.name.node.as_str();
        if field.starts_with("__") {
            continue;
        }
        match act(operation.ty, field) {
            // `setTargets` is a switch of an import: either right opens the door, and the import itself asks for the one it needs.
            Some(Act::Import)
                if matches!(field, "importObservations" | "cancelImport" | "importProgress")
                    && caller.may(Act::SetTargets).is_ok() => {}
            Some(act) => caller.may(act)?,
            // What the schema does not have is told by the library; what it has and nobody thought about writes nothing but for administrators.
            None if operation.ty == OperationType::Mutation => caller.may(Act::Administer)?,
            None => caller.may(Act::Read)?,
        }
    }
    Ok(())
}

/// The fields at the root of an operation, by the key of each in the answer.
pub(super) fn fields(document: &ExecutableDocument, name: Option<&str>) -> Vec<(String, String)> {
    let Some(operation) = chosen(document, name) else {
        return Vec::new();
    };
    let (mut fields, mut entered) = (Vec::new(), HashSet::new());
    roots(document, &operation.node.selection_set.node, &mut entered, &mut fields);
    fields
        .into_iter()
        .map(|field| (field.response_key().node.to_string(), field.name.node.to_string()))
        .collect()
}

/// The fields at the root, each fragment entered once.
fn roots<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    entered: &mut HashSet<&'a str>,
    found: &mut Vec<&'a Field>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => found.push(&field.node),
            Selection::InlineFragment(inline) => roots(document, &inline.node.selection_set.node, entered, found),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if let Some((name, fragment)) = document.fragments.get_key_value(name)
                    && entered.insert(name.as_str())
                {
                    roots(document, &fragment.node.selection_set.node, entered, found);
                }
            }
        }
    }
}
