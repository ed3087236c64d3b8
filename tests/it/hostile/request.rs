//! Requests that are malformed, oversized, or come as they may not.

use serde_json::json;

use super::Case;
use super::wire::Wire;

const LIMIT: &str = "LIMIT_EXCEEDED";
const INPUT: &str = "BAD_USER_INPUT";
const GOOD: &str = "{\"query\":\"{ __typename }\"}";
/// The same, to be gone on with.
const BEGUN: &str = "{\"query\":\"{ __typename }\"";

fn shapes() -> Vec<(&'static str, String)> {
    vec![
        ("an empty body", String::new()),
        ("half a body", "{\"query\":".to_owned()),
        ("a batch", format!("[{}]", vec![GOOD; 1000].join(","))),
        ("an empty batch", "[]".to_owned()),
        ("a batch of numbers", "[1,2]".to_owned()),
        ("a text", "\"{ __typename }\"".to_owned()),
        ("no query", "{}".to_owned()),
        ("a query of null", "{\"query\":null}".to_owned()),
        ("a query of 7", "{\"query\":7}".to_owned()),
        ("a query of lists", "{\"query\":[\"{ __typename }\"]}".to_owned()),
        ("half a surrogate", "{\"query\":\"\\ud800\"}".to_owned()),
        ("variables of text", format!("{BEGUN},\"variables\":\"{{}}\"}}")),
        ("variables of lists", format!("{BEGUN},\"variables\":[]}}")),
        ("an operation name of 7", format!("{BEGUN},\"operationName\":7}}")),
        ("extensions of 7", format!("{BEGUN},\"extensions\":7}}")),
    ]
}

fn values() -> Vec<(&'static str, String)> {
    let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
    let asked = |value: &str| {
        let query = "query ($c: String!) { indicator(code: $c) { code } }";
        format!("{{\"query\":\"{query}\",\"variables\":{{{value}}}}}")
    };
    let unlike = "a".repeat(64);
    vec![
        ("JSON 100,000 lists deep", deep(100_000)),
        (
            "a variable 100,000 lists deep",
            asked(&format!("\"c\":{}", deep(100_000))),
        ),
        ("a variable 100 lists deep", asked(&format!("\"c\":{}", deep(100)))),
        (
            "a variable of 900 kB of the wrong type",
            asked(&format!("\"c\":[{}0]", "1,".repeat(450_000))),
        ),
        ("a variable that is missing", asked("")),
        (
            "a persisted query that is none",
            "{\"extensions\":{\"persistedQuery\":7}}".to_owned(),
        ),
        (
            "a hash of another text",
            format!("{BEGUN},\"extensions\":{{\"persistedQuery\":{{\"version\":1,\"sha256Hash\":\"{unlike}\"}}}}}}"),
        ),
    ]
}

fn post(kind: &str) -> Wire {
    Wire::new("POST", "/graphql").with("content-type", kind).body(GOOD)
}

fn get(path: &str) -> Wire {
    Wire::new("GET", format!("/graphql{path}"))
}

fn ways() -> Vec<(&'static str, Wire, u16)> {
    let half = get("").with("upgrade", "websocket");
    vec![
        ("a body of no type", Wire::new("POST", "/graphql").body(GOOD), 415),
        (
            "a form as a page can send it",
            post("multipart/form-data; boundary=x"),
            400,
        ),
        (
            "invalid UTF-8",
            Wire::json(b"{\"query\":\"{ a\xff }\"}".as_slice()),
            400,
        ),
        ("UTF-16", Wire::json(b"\xff\xfe{\0}\0".as_slice()), 400),
        ("a mutation by GET", get("?query=mutation%7B__typename%7D"), 405),
        (
            "a subscription by GET",
            get("?query=subscription%7Bchanges%7Bsequence%7D%7D"),
            400,
        ),
        ("a GET without a query", get(""), 400),
        (
            "a query that stands twice",
            get("?query=%7B__typename%7D&query=%7Ba%7D"),
            400,
        ),
        (
            "variables in an address that are no JSON",
            get("?query=%7B__typename%7D&variables=%7B"),
            400,
        ),
        (
            "nothing that is accepted",
            Wire::query("{ __typename }").accepting("image/png"),
            406,
        ),
        ("DELETE", Wire::new("DELETE", "/graphql"), 405),
        (
            "PUT",
            Wire {
                method: "PUT",
                ..post("application/json")
            },
            405,
        ),
        (
            "half a handshake",
            half.with("sec-websocket-protocol", "graphql-transport-ws"),
            400,
        ),
    ]
}

fn foreign() -> Vec<(&'static str, Wire)> {
    let json = || post("application/json");
    let hidden = get("?query=%7B__typename%7D").with("sec-fetch-site", "cross-site");
    vec![
        ("a foreign page", json().with("origin", "https://evil.example")),
        ("a page from nowhere", json().with("origin", "null")),
        ("a GET from a foreign page", hidden.with("sec-fetch-mode", "no-cors")),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, body) in [shapes(), values()].into_iter().flatten() {
        cases.push(Case::new(name, Wire::json(body), 400, INPUT));
    }
    for (name, wire, status) in ways() {
        cases.push(Case::new(name, wire, status, INPUT));
    }
    for (name, wire) in foreign() {
        cases.push(Case::new(name, wire, 403, "FORBIDDEN"));
    }
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
    let long = json!({ "query": " ".repeat(5_000_000) }).to_string();
    cases.push(Case::new("a document of 5 MB", Wire::json(long), 413, LIMIT));
    let large = " ".repeat(60_000_000);
    cases.push(Case::new("a body of 60 MB", Wire::json(large), 413, LIMIT));
    let elsewhere = Wire::new("GET", "/graphql/../../etc/passwd");
    cases.push(Case::new("an address that does not exist", elsewhere, 404, "NOT_FOUND"));
    cases
}
