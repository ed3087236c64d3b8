//! Requests that are malformed, oversized, or come as they may not.

use serde_json::json;

use super::Case;
use super::wire::Wire;

const LIMIT: &str = "LIMIT_EXCEEDED";
const INPUT: &str = "BAD_USER_INPUT";

fn bodies() -> Vec<Case> {
    let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let asked = |variables: &str| {
        format!("{{\"query\":\"query ($c: String!) {{ indicator(code: $c) {{ code }} }}\",\"variables\":{variables}}}")
    };
    let good = "{\"query\":\"{ __typename }\"";
    [
        ("an empty body", String::new(), 400, INPUT),
        ("half a body", "{\"query\":".to_owned(), 400, INPUT),
        (
            "a batch",
            format!("[{}]", vec![format!("{good}}}"); 1000].join(",")),
            400,
            INPUT,
        ),
        ("an empty batch", "[]".to_owned(), 400, INPUT),
        ("a batch of numbers", "[1,2]".to_owned(), 400, INPUT),
        ("a text", "\"{ __typename }\"".to_owned(), 400, INPUT),
        ("no query", "{}".to_owned(), 400, INPUT),
        ("a query of null", "{\"query\":null}".to_owned(), 400, INPUT),
        ("a query of 7", "{\"query\":7}".to_owned(), 400, INPUT),
        (
            "a query of lists",
            "{\"query\":[\"{ __typename }\"]}".to_owned(),
            400,
            INPUT,
        ),
        ("half a surrogate", "{\"query\":\"\\ud800\"}".to_owned(), 400, INPUT),
        (
            "variables of text",
            format!("{good},\"variables\":\"{{}}\"}}"),
            400,
            INPUT,
        ),
        ("variables of lists", format!("{good},\"variables\":[]}}"), 400, INPUT),
        (
            "an operation name of 7",
            format!("{good},\"operationName\":7}}"),
            400,
            INPUT,
        ),
        ("extensions of 7", format!("{good},\"extensions\":7}}"), 400, INPUT),
        ("JSON 100,000 lists deep", deep(100_000), 400, INPUT),
        (
            "variables 100,000 lists deep",
            asked(&format!("{{\"c\":{}}}", deep(100_000))),
            400,
            INPUT,
        ),
        (
            "variables 100 lists deep",
            asked(&format!("{{\"c\":{}}}", deep(100))),
            400,
            INPUT,
        ),
        (
            "a variable of 900 kB of the wrong type",
            asked(&format!("{{\"c\":[{}0]}}", "1,".repeat(450_000))),
            400,
            INPUT,
        ),
        ("a variable that is missing", asked("{}"), 400, INPUT),
        (
            "a persisted query that is none",
            "{\"extensions\":{\"persistedQuery\":7}}".to_owned(),
            400,
            INPUT,
        ),
        (
            "a hash of another text",
            format!(
                "{good},\"extensions\":{{\"persistedQuery\":{{\"version\":1,\"sha256Hash\":\"{}\"}}}}}}",
                "a".repeat(64)
            ),
            400,
            INPUT,
        ),
        (
            "a document of 5 MB",
            json!({ "query": " ".repeat(5_000_000) }).to_string(),
            413,
            LIMIT,
        ),
        ("a body of 60 MB", " ".repeat(60_000_000), 413, LIMIT),
    ]
    .into_iter()
    .map(|(name, body, status, code)| Case::new(name, Wire::json(body), status, code))
    .collect()
}

pub(super) fn cases() -> Vec<Case> {
    let good = "{\"query\":\"{ __typename }\"}";
    let post = |kind: &str| Wire::new("POST", "/graphql").with("content-type", kind).body(good);
    let get = |path: &str| Wire::new("GET", format!("/graphql{path}"));
    let mut cases = bodies();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/graphql",
        "application/json; charset=utf-16",
        "multipart/form-data",
        "",
    ] {
        cases.push(Case::new(format!("a body of type `{kind}`"), post(kind), 415, INPUT));
    }
    cases.extend([
        Case::new(
            "a body of no type",
            Wire::new("POST", "/graphql").body(good),
            415,
            INPUT,
        ),
        Case::new(
            "a form as a page can send it",
            post("multipart/form-data; boundary=x"),
            400,
            INPUT,
        ),
        Case::new(
            "invalid UTF-8",
            Wire::json(b"{\"query\":\"{ a\xff }\"}".as_slice()),
            400,
            INPUT,
        ),
        Case::new("UTF-16", Wire::json(b"\xff\xfe{\0}\0".as_slice()), 400, INPUT),
        Case::new("a mutation by GET", get("?query=mutation%7Bx%7D"), 405, INPUT),
        Case::new(
            "a subscription by GET",
            get("?query=subscription%7Bchanges%7Bsequence%7D%7D"),
            400,
            INPUT,
        ),
        Case::new("a GET without a query", get(""), 400, INPUT),
        Case::new(
            "a query that stands twice",
            get("?query=%7B__typename%7D&query=%7Ba%7D"),
            400,
            INPUT,
        ),
        Case::new(
            "variables in an address that are no JSON",
            get("?query=%7B__typename%7D&variables=%7B"),
            400,
            INPUT,
        ),
        Case::new(
            "nothing that is accepted",
            Wire::query("{ __typename }").accepting("image/png"),
            406,
            INPUT,
        ),
        Case::new(
            "a foreign page",
            post("application/json").with("origin", "https://evil.example"),
            403,
            "FORBIDDEN",
        ),
        Case::new(
            "a page from nowhere",
            post("application/json").with("origin", "null"),
            403,
            "FORBIDDEN",
        ),
        Case::new(
            "a GET from a foreign page",
            get("?query=%7B__typename%7D")
                .with("sec-fetch-site", "cross-site")
                .with("sec-fetch-mode", "no-cors"),
            403,
            "FORBIDDEN",
        ),
        Case::new("DELETE", Wire::new("DELETE", "/graphql"), 405, INPUT),
        Case::new(
            "PUT",
            Wire::new("PUT", "/graphql")
                .with("content-type", "application/json")
                .body(good),
            405,
            INPUT,
        ),
        Case::new(
            "an address that does not exist",
            Wire::new("GET", "/graphql/../../etc/passwd"),
            404,
            "NOT_FOUND",
        ),
        Case::new(
            "half a handshake",
            get("")
                .with("upgrade", "websocket")
                .with("sec-websocket-protocol", "graphql-transport-ws"),
            400,
            INPUT,
        ),
    ]);
    cases
}
