//! Problems and tasks: recorded with their owner, carried over, and never overwritten.

use serde_json::json;
use tests::db::TestDb;
use tests::suite;

use super::{SUNGANG, serve};

suite!(Catalog: an_item_changes_by_revisions_and_carries_over, items_without_sense_are_refused);

const SET: &str = "mutation ($input: SetRectificationsInput!) { setRectifications(input: $input) { numbers } }";

async fn an_item_changes_by_revisions_and_carries_over(db: TestDb) {
    let app = serve(&db).await;
    let problem = |number: Option<&str>, status: &str, carried: Option<i32>| {
        json!({ "number": number, "kind": "PROBLEM", "org": SUNGANG, "year": 2025, "theme": "enforcement",
            "title": "驻队律师经费偏低", "measure": "列入预算调整", "owner": "综合行政执法办公室", "status": status, "due": "2026-06", "carriedTo": carried })
    };
    let task = json!({ "kind": "TASK", "org": SUNGANG, "year": 2025, "title": "执法人员培训", "owner": "司法所" });
    let input = json!({ "input": { "onBehalfOf": "office", "items": [problem(None, "OPEN", None), task] } });
    let numbers = app.data(SET, input).await["setRectifications"]["numbers"].clone();
    assert_eq!(numbers, json!(["1", "2"]));
    let input =
        json!({ "input": { "onBehalfOf": "office", "items": [problem(Some("1"), "CARRIED_OVER", Some(2026))] } });
    app.data(SET, input).await;
    let query = "query ($year: Int) { rectifications(orgs: { within: \"shenzhen-luohu\" }, year: $year) { number kind status due carriedTo owner } }";
    let next_year = app.data(query, json!({ "year": 2026 })).await;
    assert_eq!(
        next_year["rectifications"],
        json!([{ "number": "1", "kind": "PROBLEM", "status": "CARRIED_OVER", "due": "2026-06", "carriedTo": 2026, "owner": "综合行政执法办公室" }])
    );
    let this_year = app.data(query, json!({ "year": 2025 })).await;
    assert_eq!(this_year["rectifications"].as_array().unwrap().len(), 2);
    assert_eq!(
        db.contents().await["rectification"].len(),
        3,
        "the first revision stays"
    );
}

async fn items_without_sense_are_refused(db: TestDb) {
    let app = serve(&db).await;
    let item = |changes: serde_json::Value| {
        let mut item = json!({ "kind": "TASK", "org": SUNGANG, "year": 2025, "title": "培训", "owner": "司法所" });
        for (key, value) in changes.as_object().unwrap() {
            item[key] = value.clone();
        }
        json!({ "input": { "onBehalfOf": "office", "items": [item] } })
    };
    let cases = [
        (json!({ "title": " " }), "BAD_USER_INPUT"),
        (json!({ "year": 25 }), "BAD_USER_INPUT"),
        (json!({ "status": "CARRIED_OVER" }), "BAD_USER_INPUT"),
        (json!({ "carriedTo": 2026 }), "BAD_USER_INPUT"),
        (json!({ "due": "2026" }), "BAD_USER_INPUT"),
        (json!({ "org": "nowhere" }), "NOT_FOUND"),
        (json!({ "number": "77" }), "NOT_FOUND"),
    ];
    for (changes, code) in cases {
        let answer = app.query(SET, item(changes.clone())).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{changes}: {answer}");
    }
    assert!(db.contents().await["rectification"].is_empty());
}
