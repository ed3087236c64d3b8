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

/// A name, a text, and the code of its refusal.
type Document = (&'static str, String, &'static str);

fn wide() -> Vec<Document> {
    let alias = |n| format!("a{n}: indicator(code: \"x\") {{ code }} ");
    let pages = "{ orgUnits(first: 500) { nodes { children(first: 500) { nodes { code } } } } }";
    let unused = many(1000, |n| format!("$v{n}: Int "));
    vec![
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
        (
            "20,000 equal fields",
            format!("{{ {} }}", "__typename ".repeat(20_000)),
            LIMIT,
        ),
        (
            "9,000 equal fields that do not exist",
            format!("{{ {} }}", "nothing ".repeat(9_000)),
            LIMIT,
        ),
        (
            "200 questions about the schema",
            format!("{{ {} }}", "__schema { types { name } } ".repeat(200)),
            LIMIT,
        ),
        ("large pages inside each other", pages.to_owned(), LIMIT),
        (
            "1,000 unused variables",
            format!("query ({unused}) {{ __typename }}"),
            INVALID,
        ),
    ]
}

fn circular() -> Vec<Document> {
    let last = "fragment f25 on Query { __typename }";
    let levels = many(25, |n| {
        format!(
            " fragment f{n} on OrgUnit {{ a: parent {{ ...f{0} }} b: parent {{ ...f{0} }} }}",
            n + 1
        )
    });
    let circle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }";
    vec![
        ("a circle of fragments", circle.to_owned(), INPUT),
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
            format!("{{ orgUnit(code: \"x\") {{ ...f0 }} }} {levels} fragment f25 on OrgUnit {{ code }}"),
            LIMIT,
        ),
    ]
}

fn deep() -> Vec<Document> {
    let argument = |open: &str, close: &str, n: usize| {
        format!(
            "{{ indicator(code: {}1{}) {{ code }} }}",
            open.repeat(n),
            close.repeat(n)
        )
    };
    let (fields, ends) = ("fields { type { ".repeat(6), " } }".repeat(6));
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    vec![
        ("nested braces", "{a".repeat(50_000), LIMIT),
        (
            "nested braces behind a text with #",
            format!("{{ a(b: \"#\") {}", "{a".repeat(50_000)),
            LIMIT,
        ),
        ("nested lists", argument("[", "]", 10_000), LIMIT),
        ("nested objects", argument("{a:", "}", 10_000), LIMIT),
        (
            "a nested type",
            format!("query ($a: {open}Int{close}) {{ __typename }}"),
            LIMIT,
        ),
        (
            "lists within the nesting that is allowed",
            argument("[", "]", 190),
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
        (
            "a question about the schema, 12 levels deep",
            format!("{{ __schema {{ types {{ {fields}name{ends} }} }} }}"),
            LIMIT,
        ),
    ]
}

fn odd() -> Vec<Document> {
    let large = format!("{{ indicators(first: 1{}) {{ totalCount }} }}", "0".repeat(30));
    let documents = [
        ("an unknown directive", "{ __typename @launch }", INVALID),
        ("a page of 10^30", large.as_str(), INVALID),
        (
            "a kind that does not exist",
            "{ indicators(kind: BANANA) { totalCount } }",
            INVALID,
        ),
        (
            "several operations and no name",
            "query a { __typename } query b { __typename }",
            INVALID,
        ),
        ("a mutation that does not exist", "mutation { drop }", INVALID),
        ("an empty query", "", NO_GRAPHQL),
        ("NUL", "{ __type\u{0}name }", NO_GRAPHQL),
        ("a text without end", "{ indicator(code: \"x) { code } }", NO_GRAPHQL),
        (
            "a subscription without a stream",
            "subscription { changes { sequence } }",
            INPUT,
        ),
    ];
    documents
        .into_iter()
        .map(|(name, text, code)| (name, text.to_owned(), code))
        .collect()
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = [wide(), circular(), deep(), odd()]
        .into_iter()
        .flatten()
        .map(|(name, text, code)| Case::new(name, Wire::query(&text), 400, code))
        .collect();
    let last = "fragment f25 on Query { __typename }";
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
    let long = named(&"n".repeat(900_000));
    cases.push(Case::new("an operation name of 900 kB", long, 400, INVALID));
    cases
}
