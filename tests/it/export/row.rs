//! `observationTable` and `observationRows`: rows as text inside an answer, by all rules of GraphQL.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

suite!(Figures: rows_are_those_of_the_export, selections_are_followed_to_the_letter, a_table_is_whole_or_an_error, pages_lead_to_the_end_of_one_state);

/// Each column with its name in GraphQL.
fn names(app: &Value) -> Vec<(String, String)> {
    let row = app[0].as_object().unwrap();
    let camel = |name: &String| {
        let mut words = name.split('_');
        let first = words.next().unwrap().to_owned();
        words.fold(first, |text, word| text + &word[..1].to_uppercase() + &word[1..])
    };
    row.keys().map(|name| (name.clone(), camel(name))).collect()
}

async fn rows_are_those_of_the_export(db: TestDb) {
    let app = TestApp::start(&db).await;
    for totals in [false, true] {
        let path = format!("/export/observations.json?totals={}", i32::from(totals));
        let exported = app.get(&path).await.json();
        let fields: Vec<String> = names(&exported)
            .into_iter()
            .map(|(snake, camel)| format!("{snake}: {camel}"))
            .collect();
        let query = format!("{{ observationTable(totals: {totals}) {{ {} }} }}", fields.join(" "));
        let data = app.data(&query, Value::Null).await;
        assert_eq!(data["observationTable"], exported);
        assert!(exported.as_array().unwrap().len() > 100);
    }
}

async fn selections_are_followed_to_the_letter(db: TestDb) {
    let app = TestApp::start(&db).await;
    let query = "query ($no: Boolean = false, $yes: Boolean!) {
      rows: observationTable(filter: { indicators: { codes: [\"petition_received_count\"] } }, limit: 1) {
        kind: __typename
        ...parts @include(if: $yes)
        gone: org @include(if: $no)
        unit @skip(if: $yes)
        ... on ObservationRow { amount: value value }
        ... @skip(if: $no) { value periodStart }
      }
    }
    fragment parts on ObservationRow { value indicator periodStart }";
    let answer = app.raw_post(
        &[("content-type", "application/json")],
        json!({ "query": query, "variables": { "yes": true } }).to_string(),
    );
    let answer = answer.await;
    let told = answer.json();
    assert_eq!(
        told["data"],
        json!({ "rows": [{ "kind": "ObservationRow", "value": 720, "indicator": "petition_received_count", "periodStart": "2021-01-01", "amount": 720 }] }),
        "{told}"
    );
    let order =
        ["kind", "value", "indicator", "periodStart", "amount"].map(|key| answer.text().find(&format!("\"{key}\"")));
    assert!(order.is_sorted(), "{}", answer.text());
    let wrong = app.query("{ observationTable { colour } }", Value::Null).await;
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    let plain = app.query("{ observationTable }", Value::Null).await;
    assert_eq!(plain["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
}

async fn a_table_is_whole_or_an_error(db: TestDb) {
    let app = TestApp::start_with(&db, |config| config.graphql.max_table_rows = 20).await;
    let code = |answer: &Value| answer["errors"][0]["extensions"]["code"].clone();
    let all = app.query("{ observationTable { value } }", Value::Null).await;
    assert_eq!(
        (code(&all), &all["data"]["observationTable"]),
        ("LIMIT_EXCEEDED".into(), &Value::Null),
        "{all}"
    );
    assert!(
        all["errors"][0]["extensions"]["hint"]
            .as_str()
            .unwrap()
            .contains("/export/observations")
    );
    for wrong in ["limit: 21", "limit: -1", "offset: -1"] {
        let refused = app
            .query(&format!("{{ observationTable({wrong}) {{ value }} }}"), Value::Null)
            .await;
        assert!(refused["errors"].is_array(), "{wrong}");
    }
    let mut rows = Vec::new();
    loop {
        let query = format!(
            "{{ observationTable(limit: 20, offset: {}) {{ indicator org period breakdown }} }}",
            rows.len()
        );
        let page = app.data(&query, Value::Null).await;
        let page = page["observationTable"].as_array().unwrap().clone();
        if page.is_empty() {
            break;
        }
        rows.extend(page);
    }
    let exported = app.get("/export/observations.json").await.json();
    assert_eq!(rows.len(), exported.as_array().unwrap().len());
    // Many tables in one query are too much for it.
    let server = TestApp::start(&db).await;
    let fields = "indicator indicatorName theme themeName org orgName orgLevel period periodType periodStart periodEnd value unit numerator denominator status flags";
    let many: Vec<String> = (0..6)
        .map(|place| format!("a{place}: observationTable {{ {fields} }}"))
        .collect();
    let refused = server.query(&format!("{{ {} }}", many.join(" ")), Value::Null).await;
    assert_eq!(code(&refused), "LIMIT_EXCEEDED");
}

async fn pages_lead_to_the_end_of_one_state(db: TestDb) {
    let app = TestApp::start(&db).await;
    let mut rows = Vec::new();
    let mut after = Value::Null;
    loop {
        let query = "query ($after: String) { observationRows(first: 40, after: $after) {
            edges { cursor node { indicator org period breakdown value } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";
        let data = app.data(query, json!({ "after": after })).await;
        let page = &data["observationRows"];
        let edges = page["edges"].as_array().unwrap();
        assert_eq!(page["pageInfo"]["endCursor"], edges.last().unwrap()["cursor"]);
        assert_eq!(page["pageInfo"]["startCursor"], edges[0]["cursor"]);
        assert_eq!(page["pageInfo"]["hasPreviousPage"], !rows.is_empty());
        rows.extend(edges.iter().map(|edge| edge["node"].clone()));
        if rows.len() == 40 {
            // What comes meanwhile is no part of this walk.
            let more = tests::fixture::csv(&[tests::fixture::Row::new(
                "disguised_approval_count",
                "shenzhen",
                "2001",
                "1",
            )]);
            crate::import::attempt::import(app.service(), &more, &crate::import::attempt::commit()).await;
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    let exported = app.get("/export/observations.json").await.json();
    assert_eq!(rows.len() + 1, exported.as_array().unwrap().len());
    let filtered = "{ observationRows(indicator: \"petition_received_count\", org: \"shenzhen-luohu-sungang\", period: \"2021-01/2021-09\") { edges { node { value } } } }";
    let data = app.data(filtered, Value::Null).await;
    assert_eq!(data["observationRows"]["edges"], json!([{ "node": { "value": 720 } }]));
    let wrong = app
        .query("{ observationRows(after: \"x\") { edges { cursor } } }", Value::Null)
        .await;
    assert_eq!(wrong["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    // A place in one list is none in another, and none in an earlier state.
    let first = |more: &str| {
        format!("{{ observationRows(first: 1 {more}) {{ edges {{ node {{ value }} }} pageInfo {{ endCursor }} }} }}")
    };
    let one = app
        .data(&first("indicator: \"petition_received_count\""), Value::Null)
        .await;
    let cursor = one["observationRows"]["pageInfo"]["endCursor"].as_str().unwrap();
    for (more, is_taken) in [
        ("indicator: \"petition_received_count\"", true),
        (
            "indicator: \"petition_received_count\" asOf: \"2999-01-01T00:00:00Z\"",
            true,
        ),
        ("indicator: \"petition_resolved_count\"", false),
        ("", false),
        ("indicator: \"petition_received_count\" period: \"2021\"", false),
        (
            "indicator: \"petition_received_count\" asOf: \"2020-01-01T00:00:00Z\"",
            false,
        ),
    ] {
        let answer = app
            .query(&first(&format!("after: \"{cursor}\" {more}")), Value::Null)
            .await;
        let code = &answer["errors"][0]["extensions"]["code"];
        assert_eq!(code.is_null(), is_taken, "{more}: {answer}");
        assert!(is_taken || code == "BAD_USER_INPUT", "{more}: {answer}");
    }
}
