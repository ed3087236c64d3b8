//! The language as its specification has it, where the library under the server has it otherwise. `transport/clients.rs` holds all of it against the reference
//! implementation.

use serde_json::json;
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

suite!(
    Figures: what_is_asked_for_in_pieces_is_answered_whole,
    an_object_of_which_nothing_is_asked_is_no_null,
    defaults_of_variables_decide_what_is_left_out,
    what_is_left_out_takes_its_default,
    a_field_that_fails_is_null_where_it_may_be,
    what_cannot_be_read_runs_nothing,
    keys_stand_in_the_order_of_the_question_for_each_type,
    one_key_cannot_be_two_things,
);

async fn what_is_asked_for_in_pieces_is_answered_whole(db: TestDb) {
    let app = TestApp::start(&db).await;
    for (pieces, whole) in [
        (
            "{ observationTable(limit: 2) { org } observationTable(limit: 2) { period value } }",
            "{ observationTable(limit: 2) { org period value } }",
        ),
        (
            "{ observationRows(first: 2) { edges { node { org } } ...f } } fragment f on ObservationRowConnection { edges { cursor node { period } } }",
            "{ observationRows(first: 2) { edges { node { org period } cursor } } }",
        ),
        (
            "{ indicators(first: 2) { nodes { code ...f } } ...g } fragment f on Indicator { unit { code } } fragment g on Query { indicators(first: 2) { nodes { unit { label } } totalCount } }",
            "{ indicators(first: 2) { nodes { code unit { code label } } totalCount } }",
        ),
    ] {
        let (pieces, whole) = (app.data(pieces, json!({})).await, app.data(whole, json!({})).await);
        assert_eq!(pieces, whole);
        assert!(whole.to_string().len() > 60, "{whole}");
    }
}

async fn an_object_of_which_nothing_is_asked_is_no_null(db: TestDb) {
    let app = TestApp::start(&db).await;
    let ids = "{ indicators(first: 1) { nodes { id } } orgUnits(first: 1) { nodes { id } } }";
    let ids = app.data(ids, json!({})).await;
    let ids: Vec<&str> = ["indicators", "orgUnits"]
        .map(|list| ids[list]["nodes"][0]["id"].as_str().unwrap())
        .into();
    let gone = "WyJJbmRpY2F0b3IiLCJub25lIl0";
    let all = json!({ "ids": [ids[0], ids[1], gone] });
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Indicator { code } } }";
    let nodes = app.data(query, all).await["nodes"].clone();
    assert!(nodes[0]["code"].is_string(), "{nodes}");
    assert_eq!((&nodes[1], &nodes[2]), (&json!({}), &json!(null)), "{nodes}");
    for (query, expected) in [
        ("{ indicators(first: 1) @skip(if: true) { totalCount } }", json!({})),
        (
            "{ indicators(first: 1) { nodes { code @include(if: false) } } }",
            json!({ "indicators": { "nodes": [{}] } }),
        ),
        (
            "{ observationRows(first: 1) { edges { node { org @skip(if: true) } } } }",
            json!({ "observationRows": { "edges": [{ "node": {} }] } }),
        ),
    ] {
        assert_eq!(app.data(query, json!({})).await, expected, "{query}");
    }
}

async fn defaults_of_variables_decide_what_is_left_out(db: TestDb) {
    let app = TestApp::start(&db).await;
    let query = "query ($s: Boolean = true) { __typename @include(if: $s) indicators(first: 1) { totalCount @skip(if: $s) pageInfo @include(if: $s) { hasPreviousPage } } }";
    let left = app.data(query, json!({})).await;
    assert_eq!(
        left,
        json!({ "__typename": "Query", "indicators": { "pageInfo": { "hasPreviousPage": false } } })
    );
    let other = app.data(query, json!({ "s": false })).await;
    assert!(
        other["indicators"]["totalCount"].is_number() && other.get("__typename").is_none(),
        "{other}"
    );
}

async fn what_is_left_out_takes_its_default(db: TestDb) {
    let app = TestApp::start(&db).await;
    let ask = |variables: &str, more: &str| {
        format!(
            "query {variables} {{ compare(input: {{ indicators: {{ theme: \"leadership\" }}, orgs: {{ codes: [\"shenzhen-longhua-guanhu\"] }}, period: \"2025\" {more} }}) \
             {{ rows {{ current {{ value }} change {{ absolute reason }} }} }} }}"
        )
    };
    let variables = "($a: Boolean, $b: Baseline, $i: Include, $l: OrgLevel)";
    let named = ask(variables, "acrossBreaks: $a, baseline: $b, include: $i").replace(
        "codes: [\"shenzhen-longhua-guanhu\"]",
        "codes: [\"shenzhen-longhua-guanhu\"], level: $l",
    );
    let plain = app.data(&ask("", ""), json!({})).await;
    assert!(!plain["compare"]["rows"].as_array().unwrap().is_empty(), "{plain:#}");
    assert_eq!(app.data(&named, json!({})).await, plain);
    // A null is a value, and no default stands in for it.
    let refused = app.query(&named, json!({ "a": null })).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED",
        "{refused:#}"
    );
    // Neither is there a place for what may be null where null may not stand.
    let within = app
        .query("query ($i: ID) { nodes(ids: [$i]) { id } }", json!({ "i": "x" }))
        .await;
    assert_eq!(
        within["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED",
        "{within:#}"
    );
    assert_eq!(
        within["errors"][0]["locations"],
        json!([{ "line": 1, "column": 30 }]),
        "{within:#}"
    );
}

async fn a_field_that_fails_is_null_where_it_may_be(db: TestDb) {
    let app = TestApp::start(&db).await;
    let compare = |fields: &str| {
        format!(
            "{{ compare(input: {{ indicators: {{ theme: \"leadership\" }}, orgs: {{ codes: [\"shenzhen-longhua-guanhu\"] }}, period: \"2025\" }}) \
             {{ period rows {{ change {{ {fields} }} }} }} }}"
        )
    };
    for (query, data) in [
        // A connection may not be null, and neither may anything around it but the data.
        (
            "{ a: __typename x: indicators(first: -1) { totalCount } b: __typename }",
            json!(null),
        ),
        (
            "{ b: __typename observationTable(limit: -1) { org } a: __typename }",
            json!({ "b": "Query", "observationTable": null, "a": "Query" }),
        ),
        (
            "{ observationTable(limit: -1) { org } }",
            json!({ "observationTable": null }),
        ),
    ] {
        let answer = app.query(query, json!({})).await;
        assert_eq!(
            (answer.get("data"), answer["errors"].as_array().map(Vec::len)),
            (Some(&data), Some(1)),
            "{answer:#}"
        );
    }
    for (fields, expected) in [
        ("percent(decimals: -1)", json!({ "percent": null })),
        (
            "percent(decimals: -1) text2: percent(decimals: -2)",
            json!({ "percent": null, "text2": null }),
        ),
    ] {
        let answer = app.query(&compare(fields), json!({})).await;
        let rows = answer["data"]["compare"]["rows"].as_array().unwrap();
        assert!(rows.iter().all(|row| row["change"] == expected), "{answer:#}");
        assert!(
            !rows.is_empty() && answer["errors"][0]["path"][0] == "compare",
            "{answer:#}"
        );
    }
}

async fn what_cannot_be_read_runs_nothing(db: TestDb) {
    let app = TestApp::start(&db).await;
    let two = |period: &str| {
        format!(
            "mutation ($p: Period) {{ a: createPrincipal(input: {{ name: \"part\" }}) {{ name }} \
             b: setReportingCalendar(input: {{ period: {period}, entries: [] }}) {{ __typename }} }}"
        )
    };
    let asked = [
        (
            two("$p").replace("$p: Period)", "$p: Period!)"),
            json!({ "p": "nonsense" }),
        ),
        (two("$p").replace("$p: Period)", "$p: Period!)"), json!({ "p": 2021 })),
        (two("\"zz\"").replace("($p: Period)", ""), json!({})),
    ];
    for (query, variables) in asked {
        let answer = app.query(&query, variables).await;
        assert_eq!(answer.get("data"), None, "{answer:#}");
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{answer:#}"
        );
    }
    let principals = app.data("{ principals { name } }", json!({})).await;
    assert!(!principals.to_string().contains("part"), "{principals}");
    // A filter that is written twice is none of both.
    let twice = "{ observations(filter: { period: \"2021\", period: \"2022\" }) { totalCount } }";
    let answer = app.query(twice, json!({})).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED",
        "{answer:#}"
    );
}

async fn keys_stand_in_the_order_of_the_question_for_each_type(db: TestDb) {
    let app = TestApp::start(&db).await;
    let found = app.data("{ orgUnits(first: 1) { nodes { id } } }", json!({})).await;
    let id = found["orgUnits"]["nodes"][0]["id"].as_str().unwrap().to_owned();
    let query = format!(
        "{{ node(id: \"{id}\") {{ ... on Indicator {{ __typename id }} ... on OrgUnit {{ code __typename }} id }} }}"
    );
    // Parsed it would be sorted.
    let body = json!({ "query": query }).to_string();
    let raw = app.raw_post(&[("content-type", "application/json")], body).await;
    let answer = raw.text();
    let places = ["\"code\"", "\"__typename\"", "\"id\""].map(|key| answer.find(key).unwrap());
    assert!(places.is_sorted() && !answer.contains("\" \""), "{answer}");
}

async fn one_key_cannot_be_two_things(db: TestDb) {
    let app = TestApp::start(&db).await;
    for query in [
        "{ indicators(first: 1) { nodes { k: code } nodes { k: name } } }",
        "query ($n: String) { indicators(first: $n) { totalCount } }",
        "{ __typename @skip }",
        "subscription { a: changes { sequence } b: changes { sequence } }",
    ] {
        let answer = app.query(query, json!({})).await;
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer:#}");
        assert!(
            error["locations"][0]["line"].is_number() && answer.get("data").is_none(),
            "{answer:#}"
        );
    }
    let named = json!({ "query": "{ __typename }", "operationName": "A" }).to_string();
    let unknown = app
        .raw_post(&[("content-type", "application/json")], named)
        .await
        .json();
    assert_eq!(unknown["errors"][0]["message"], "Unknown operation named \"A\"");
    // The words of the library, which knows similar names.
    let near = app
        .query(
            "{ indicator(cod: \"x\") { code } orgUnits { node { code } } }",
            json!({}),
        )
        .await;
    let told: Vec<&str> = near["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|error| error["message"].as_str())
        .collect();
    assert!(told.iter().any(|message| message.contains("nodes")), "{near:#}");
}
