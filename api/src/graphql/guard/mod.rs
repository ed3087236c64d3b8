//! The document guard: depth, cost, aliases and directives of a query before it runs, every fragment counted once.
//!
//! Nothing is walked before it is known to be short: the text is measured before it is parsed, and all operations of a document are counted before the library
//! checks them, since it walks each of them.

mod cost;
mod text;
mod variable;

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Positioned, Request, Response, ServerError};

use self::cost::{Cost, Meter};
use super::failure;
use super::given::fill;
use crate::config::Graphql;
use crate::error::Error;

/// Brackets inside each other at most: the parser must not run out of stack before the depth can be counted.
const MOST_BRACKETS: u64 = 200;
/// Lists of types inside each other at most, in a question about the schema: the usual question needs two, and each level multiplies the answer.
const MOST_LISTS_OF_TYPES: u64 = 3;

/// A document that may run.
#[derive(Debug)]
pub(super) struct Checked {
    /// It, parsed.
    pub(super) document: ExecutableDocument,
    /// The kind of the operation that would run; none where that is not clear, which the library then refuses.
    pub(super) kind: Option<OperationType>,
    /// Fields of that operation, each as often as its page may repeat it.
    pub(super) fields: u64,
    /// Levels of that operation.
    pub(super) depth: u64,
}

/// The parsed document of a query that is neither too deep nor too dear; a response for what is not GraphQL. Variables that were left out get their defaults.
pub(super) fn check(request: &mut Request, limits: &Graphql) -> Result<Result<Checked, Response>, Error> {
    let extent = text::measure(&request.query);
    within("nesting", extent.nesting, MOST_BRACKETS, "ask for less at a time")?;
    within(
        "number of tokens",
        extent.tokens,
        limits.max_tokens,
        "send several queries",
    )?;
    let document = match async_graphql::parser::parse_query(&request.query) {
        Ok(document) => document,
        Err(error) => return Ok(Err(failure::parse_error(error))),
    };
    let chosen = chosen(&document, request.operation_name.as_deref());
    if let Some(operation) = chosen {
        variable::check(&operation.node, &request.variables)?;
        fill(&operation.node, &mut request.variables);
    }
    let mut meter = Meter::new(&document.fragments, &request.variables, limits);
    for (_, operation) in document.operations.iter() {
        hold(meter.operation(&operation.node)?, limits)?;
    }
    meter.rest()?;
    if let Some(directive) = meter.strange() {
        let message = format!("there is no directive `@{}`", directive.node.name.node);
        let error = ServerError::new(message, Some(directive.pos));
        return Ok(Err(Response::from_errors(vec![error])));
    }
    let cost = chosen.map_or(Ok(Cost::default()), |operation| meter.operation(&operation.node))?;
    let kind = chosen.map(|operation| operation.node.ty);
    Ok(Ok(Checked {
        kind,
        fields: cost.fields,
        depth: cost.depth,
        document,
    }))
}

fn hold(cost: Cost, limits: &Graphql) -> Result<(), Error> {
    let smaller = "ask for fewer fields or smaller pages";
    within("depth", cost.depth, limits.max_depth, "ask for fewer levels at a time")?;
    within("cost", cost.fields.max(cost.steps), limits.max_complexity, smaller)?;
    within(
        "number of aliases",
        cost.aliases,
        limits.max_aliases,
        "send several queries, or select by a list of codes",
    )?;
    within(
        "number of directives",
        cost.directives,
        limits.max_directives,
        "send several queries",
    )?;
    within(
        "depth of a question about the schema",
        cost.types,
        MOST_LISTS_OF_TYPES,
        "ask for types by name: __type(name: \"…\")",
    )
}

fn within(what: &'static str, asked: u64, allowed: u64, hint: &'static str) -> Result<(), Error> {
    if asked > allowed {
        return Err(Error::Limit {
            what,
            asked,
            allowed,
            hint,
        });
    }
    Ok(())
}

/// The operation that would run, where that is clear.
pub(super) fn chosen<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a Positioned<OperationDefinition>> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Multiple(_), None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Graphql {
        Graphql {
            max_depth: 10,
            max_complexity: 1000,
            max_aliases: 5,
            max_directives: 5,
            max_tokens: 1000,
            persisted_bytes: 0,
            kept_bytes: 0,
            default_page: 50,
            max_page: 500,
            max_cells: 100,
            max_search: 1,
            max_table_rows: 1,
            introspection: true,
        }
    }

    fn refused(query: &str) -> Option<Error> {
        check(&mut Request::new(query), &limits()).err()
    }

    fn is_limit(query: &str, limit: &str) -> bool {
        matches!(refused(query), Some(Error::Limit { what, .. }) if what == limit)
    }

    #[test]
    fn ordinary_queries_pass() {
        assert!(refused("{ indicators(first: 10) { nodes { code name } } }").is_none());
        assert!(refused("query ($n: Int) { indicators(first: $n) { nodes { code } } }").is_none());
    }

    #[test]
    fn deep_dear_and_aliased_queries_are_refused() {
        assert!(is_limit(&format!("{}a{}", "{a".repeat(20), "}".repeat(20)), "depth"));
        assert!(is_limit("{ observations(first: 500) { nodes { a b c } } }", "cost"));
        let by_default = "query ($n: Int = 500) { observations(first: $n) { nodes { a b c } } }";
        assert!(is_limit(by_default, "cost"));
        assert!(is_limit("{ a: x b: x c: x d: x e: x f: x }", "number of aliases"));
        assert!(is_limit(&"{a".repeat(10_000), "nesting"));
        assert!(is_limit(&format!("{{ a(b: \"#\") {}", "{a".repeat(10_000)), "nesting"));
        assert!(is_limit(
            &format!("{{ a(b: {}1{}) }}", "[".repeat(300), "]".repeat(300)),
            "nesting"
        ));
    }

    #[test]
    fn doubling_fragments_are_counted_once_and_refused_at_once() {
        let mut query = "{ ...f0 }".to_owned();
        for level in 0..25 {
            query.push_str(&format!(
                " fragment f{level} on Query {{ ...f{next} ...f{next} }}",
                next = level + 1
            ));
        }
        query.push_str(" fragment f25 on Query { x }");
        assert!(is_limit(&query, "cost"));
    }

    #[test]
    fn spreads_without_fields_and_operations_that_do_not_run_are_counted() {
        let mut fragments = String::new();
        for level in 0..25 {
            fragments.push_str(&format!(
                " fragment f{level} on Query {{ ...f{next} ...f{next} }}",
                next = level + 1
            ));
        }
        assert!(is_limit(&format!("{{ ...f0 }} {fragments}"), "cost"));
        let request = Request::new(format!(
            "query a {{ x }} query b {{ ...f0 }} {fragments} fragment f25 on Query {{ x }}"
        ));
        let refused = check(&mut request.operation_name("a"), &limits()).unwrap_err();
        assert!(matches!(refused, Error::Limit { what: "cost", .. }));
    }

    #[test]
    fn directives_tokens_and_questions_about_the_schema_have_limits() {
        assert!(is_limit(
            "{ x @a @a @a ...f @a } fragment f on Query @a @a { x }",
            "number of directives"
        ));
        assert!(is_limit(&format!("{{ {} }}", "x ".repeat(1000)), "number of tokens"));
        let nested = "{ __type(name: \"A\") { fields { a { fields { a { fields { a { fields { a } } } } } } } } }";
        assert!(is_limit(nested, "depth of a question about the schema"));
        assert!(is_limit("{ __schema { a } }", "cost"));
    }

    #[test]
    fn the_operation_that_would_run_is_known() {
        let kind = |query: &str, name: Option<&str>| {
            let mut request = Request::new(query);
            request.operation_name = name.map(str::to_owned);
            check(&mut request, &limits()).unwrap().unwrap().kind
        };
        let both = "query a { x } mutation b { x }";
        assert_eq!(kind(both, Some("b")), Some(OperationType::Mutation));
        assert_eq!(kind(both, None), None);
        assert_eq!(kind("subscription { x }", None), Some(OperationType::Subscription));
    }

    #[test]
    fn directives_that_do_not_exist_are_refused_wherever_they_stand() {
        for query in [
            "{ x @launch }",
            "query @launch { x }",
            "query ($a: Int @launch) { x }",
            "{ ...f @launch } fragment f on Query { x }",
            "{ ...f } fragment f on Query @launch { x }",
            "{ ... @launch { x } }",
        ] {
            assert!(
                matches!(check(&mut Request::new(query), &limits()), Ok(Err(_))),
                "{query}"
            );
        }
        assert!(matches!(
            check(
                &mut Request::new("{ x @skip(if: false) @include(if: true) }"),
                &limits()
            ),
            Ok(Ok(_))
        ));
    }

    #[test]
    fn circles_are_refused() {
        assert!(matches!(
            refused("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }"),
            Some(Error::Input { .. })
        ));
        assert!(matches!(
            refused("{ x } fragment a on Query { ...a }"),
            Some(Error::Input { .. })
        ));
    }

    #[test]
    fn a_text_that_is_not_graphql_is_a_parse_error() {
        assert!(matches!(check(&mut Request::new("{ a "), &limits()), Ok(Err(_))));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[{}()\\[\\]a-c.:\"# ]{0,200}") {
            let _ = check(&mut Request::new(text), &limits());
        }
    }
}
