//! Documents that are long, deep, wide or circular.

use serde_json::json;

use super::Case;
use super::wire::Wire;

const LIMIT: &str = "LIMIT_EXCEEDED";
const INPUT: &str = "BAD_USER_INPUT";
const INVALID: &str = "GRAPHQL_VALIDATION_FAILED";
const NO_GRAPHQL: &str = "GRAPHQL_PARSE_FAILED";

/// `n` times the text that `each` makes of a number.
fn many(n: usize, each: impl Fn(usize) -> String) -> String {
    (0..n).map(each).collect()
}

/// Fragments of which each spreads the next one twice.
fn doubling(levels: usize, last: &str) -> String {
    let next = many(levels, |level| {
        format!(" fragment f{level} on Query {{ ...f{0} ...f{0} }}", level + 1)
    });
    format!("{next} {last}")
}

pub(super) fn cases() -> Vec<Case> {
    let alias = |n| format!("a{n}: indicator(code: \"x\") {{ code }} ");
    let last = "fragment f25 on Query { __typename }";
    let nested_schema = format!(
        "{{ __schema {{ types {{ {}name{} }} }} }}",
        "fields { type { ".repeat(6),
        " } }".repeat(6)
    );
    let documents = [
        ("1,000 aliases", format!("{{ {} }}", many(1000, alias)), LIMIT),
        ("101 aliases", format!("{{ {} }}", many(101, alias)), LIMIT),
        (
            "500 directives on a field",
            format!("{{ __typename {} }}", "@include(if: true) ".repeat(500)),
            LIMIT,
        ),
        (
            "500 directives on 500 fields",
            format!("{{ {} }}", "__typename @skip(if: false) ".repeat(500)),
            LIMIT,
        ),
        ("an unknown directive", "{ __typename @launch }".to_owned(), INVALID),
        (
            "20,000 equal fields",
            format!("{{ {} }}", "__typename ".repeat(20_000)),
            LIMIT,
        ),
        (
            "9,000 equal fields that do not exist",
            format!("{{ {} }}", "nothing ".repeat(9_000)),
            INVALID,
        ),
        (
            "a circle of fragments",
            "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".to_owned(),
            INPUT,
        ),
        (
            "a fragment in itself",
            "{ ...a } fragment a on Query { ...a }".to_owned(),
            INPUT,
        ),
        (
            "a circle that nobody enters",
            "{ __typename } fragment a on Query { ...a }".to_owned(),
            INPUT,
        ),
        (
            "doubling fragments",
            format!("{{ ...f0 }} {}", doubling(25, last)),
            LIMIT,
        ),
        (
            "doubling fragments around nothing",
            format!("{{ ...f0 }} {}", doubling(25, "")),
            LIMIT,
        ),
        (
            "doubling fragments in fields",
            {
                let levels = many(25, |n| {
                    format!(
                        " fragment f{n} on OrgUnit {{ a: parent {{ ...f{0} }} b: parent {{ ...f{0} }} }}",
                        n + 1
                    )
                });
                format!("{{ orgUnit(code: \"x\") {{ ...f0 }} }} {levels} fragment f25 on OrgUnit {{ code }}")
            },
            LIMIT,
        ),
        ("nested braces", "{a".repeat(50_000), LIMIT),
        (
            "nested braces behind a text with #",
            format!("{{ a(b: \"#\") {}", "{a".repeat(50_000)),
            LIMIT,
        ),
        (
            "nested lists",
            format!(
                "{{ indicator(code: {}1{}) {{ code }} }}",
                "[".repeat(10_000),
                "]".repeat(10_000)
            ),
            LIMIT,
        ),
        (
            "nested objects",
            format!(
                "{{ indicator(code: {}1{}) {{ code }} }}",
                "{a:".repeat(10_000),
                "}".repeat(10_000)
            ),
            LIMIT,
        ),
        (
            "a nested type",
            format!(
                "query ($a: {}Int{}) {{ __typename }}",
                "[".repeat(10_000),
                "]".repeat(10_000)
            ),
            LIMIT,
        ),
        (
            "lists within the nesting that is allowed",
            format!(
                "{{ indicator(code: {}1{}) {{ code }} }}",
                "[".repeat(190),
                "]".repeat(190)
            ),
            INVALID,
        ),
        (
            "a deep query",
            format!(
                "{{ orgUnit(code: \"x\") {}{{ code }} {} }}",
                "{ parent ".repeat(60),
                "}".repeat(60)
            ),
            LIMIT,
        ),
        ("a question about the schema, 12 levels deep", nested_schema, LIMIT),
        (
            "200 questions about the schema",
            format!("{{ {} }}", "__schema { types { name } } ".repeat(200)),
            LIMIT,
        ),
        (
            "large pages inside each other",
            "{ orgUnits(first: 500) { nodes { children(first: 500) { nodes { code } } } } }".to_owned(),
            LIMIT,
        ),
        (
            "1,000 unused variables",
            format!("query ({}) {{ __typename }}", many(1000, |n| format!("$v{n}: Int "))),
            INVALID,
        ),
        (
            "a page of 10^30",
            format!("{{ indicators(first: 1{}) {{ totalCount }} }}", "0".repeat(30)),
            INVALID,
        ),
        (
            "a kind that does not exist",
            "{ indicators(kind: BANANA) { totalCount } }".to_owned(),
            INVALID,
        ),
        (
            "several operations and no name",
            "query a { __typename } query b { __typename }".to_owned(),
            INVALID,
        ),
        (
            "a mutation where there is none",
            "mutation { drop }".to_owned(),
            INVALID,
        ),
        ("an empty query", String::new(), NO_GRAPHQL),
        ("NUL", "{ __type\u{0}name }".to_owned(), NO_GRAPHQL),
        (
            "a text without end",
            "{ indicator(code: \"x) { code } }".to_owned(),
            NO_GRAPHQL,
        ),
        (
            "a subscription without a stream",
            "subscription { changes { sequence } }".to_owned(),
            INPUT,
        ),
    ];
    let mut cases: Vec<Case> = documents
        .into_iter()
        .map(|(name, text, code)| Case::new(name, Wire::query(&text), 400, code))
        .collect();
    let other = json!({
        "query": format!("query a {{ __typename }} query b {{ ...f0 }} {}", doubling(25, last)),
        "operationName": "a",
    });
    cases.push(Case::new(
        "doubling in another operation",
        Wire::json(other.to_string()),
        400,
        LIMIT,
    ));
    let named =
        |name: &str| Wire::json(json!({ "query": "query a { __typename }", "operationName": name }).to_string());
    cases.push(Case::new("an operation that does not exist", named("b"), 400, INVALID));
    cases.push(Case::new(
        "an operation name of 900 kB",
        named(&"n".repeat(900_000)),
        400,
        INVALID,
    ));
    cases
}
