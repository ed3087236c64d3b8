//! Objections: what a decision would move is told before it is taken, and what it moved afterwards is the same.

use entity::choice::Role;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

use super::{SUNGANG, publish, serve};
use crate::access::cast::{bearer, hire};

suite!(
    Catalog: an_upheld_objection_revises_and_tells_what_it_moves,
    a_dismissed_objection_changes_nothing,
    a_part_is_told_no_ranks_beforehand,
    two_decisions_at_once_give_one_winner,
);

const DECIDE: &str = "mutation ($input: DecideObjectionInput!) { decideObjection(input: $input) { committed objection { state decision batch }
    moved { orgUnit { code } scoreBefore scoreAfter rankBefore rankAfter nodes { node before after } } } }";

async fn object(app: &TestApp) -> String {
    let mutation =
        "mutation ($input: ObjectEvaluationInput!) { objectEvaluation(input: $input) { objection { id state } } }";
    let input = json!({ "input": { "framework": "small", "org": SUNGANG, "period": "2025", "node": "petitions",
        "statement": "化解数漏报6宗，见信访系统台账", "onBehalfOf": "street" } });
    let data = app.data(mutation, input).await;
    let objection = &data["objectEvaluation"]["objection"];
    assert_eq!(objection["state"], "OPEN");
    objection["id"].as_str().unwrap().to_owned()
}

fn uphold(id: &str, commit: bool) -> Value {
    json!({ "input": { "objection": id, "uphold": true, "decision": "经核对台账，化解数更正为96宗", "onBehalfOf": "office",
        "figures": [{ "indicator": "petition_resolved_count", "value": 96.0 }], "commit": commit } })
}

/// Of what is moved: the score before and after, the rank before and after.
fn score_and_rank(moved: &Value) -> Value {
    let keys = ["scoreBefore", "scoreAfter", "rankBefore", "rankAfter"];
    keys.iter().map(|key| moved[key].clone()).collect()
}

async fn an_upheld_objection_revises_and_tells_what_it_moves(db: TestDb) {
    let app = serve(&db).await;
    let run = publish(&app).await;
    let id = object(&app).await;
    let before = db.contents().await;
    let dry = app.data(DECIDE, uphold(&id, false)).await["decideObjection"].clone();
    assert_eq!(db.contents().await, before, "a dry run writes nothing");
    // 96 % gives 3.6 of 4: from 8.50 to 9.10, past 翠竹 with 8.67.
    let moved = dry["moved"].as_array().unwrap();
    assert_eq!(moved[0]["orgUnit"]["code"], SUNGANG);
    assert_eq!(score_and_rank(&moved[0]), json!([8.5, 9.1, 2, 1]));
    assert_eq!(moved.len(), 2, "and the one it passes");
    let done = app.data(DECIDE, uphold(&id, true)).await["decideObjection"].clone();
    assert_eq!(done["moved"], dry["moved"]);
    assert_eq!(
        json!([done["committed"], done["objection"]["state"]]),
        json!([true, "UPHELD"])
    );
    // The figure is a revision with the reason APPEAL, and the sealed run is what it was.
    let revisions = "{ observations(filter: { indicators: { codes: [\"petition_resolved_count\"] }, orgs: { codes: [\"shenzhen-luohu-sungang\"] }, period: \"2025\" }) { edges { node { value revision reason } } } }";
    let data = app.data(revisions, json!({})).await;
    assert_eq!(
        data["observations"]["edges"][0]["node"],
        json!({ "value": 96.0, "revision": 2, "reason": "APPEAL" })
    );
    let query = "query ($id: ID!) { evaluationRun(id: $id) { verification { verdict } } }";
    let sealed = app.data(query, json!({ "id": run })).await;
    assert_eq!(sealed["evaluationRun"]["verification"]["verdict"], "REPRODUCED");
    let again = app.query(DECIDE, uphold(&id, true)).await;
    assert_eq!(again["errors"][0]["extensions"]["code"], "CONFLICT");
}

async fn a_dismissed_objection_changes_nothing(db: TestDb) {
    let app = serve(&db).await;
    let id = object(&app).await;
    let dismiss = json!({ "input": { "objection": id, "uphold": false, "decision": "台账与上报一致", "onBehalfOf": "office", "commit": true } });
    let mut with_figures = uphold(&id, true);
    with_figures["input"]["uphold"] = json!(false);
    let refused = app.query(DECIDE, with_figures).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    let stranger = json!({ "input": { "objection": id, "uphold": true, "decision": "改", "onBehalfOf": "office",
        "figures": [{ "indicator": "reform_measure_count", "value": 9.0 }], "commit": true } });
    let refused = app.query(DECIDE, stranger).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
        "that indicator has no say in the criterion"
    );
    let done = app.data(DECIDE, dismiss).await["decideObjection"].clone();
    assert_eq!(
        json!([done["objection"]["state"], done["moved"]]),
        json!(["DISMISSED", []])
    );
    let listed = app
        .data(
            "{ objections(framework: \"small\", period: \"2025\") { state decision } }",
            json!({}),
        )
        .await;
    assert_eq!(
        listed["objections"],
        json!([{ "state": "DISMISSED", "decision": "台账与上报一致" }])
    );
}

/// Whoever may read a part only learns nothing of the others by trying values.
async fn a_part_is_told_no_ranks_beforehand(db: TestDb) {
    let app = serve(&db).await;
    let id = object(&app).await;
    let token = hire(app.service(), "reviewer", Role::Reviewer, Some(SUNGANG), None).await;
    let header = bearer(&token);
    let headers = [("content-type", "application/json"), ("authorization", header.as_str())];
    let body = json!({ "query": DECIDE, "variables": uphold(&id, false) }).to_string();
    let told = app.raw_post(&headers, body).await.json();
    let moved = told["data"]["decideObjection"]["moved"]
        .as_array()
        .unwrap_or_else(|| panic!("{told}"));
    assert_eq!(moved.len(), 1, "{told}");
    assert_eq!(score_and_rank(&moved[0]), json!([8.5, 9.1, null, null]));
}

async fn two_decisions_at_once_give_one_winner(db: TestDb) {
    let app = serve(&db).await;
    // Two servers on one database: nothing but the database can tell them apart.
    let second = TestApp::start(&db).await;
    let marks = async || db.contents().await["evaluation_mark"].len();
    let batches = async || db.contents().await["import_batch"].len();
    for round in 0..6 {
        let id = object(&app).await;
        let dismiss = json!({ "input": { "objection": id, "uphold": false, "decision": "一致", "commit": true } });
        let figure = |value: f64| {
            let mut decision = uphold(&id, true);
            decision["input"]["figures"][0]["value"] = json!(value);
            decision
        };
        let value = 90.0 + f64::from(round);
        let points =
            json!({ "input": { "objection": id, "uphold": true, "decision": "改", "points": 2.0, "commit": true } });
        let (first, other) = match round % 3 {
            0 => (dismiss.clone(), dismiss),
            1 => (points, dismiss),
            _ => (figure(value), figure(value + 1.0)),
        };
        let before = (marks().await, batches().await);
        let (one, other) = tokio::join!(app.query(DECIDE, first), second.query(DECIDE, other));
        let refused: Vec<&Value> = [&one, &other]
            .into_iter()
            .filter(|answer| answer["errors"].is_array())
            .collect();
        assert_eq!(refused.len(), 1, "{one} {other}");
        assert_eq!(
            refused[0]["errors"][0]["extensions"]["code"], "CONFLICT",
            "{one} {other}"
        );
        // What the loser would have written is not there.
        let is_upheld = one["data"]["decideObjection"]["objection"]["state"] == "UPHELD";
        let written = (marks().await - before.0, batches().await - before.1);
        let expected = match round % 3 {
            0 => (0, 0),
            1 => (usize::from(is_upheld), 0),
            _ => (0, 1),
        };
        assert_eq!(written, expected, "{one} {other}");
    }
}
