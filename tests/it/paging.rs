//! Lists are paged forwards and backwards to their end, without gaps, doubles or one query a row.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

suite!(Figures: every_list_is_walked_to_its_end_both_ways, nodes_are_fetched_again_by_id, the_number_of_queries_does_not_grow_with_the_answer);

const LISTS: [(&str, &str); 3] = [
    (
        "indicators",
        "query ($first: Int, $after: String, $last: Int, $before: String) { list: indicators(first: $first, after: $after, last: $last, before: $before) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } nodes { id } } }",
    ),
    (
        "orgUnits",
        "query ($first: Int, $after: String, $last: Int, $before: String) { list: orgUnits(first: $first, after: $after, last: $last, before: $before) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } nodes { id } } }",
    ),
    (
        "observations",
        "query ($first: Int, $after: String, $last: Int, $before: String) { list: observations(first: $first, after: $after, last: $last, before: $before) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } } nodes { id } } }",
    ),
];

fn ids(page: &Value) -> Vec<String> {
    let ids: Vec<String> = page["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"]["id"].as_str().unwrap().to_owned())
        .collect();
    let nodes: Vec<String> = page["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, nodes);
    ids
}

async fn every_list_is_walked_to_its_end_both_ways(db: TestDb) {
    let app = TestApp::start(&db).await;
    for (name, query) in LISTS {
        let whole = app.client().data(query, json!({ "first": 500 })).await["list"].clone();
        let all = ids(&whole);
        assert_eq!(whole["totalCount"].as_u64(), Some(all.len() as u64), "{name}");
        assert_eq!(
            json!([whole["pageInfo"]["hasNextPage"], whole["pageInfo"]["hasPreviousPage"]]),
            json!([false, false])
        );
        let size = all.len() / 3 + 1;
        let (mut forwards, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = app.client().data(query, json!({ "first": size, "after": after })).await["list"].clone();
            forwards.extend(ids(&page));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(forwards, all, "{name} forwards");
        let (mut backwards, mut before) = (Vec::new(), Value::Null);
        loop {
            let page = app
                .client()
                .data(query, json!({ "last": size, "before": before }))
                .await["list"]
                .clone();
            backwards.splice(0..0, ids(&page));
            before = page["pageInfo"]["startCursor"].clone();
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
        }
        assert_eq!(backwards, all, "{name} backwards");
        let none = app.client().data(query, json!({ "first": 0 })).await["list"].clone();
        assert_eq!(
            json!([ids(&none).len(), none["pageInfo"]["hasNextPage"]]),
            json!([0, true]),
            "{name}"
        );
    }
}

async fn nodes_are_fetched_again_by_id(db: TestDb) {
    let app = TestApp::start(&db).await;
    let mut wanted = Vec::new();
    for (_, query) in LISTS {
        wanted.extend(ids(&app.client().data(query, json!({ "first": 2 })).await["list"]));
    }
    let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Indicator { code } ... on OrgUnit { code } ... on Observation { period } } }";
    let nodes = app.client().data(query, json!({ "ids": wanted })).await["nodes"].clone();
    let found: Vec<&str> = nodes
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["id"].as_str().unwrap())
        .collect();
    assert_eq!(found, wanted);
    let types: Vec<&str> = nodes
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["__typename"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "Indicator",
            "Indicator",
            "OrgUnit",
            "OrgUnit",
            "Observation",
            "Observation"
        ]
    );
}

async fn the_number_of_queries_does_not_grow_with_the_answer(db: TestDb) {
    let app = TestApp::start(&db).await;
    let list = "query ($n: Int!) { observations(first: $n) { nodes { value period breakdown indicator { name unit { label } numerator { code } } orgUnit { name parent { name } } source { title } printedUnit { label } } } }";
    let compare = "query ($orgs: [String!]) { compare(input: { indicators: { theme: \"leadership\" }, orgs: { codes: $orgs }, period: \"2025\" }) { rows { current { printed sources { source { title } } } base { printed sources { locator } } } } }";
    for (query, little, much) in [
        (list, json!({ "n": 2 }), json!({ "n": 150 })),
        (
            compare,
            json!({ "orgs": ["shenzhen-longhua-guanhu"] }),
            json!({ "orgs": null }),
        ),
    ] {
        let mut sent = Vec::new();
        for variables in [little.clone(), little, much] {
            let before = app.service().db().queries();
            app.client().data(query, variables).await;
            sent.push(app.service().db().queries() - before);
        }
        // The first answer may have had to read the figures.
        assert_eq!(sent[1], sent[2], "{query}");
        assert!(sent[2] <= 6, "{} queries for {query}", sent[2]);
    }
}
