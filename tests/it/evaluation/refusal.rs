//! Frameworks and questions that are refused, each with its line and the way to mend it, and change nothing.

use serde_json::json;
use tests::db::TestDb;
use tests::suite;

use super::{SMALL, serve};

suite!(Catalog: a_framework_without_sense_is_refused_with_its_fault, questions_without_an_answer_are_refused);

/// A name, a text of the small framework, what stands in its place, and what the fault says.
const FAULTS: &[(&str, &str, &str, &str)] = &[
    (
        "overweight",
        "weight = \"4\"\nindicator",
        "weight = \"5\"\nindicator",
        "add up to 7, not to 6",
    ),
    (
        "over the total",
        "total = \"10\"",
        "total = \"9.5\"",
        "add up to 10, not to 9.5",
    ),
    (
        "circle",
        "code = \"disputes\"\nweight",
        "code = \"disputes\"\nparent = \"petitions\"\nweight",
        "in a circle",
    ),
    (
        "unknown parent",
        "parent = \"leadership\"\nweight = \"3\"",
        "parent = \"leaders\"\nweight = \"3\"",
        "did you mean `leadership`",
    ),
    (
        "unknown indicator",
        "\"petition_resolution_rate\"",
        "\"petition_resolved_rate\"",
        "did you mean `petition_resolved_count`",
    ),
    (
        "code twice",
        "code = \"drills\"",
        "code = \"exam\"",
        "node `exam` is defined twice",
    ),
    (
        "no number",
        "from = \"60\"",
        "from = \"sixty\"",
        "`sixty` is not a decimal number",
    ),
    (
        "another rule's key",
        "rule = \"DEDUCT\"\neach",
        "rule = \"LINEAR\"\neach",
        "LINEAR takes no each",
    ),
    (
        "no policy",
        "missing = \"ZERO\"",
        "",
        "not said what a missing value does",
    ),
    (
        "kind",
        "rule = \"LINEAR\"\nfrom = \"60\"\nto = \"100\"",
        "rule = \"YES_NO\"",
        "YES_NO does not fit an indicator of kind RATIO",
    ),
    (
        "direction",
        "from = \"60\"\nto = \"100\"",
        "from = \"100\"\nto = \"60\"",
        "more points for smaller values",
    ),
    (
        "range",
        "to = \"100\"",
        "to = \"120\"",
        "120 is outside the indicator's valid range",
    ),
    (
        "bands",
        "{ at_least = \"90\", lost = \"1\" }",
        "{ at_least = \"100\", lost = \"1\" }",
        "bands are not in order",
    ),
    (
        "two tracks",
        "[[framework.node]]\ncode = \"disputes\"",
        "[[framework.track]]\ncode = \"others\"\nname = { zh = \"其他\", en = \"others\" }\nwithin = \"shenzhen-luohu\"\n[[framework.node]]\ncode = \"disputes\"",
        "is in two tracks",
    ),
    (
        "grades",
        "at_least = \"8.6\"",
        "at_least = \"0\"",
        "grades are not in falling order",
    ),
    (
        "weight of a bonus",
        "code = \"reform\"",
        "code = \"reform\"\nweight = \"1\"",
        "neither weight nor parent",
    ),
    (
        "something else",
        "[[framework]]",
        "[[theme]]\ncode = \"x\"\norder = 1\nname = { zh = \"一\", en = \"x\" }\n[[framework]]",
        "not a file of frameworks alone",
    ),
];

async fn a_framework_without_sense_is_refused_with_its_fault(db: TestDb) {
    let app = serve(&db).await;
    let before = db.contents().await;
    let define = "mutation ($input: DefineFrameworkInput!) { defineFramework(input: $input) { changed } }";
    for (name, old, new, wanted) in FAULTS {
        assert!(SMALL.contains(old), "{name}");
        let document = SMALL
            .replacen(old, new, 1)
            .replace("version = \"1\"", "version = \"3\"");
        let answer = app
            .query(
                define,
                json!({ "input": { "document": document, "onBehalfOf": "test" } }),
            )
            .await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{name}: {answer}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(wanted), "{name}: {message}");
        assert!(message.contains("document"), "{name} says where: {message}");
    }
    assert_eq!(db.contents().await, before);
}

async fn questions_without_an_answer_are_refused(db: TestDb) {
    let app = serve(&db).await;
    let cases = [
        (
            "{ evaluation(framework: \"smal\", period: \"2025\") { engine } }",
            "NOT_FOUND",
            "did you mean `small`",
        ),
        (
            "{ evaluation(framework: \"small\", version: \"9\", period: \"2025\") { engine } }",
            "NOT_FOUND",
            "its versions are 1",
        ),
        (
            "{ evaluation(framework: \"small\", period: \"1999\") { engine } }",
            "BAD_USER_INPUT",
            "availability",
        ),
        (
            "{ evaluation(framework: \"small\", period: \"2025\", orgs: { codes: [\"shenzhen\"] }) { engine } }",
            "BAD_USER_INPUT",
            "tracks",
        ),
        (
            "{ objections(framework: \"none\") { id } }",
            "NOT_FOUND",
            "frameworks lists",
        ),
    ];
    for (query, code, hint) in cases {
        let answer = app.query(query, json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], code, "{query}: {answer}");
        assert!(
            error["extensions"]["hint"].as_str().unwrap().contains(hint),
            "{query}: {error}"
        );
    }
    let data = app
        .data(
            "{ evaluationRun(id: \"99\") { id } framework(code: \"none\") { code } }",
            json!({}),
        )
        .await;
    assert_eq!(data, json!({ "evaluationRun": null, "framework": null }));
}
