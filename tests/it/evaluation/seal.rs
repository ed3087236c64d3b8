//! Sealed runs: the same for ever, verified, caught when one digit is flipped, and asked what would have been.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

use super::{CUIZHU, RESOLVED, SUNGANG, publish, serve, take};

suite!(
    Catalog: a_sealed_run_stays_and_comes_out_again,
    one_flipped_digit_in_any_input_is_caught,
    an_altered_result_is_caught,
    other_weights_on_sealed_data_move_ranks_and_store_nothing,
    a_draft_cannot_be_sealed_and_a_published_version_cannot_change,
);

async fn run(app: &TestApp, id: &str) -> Value {
    let query = "query ($id: ID!) { evaluationRun(id: $id) { hash intact result { asOf units { orgUnit { code } standing { score rank } } } verification { verdict differences } } }";
    app.data(query, json!({ "id": id })).await["evaluationRun"].clone()
}

async fn a_sealed_run_stays_and_comes_out_again(db: TestDb) {
    let app = serve(&db).await;
    let id = publish(&app).await;
    let sealed = run(&app, &id).await;
    assert_eq!(
        json!([sealed["intact"], sealed["verification"]["verdict"]]),
        json!([true, "REPRODUCED"])
    );
    // A correction after it moves what is asked now, and nothing of the run.
    take(&app, &[(RESOLVED, SUNGANG, "2025", "100", "宗")]).await;
    let mark = "mutation ($input: MarkEvaluationInput!) { markEvaluation(input: $input) { marked } }";
    let input = json!({ "input": { "framework": "small", "period": "2025", "stage": "REVIEW", "onBehalfOf": "office",
        "marks": [{ "org": CUIZHU, "node": "drills", "points": 0.0, "evidence": "无记录" }] } });
    app.data(mark, input).await;
    assert_eq!(run(&app, &id).await, sealed);
    let now = app
        .data(
            "{ evaluation(framework: \"small\", period: \"2025\") { units { orgUnit { code } standing { score } } } }",
            json!({}),
        )
        .await;
    assert_ne!(now["evaluation"]["units"], sealed["result"]["units"]);
    // Asked as of the time of the seal, the evaluation is the sealed one.
    let query = "query ($asOf: DateTime) { evaluation(framework: \"small\", period: \"2025\", asOf: $asOf) { asOf units { orgUnit { code } standing { score rank } } } }";
    let then = app.data(query, json!({ "asOf": sealed["result"]["asOf"] })).await;
    assert_eq!(then["evaluation"]["units"], sealed["result"]["units"]);
    let again = publish(&app).await;
    assert_ne!(run(&app, &again).await["hash"], sealed["hash"]);
}

async fn alter(db: &TestDb, statement: &str) {
    let connection = db.raw().await;
    connection.execute_unprepared(statement).await.unwrap();
    connection.close().await.unwrap();
}

async fn one_flipped_digit_in_any_input_is_caught(db: TestDb) {
    let app = serve(&db).await;
    let mark = "mutation ($input: MarkEvaluationInput!) { markEvaluation(input: $input) { marked } }";
    let input = json!({ "input": { "framework": "small", "period": "2025", "stage": "REVIEW",
        "marks": [{ "org": SUNGANG, "node": "drills", "points": 0.5, "evidence": "演练记录" }] } });
    app.data(mark, input).await;
    let id = publish(&app).await;
    let inputs = [
        (
            "UPDATE observation SET value = 91 WHERE value = 90",
            "UPDATE observation SET value = 90 WHERE value = 91",
        ),
        (
            "UPDATE observation SET value = 81 WHERE value = 80",
            "UPDATE observation SET value = 80 WHERE value = 81",
        ),
        (
            "UPDATE observation SET value = 0.96 WHERE value = 0.95",
            "UPDATE observation SET value = 0.95 WHERE value = 0.96",
        ),
        (
            "UPDATE evaluation_mark SET points = '0.6' WHERE points = '0.5'",
            "UPDATE evaluation_mark SET points = '0.5' WHERE points = '0.6'",
        ),
        (
            "UPDATE framework SET document = replace(document, 'each = \"0.5\"', 'each = \"0.4\"') WHERE code = 'small'",
            "UPDATE framework SET document = replace(document, 'each = \"0.4\"', 'each = \"0.5\"') WHERE code = 'small'",
        ),
    ];
    for (flip, back) in inputs {
        alter(&db, flip).await;
        let found = run(&app, &id).await["verification"].clone();
        assert_eq!(found["verdict"], "DIFFERENT", "{flip}");
        assert!(!found["differences"].as_array().unwrap().is_empty());
        alter(&db, back).await;
        assert_eq!(run(&app, &id).await["verification"]["verdict"], "REPRODUCED", "{back}");
    }
}

async fn an_altered_result_is_caught(db: TestDb) {
    let app = serve(&db).await;
    let id = publish(&app).await;
    let replace =
        "UPDATE evaluation_run SET result = replace(result, '\"published\":\"8.5\"', '\"published\":\"8.6\"')";
    alter(&db, replace).await;
    let found = run(&app, &id).await;
    assert_eq!(
        json!([found["intact"], found["verification"]["verdict"]]),
        json!([false, "ALTERED"])
    );
    assert!(
        found["verification"]["differences"][0]
            .as_str()
            .unwrap()
            .contains("published")
    );
    let answer = app.get(&format!("/export/evaluation/small/2025.json?run={id}")).await;
    assert_eq!(answer.status, 409, "{}", answer.text());
}

async fn other_weights_on_sealed_data_move_ranks_and_store_nothing(db: TestDb) {
    let app = serve(&db).await;
    let id = publish(&app).await;
    let before = db.contents().await;
    let query = "query ($id: ID!, $weights: [WeightInput!]!) { evaluationRun(id: $id) { whatIf(weights: $weights) { moved { orgUnit { code } scoreBefore scoreAfter rankBefore rankAfter } } } }";
    let weight = |node: &str, weight: f64| json!({ "node": node, "weight": weight });
    // Petitions weigh 1 and the exam 6: 笋岗 passes 翠竹.
    let weights = json!([weight("petitions", 1.0), weight("exam", 6.0)]);
    let data = app.data(query, json!({ "id": id, "weights": weights })).await;
    let moved = data["evaluationRun"]["whatIf"]["moved"].as_array().unwrap();
    let sungang = moved.iter().find(|moved| moved["orgUnit"]["code"] == SUNGANG).unwrap();
    // 0.75 + 1 of 3, 7 of 7, and the bonus.
    assert_eq!(
        *sungang,
        json!({ "orgUnit": { "code": SUNGANG }, "scoreBefore": 8.5, "scoreAfter": 9.25, "rankBefore": 2, "rankAfter": 1 })
    );
    let refused = app
        .query(query, json!({ "id": id, "weights": [weight("petitions", 1.0)] }))
        .await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
        "weights must total"
    );
    assert_eq!(db.contents().await, before);
}

async fn a_draft_cannot_be_sealed_and_a_published_version_cannot_change(db: TestDb) {
    let app = serve(&db).await;
    super::define(&app, &super::SMALL.replace("version = \"1\"", "version = \"2\""), false).await;
    let mutation = "mutation { publishEvaluation(input: { framework: \"small\", version: \"2\", period: \"2025\", onBehalfOf: \"office\" }) { run { id } } }";
    let refused = app.query(mutation, json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "CONFLICT");
    let define = "mutation ($input: DefineFrameworkInput!) { defineFramework(input: $input) { changed frameworks { version publishedAt } } }";
    let input = |document: String| json!({ "input": { "document": document, "onBehalfOf": "test" } });
    let refused = app
        .query(define, input(super::SMALL.replace("to = \"100\"", "to = \"99\"")))
        .await;
    let error = refused["errors"][0].clone();
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("is published and never changes"),
        "{error}"
    );
    // The same again is nothing; a draft may change.
    assert_eq!(
        app.data(define, input(super::SMALL.to_owned())).await["defineFramework"]["changed"],
        0
    );
    let draft = super::SMALL
        .replace("version = \"1\"", "version = \"2\"")
        .replace("to = \"100\"", "to = \"99\"");
    assert_eq!(app.data(define, input(draft)).await["defineFramework"]["changed"], 1);
}
