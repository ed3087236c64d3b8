//! From streets to districts and cities through the API: sums, ratios of sums, what is missing, and what the parent says itself.

use api::service::access::Caller;
use api::service::import::Options;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

suite!(Figures: a_caller_may_insist_across_a_break);

suite!(Catalog: a_district_is_the_sum_of_its_streets_and_names_who_is_missing, a_figure_of_its_own_wins_and_the_gap_is_told, rates_are_ratios_of_sums_and_never_averaged, like_for_like_names_whom_it_dropped, other_baselines_have_their_words);

const COMPARE: &str = "query ($input: CompareInput!) { compare(input: $input) { basePeriod rows {
  orgUnit { code } dropped { code }
  current { value status reason flags reportedHere rolledUp gap numerator denominator coverage { present expected missing missingOrgUnits { code } halfOrgUnits { code } } }
  base { value reason }
  change { absolute percent percentagePoints direction reason text en: text(locale: EN) } } } }";

/// A server over the catalogue and some figures.
async fn serve(db: &TestDb, figures: &str) -> TestApp {
    let app = TestApp::start(db).await;
    let file = format!("indicator,org,period,value,unit\n{figures}");
    let options = Options {
        commit: true,
        caller: Caller::operator("test"),
        reason: None,
        again: false,
        ..Options::default()
    };
    app.service()
        .import("figures.csv", file.as_bytes(), &options)
        .await
        .unwrap();
    app
}

async fn row(app: &TestApp, indicator: &str, org: &str, more: Value) -> Value {
    let mut input = json!({ "indicators": { "codes": [indicator] }, "orgs": { "codes": [org] }, "period": "2025" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let data = app.client().data(COMPARE, json!({ "input": input })).await;
    data["compare"]["rows"][0].clone()
}

async fn a_district_is_the_sum_of_its_streets_and_names_who_is_missing(db: TestDb) {
    let app = serve(
        &db,
        "admin_litigation_count,shenzhen-longhua-guanhu,2025,11,宗\n\
         admin_litigation_count,shenzhen-luohu-sungang,2025,4,宗\n\
         admin_litigation_count,shenzhen-luohu-cuizhu,2025,0,宗\n",
    )
    .await;
    let district = row(&app, "admin_litigation_count", "shenzhen-longhua", json!({})).await["current"].clone();
    assert_eq!(
        json!([
            district["value"],
            district["rolledUp"],
            district["reportedHere"],
            district["reason"]
        ]),
        json!([11.0, 11.0, null, null])
    );
    assert_eq!(district["flags"], json!(["INCOMPLETE", "ROLLED_UP"]));
    // The department gave no figure, and none was owed.
    let coverage = json!({ "present": 1, "expected": 2, "missing": ["深圳市龙华区民治街道"], "missingOrgUnits": [{ "code": "shenzhen-longhua-minzhi" }], "halfOrgUnits": [] });
    assert_eq!(district["coverage"], coverage);
    let complete = row(&app, "admin_litigation_count", "shenzhen-luohu", json!({})).await["current"].clone();
    assert_eq!(
        json!([complete["value"], complete["flags"], complete["coverage"]["missing"]]),
        json!([4.0, ["ROLLED_UP"], []])
    );
    let city = row(&app, "admin_litigation_count", "shenzhen", json!({})).await["current"].clone();
    assert_eq!(json!([city["value"], city["coverage"]["present"]]), json!([15.0, 3]));
}

async fn a_figure_of_its_own_wins_and_the_gap_is_told(db: TestDb) {
    let app = serve(
        &db,
        "admin_litigation_count,shenzhen-luohu,2025,30,宗\n\
         admin_litigation_count,shenzhen-luohu-sungang,2025,4,宗\n\
         admin_litigation_count,shenzhen-luohu-cuizhu,2025,1,宗\n",
    )
    .await;
    let district = row(&app, "admin_litigation_count", "shenzhen-luohu", json!({})).await["current"].clone();
    let told = json!([
        district["value"],
        district["reportedHere"],
        district["rolledUp"],
        district["gap"],
        district["flags"]
    ]);
    assert_eq!(told, json!([30.0, 30.0, 5.0, 25.0, []]));
}

async fn rates_are_ratios_of_sums_and_never_averaged(db: TestDb) {
    let app = serve(
        &db,
        "petition_received_count,shenzhen-luohu-sungang,2025,100,宗\n\
         petition_resolved_count,shenzhen-luohu-sungang,2025,100,宗\n\
         petition_received_count,shenzhen-luohu-cuizhu,2025,900,宗\n\
         petition_resolved_count,shenzhen-luohu-cuizhu,2025,450,宗\n\
         petition_received_count,shenzhen-longhua-guanhu,2025,10,宗\n\
         petition_resolved_count,shenzhen-longhua-guanhu,2025,9,宗\n\
         petition_received_count,shenzhen-longhua-minzhi,2025,50,宗\n\
         law_exam_excellent_rate,shenzhen-longhua-guanhu,2025,100,%\n",
    )
    .await;
    let rate = row(&app, "petition_resolution_rate", "shenzhen-luohu", json!({})).await["current"].clone();
    assert_eq!(
        json!([rate["value"], rate["numerator"], rate["denominator"]]),
        json!([55.0, 550.0, 1000.0])
    );
    // Of Minzhi only one part is there: it is listed and not used.
    let half = row(&app, "petition_resolution_rate", "shenzhen-longhua", json!({})).await["current"].clone();
    assert_eq!(
        json!([half["value"], half["numerator"], half["denominator"]]),
        json!([90.0, 9.0, 10.0])
    );
    assert_eq!(
        half["coverage"]["halfOrgUnits"],
        json!([{ "code": "shenzhen-longhua-minzhi" }])
    );
    let printed = row(&app, "law_exam_excellent_rate", "shenzhen-longhua", json!({})).await;
    assert_eq!(
        json!([
            printed["current"]["value"],
            printed["current"]["reason"],
            printed["change"]["reason"]
        ]),
        json!([null, "NOT_AGGREGABLE", "NOT_AGGREGABLE"])
    );
    let derived = row(&app, "petition_unresolved_count", "shenzhen-luohu", json!({})).await["current"].clone();
    assert_eq!(derived["value"], 450.0);
}

async fn like_for_like_names_whom_it_dropped(db: TestDb) {
    let app = serve(
        &db,
        "admin_litigation_count,shenzhen-luohu-sungang,2024,10,宗\n\
         admin_litigation_count,shenzhen-luohu-sungang,2025,12,宗\n\
         admin_litigation_count,shenzhen-luohu-cuizhu,2025,8,宗\n",
    )
    .await;
    let all = row(&app, "admin_litigation_count", "shenzhen-luohu", json!({})).await;
    assert_eq!(
        json!([
            all["current"]["value"],
            all["base"]["value"],
            all["change"]["percent"],
            all["dropped"]
        ]),
        json!([20.0, 10.0, 100.0, []])
    );
    let matched = row(
        &app,
        "admin_litigation_count",
        "shenzhen-luohu",
        json!({ "comparability": "MATCHED" }),
    )
    .await;
    assert_eq!(
        json!([
            matched["current"]["value"],
            matched["base"]["value"],
            matched["change"]["percent"]
        ]),
        json!([12.0, 10.0, 20.0])
    );
    assert_eq!(matched["dropped"], json!([{ "code": "shenzhen-luohu-cuizhu" }]));
}

async fn other_baselines_have_their_words(db: TestDb) {
    let app = serve(
        &db,
        "petition_received_count,shenzhen-luohu-sungang,2023,200,宗\n\
         petition_received_count,shenzhen-luohu-sungang,2025,291,宗\n\
         petition_resolved_count,shenzhen-luohu-sungang,2025,291,宗\n\
         petition_received_count,shenzhen-luohu-cuizhu,2025,100,宗\n\
         petition_resolved_count,shenzhen-luohu-cuizhu,2025,90,宗\n\
         petition_received_count,shenzhen-luohu-sungang,2025-07,30,宗\n\
         petition_received_count,shenzhen-luohu-sungang,2025-08,33,宗\n",
    )
    .await;
    let growth = row(
        &app,
        "petition_received_count",
        "shenzhen-luohu-sungang",
        json!({ "baseline": "AVERAGE_GROWTH", "years": 2 }),
    )
    .await;
    assert_eq!(
        json!([
            growth["change"]["absolute"],
            growth["change"]["percent"],
            growth["change"]["text"]
        ]),
        json!([91.0, 20.62, "2年平均增长 20.62%"])
    );
    let peers = row(
        &app,
        "petition_resolution_rate",
        "shenzhen-luohu-sungang",
        json!({ "baseline": "PEERS" }),
    )
    .await;
    assert_eq!(
        json!([
            peers["base"]["value"],
            peers["change"]["percentagePoints"],
            peers["change"]["text"]
        ]),
        json!([90.0, 10.0, "较同级中位数上升 10 个百分点"])
    );
    let parent = row(
        &app,
        "petition_received_count",
        "shenzhen-luohu-sungang",
        json!({ "baseline": "PARENT" }),
    )
    .await;
    assert_eq!(
        json!([parent["base"]["value"], parent["change"]["en"]]),
        json!([391.0, "down 25.58% from the organisation above"])
    );
    let month = row(
        &app,
        "petition_received_count",
        "shenzhen-luohu-sungang",
        json!({ "period": "2025-08", "baseline": "PREVIOUS_PERIOD" }),
    )
    .await;
    assert_eq!(month["change"]["text"], "环比（2025年7月）增长 10.00%");
    for wrong in [
        json!({ "years": 2 }),
        json!({ "baseline": "AVERAGE_GROWTH" }),
        json!({ "baseline": "AVERAGE_GROWTH", "years": 0 }),
    ] {
        let mut input = json!({ "indicators": {}, "orgs": {}, "period": "2025" });
        input
            .as_object_mut()
            .unwrap()
            .extend(wrong.as_object().unwrap().clone());
        let answer = app.query(COMPARE, json!({ "input": input })).await;
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{answer:#}"
        );
    }
}

async fn a_caller_may_insist_across_a_break(db: TestDb) {
    let app = TestApp::start(&db).await;
    let lectures = |insist: bool| row_of_guanhu(&app, insist);
    assert_eq!(lectures(false).await, json!([-5.0, null, null, "DEFINITION_CHANGED"]));
    assert_eq!(
        lectures(true).await,
        json!([-5.0, -71.43, "DOWN", "DEFINITION_CHANGED"])
    );
}

async fn row_of_guanhu(app: &TestApp, across_breaks: bool) -> Value {
    let row = row(
        app,
        "law_lecture_count",
        "shenzhen-longhua-guanhu",
        json!({ "acrossBreaks": across_breaks }),
    )
    .await;
    json!([
        row["change"]["absolute"],
        row["change"]["percent"],
        row["change"]["direction"],
        row["change"]["reason"]
    ])
}
