//! Targets: imported like figures, kept apart from them, and a baseline.

use api::service::import::{Content, ImportError, Options};
use serde_json::json;
use tests::db::TestDb;
use tests::suite;

use super::{GUANHU, SUNGANG, serve, take};

suite!(Catalog: a_target_is_a_baseline_and_no_figure, a_target_has_no_status_and_no_breakdown);

async fn a_target_is_a_baseline_and_no_figure(db: TestDb) {
    let count = "law_lecture_count";
    let app = serve(&db, &[(count, GUANHU, "2025", "6", "场")]).await;
    let ask = "query ($org: String!, $asOf: DateTime) { compare(input: { indicators: { codes: [\"law_lecture_count\"] }, orgs: { codes: [$org] }, period: \"2025\", baseline: TARGET, asOf: $asOf }) { asOf basePeriod
        rows { base { value printed reason sources { observationId printed } } change { absolute reason text } } } }";
    take(&app, &[(count, GUANHU, "2025", "8", "场")], Content::Targets).await;
    let before = app.data(ask, json!({ "org": GUANHU })).await["compare"].clone();
    assert_eq!(
        before["rows"][0],
        json!({ "base": { "value": 8.0, "printed": "8", "reason": null, "sources": [{ "observationId": null, "printed": "8" }] },
            "change": { "absolute": -2.0, "reason": "OK", "text": "较目标下降 25.00%" } })
    );
    let none = app.data(ask, json!({ "org": SUNGANG })).await["compare"]["rows"][0].clone();
    assert_eq!(none["base"]["reason"], "BASE_MISSING");
    // A target is never served as a figure, and an old answer can be asked for again.
    let figures = app.data("{ observations { totalCount } }", json!({})).await;
    assert_eq!(figures["observations"]["totalCount"], 1);
    take(&app, &[(count, GUANHU, "2025", "5", "场")], Content::Targets).await;
    let now = app.data(ask, json!({ "org": GUANHU })).await["compare"].clone();
    assert_eq!(now["rows"][0]["change"]["absolute"], 1.0);
    let then = app.data(ask, json!({ "org": GUANHU, "asOf": before["asOf"] })).await["compare"].clone();
    assert_eq!(then["rows"], before["rows"]);
}

async fn a_target_has_no_status_and_no_breakdown(db: TestDb) {
    let app = tests::app::TestApp::start(&db).await;
    let file = "indicator,org,period,value,unit,status,flags\nlaw_lecture_count,shenzhen-longhua-guanhu,2025,6,场,ESTIMATED,BREAK\n";
    let options = Options {
        content: Content::Targets,
        commit: true,
        caller: api::service::access::Caller::operator("tester"),
        ..Options::default()
    };
    let refused = app
        .service()
        .import("targets.csv", file.as_bytes(), &options)
        .await
        .unwrap_err();
    let ImportError::Problems(problems) = refused else {
        panic!("{refused}")
    };
    let columns: Vec<_> = problems
        .iter()
        .filter_map(|problem| problem.column.as_deref())
        .collect();
    assert_eq!(columns, ["flags", "status"]);
}
