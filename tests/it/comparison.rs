//! Year over year through the API: the published figures come out as printed, and every hole has its reason.

use api::service::access::Caller;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

suite!(Figures: published_pairs_come_out_as_printed, every_hole_has_its_reason, money_is_kept_in_yuan_and_read_in_ten_thousands, a_printed_rate_stands_beside_the_computed_one, a_correction_is_seen_at_once_and_the_old_answer_stays, the_grid_asked_for_decides_the_rows);

const COMPARE: &str = "query ($indicators: [String!], $orgs: [String!], $period: Period!) {
  compare(input: { indicators: { codes: $indicators }, orgs: { codes: $orgs }, period: $period }) {
    basePeriod
    rows {
      indicator { code } orgUnit { code }
      current { value status reason printed display numerator denominator flags coverage { present expected missing } }
      base { value status reason }
      change { absolute percent percentagePoints direction judgement reason text en: text(locale: EN) }
    }
  }
}";

/// The only row of a comparison.
async fn row(app: &TestApp, indicator: &str, org: &str, period: &str) -> Value {
    let data = app
        .client()
        .data(
            COMPARE,
            json!({ "indicators": [indicator], "orgs": [org], "period": period }),
        )
        .await;
    let rows = data["compare"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    rows[0].clone()
}

const GUANHU: &str = "shenzhen-longhua-guanhu";
const SUNGANG: &str = "shenzhen-luohu-sungang";

/// Indicator, organisation, period, current, base, and the printed growth.
const PUBLISHED: [(&str, &str, &str, f64, f64, f64); 10] = [
    ("admin_litigation_count", GUANHU, "2025", 11.0, 5.0, 120.0),
    (
        "admin_reconsideration_application_count",
        GUANHU,
        "2025",
        6.0,
        5.0,
        20.0,
    ),
    ("first_agenda_study_count", GUANHU, "2025", 46.0, 58.0, -20.69),
    ("leader_law_report_count", "shenzhen-luohu", "2025", 256.0, 227.0, 12.78),
    (
        "court_admin_cases_received",
        "qingdao-courts",
        "2020",
        7976.0,
        6593.0,
        20.98,
    ),
    (
        "court_admin_cases_concluded",
        "qingdao-courts",
        "2020",
        7982.0,
        6803.0,
        17.33,
    ),
    (
        "admin_litigation_street_defendant_count",
        "qingdao-courts",
        "2020",
        366.0,
        192.0,
        90.63,
    ),
    (
        "court_admin_cases_received",
        "qingdao-courts-intermediate",
        "2020",
        1577.0,
        1224.0,
        28.84,
    ),
    (
        "court_admin_cases_concluded",
        "qingdao-courts-intermediate",
        "2020",
        1561.0,
        1254.0,
        24.48,
    ),
    (
        "admin_litigation_first_instance_count",
        "qingdao-courts-intermediate",
        "2020",
        599.0,
        320.0,
        87.19,
    ),
];

async fn published_pairs_come_out_as_printed(db: TestDb) {
    let app = TestApp::start(&db).await;
    for (indicator, org, period, now, before, percent) in PUBLISHED {
        let row = row(&app, indicator, org, period).await;
        let found = [
            &row["current"]["value"],
            &row["base"]["value"],
            &row["change"]["absolute"],
            &row["change"]["percent"],
        ];
        assert_eq!(
            found,
            [&json!(now), &json!(before), &json!(now - before), &json!(percent)],
            "{indicator} of {org}"
        );
        assert_eq!(row["change"]["reason"], "OK");
    }
    let told = row(&app, "court_admin_cases_received", "qingdao-courts", "2020").await;
    assert_eq!(told["change"]["text"], "同比增长 20.98%");
    assert_eq!(told["change"]["en"], "up 20.98% from a year earlier");
}

async fn every_hole_has_its_reason(db: TestDb) {
    let app = TestApp::start(&db).await;
    for rate in ["law_exam_participation_rate", "law_exam_excellent_rate"] {
        let row = row(&app, rate, GUANHU, "2025").await;
        let change = json!([
            row["change"]["percentagePoints"],
            row["change"]["direction"],
            row["change"]["percent"],
            row["change"]["absolute"]
        ]);
        assert_eq!(change, json!([0.0, "FLAT", null, null]), "{rate}");
    }
    let lectures = row(&app, "law_lecture_count", GUANHU, "2025").await;
    assert_eq!(lectures["change"]["reason"], "DEFINITION_CHANGED");
    assert_eq!(
        json!([
            lectures["change"]["absolute"],
            lectures["change"]["percent"],
            lectures["change"]["direction"]
        ]),
        json!([-5.0, null, null])
    );
    let lost = row(&app, "admin_litigation_lost_count", GUANHU, "2025").await;
    assert_eq!(
        json!([
            lost["current"]["value"],
            lost["base"]["reason"],
            lost["change"]["reason"]
        ]),
        json!([0.0, "BASE_MISSING", "BASE_MISSING"])
    );
    let none = row(&app, "normative_document_issued_count", SUNGANG, "2021").await;
    assert_eq!(
        json!([none["current"]["value"], none["base"]["value"]]),
        json!([0.0, 0.0])
    );
    assert_eq!(
        json!([
            none["change"]["absolute"],
            none["change"]["percent"],
            none["change"]["direction"]
        ]),
        json!([0.0, 0.0, "FLAT"])
    );
    for mediation in [
        "mediation_accepted_count",
        "mediation_successful_count",
        "mediation_success_rate",
    ] {
        let silent = row(&app, mediation, SUNGANG, "2021").await;
        assert_eq!(
            json!([silent["current"]["value"], silent["current"]["status"]]),
            json!([null, "MISSING"]),
            "{mediation}"
        );
        assert_eq!(silent["change"]["reason"], "CURRENT_MISSING");
    }
    // Eleven months of 2024 stand against no year, and are named as what they are.
    let agenda = row(&app, "first_agenda_study_count", "shenzhen-luohu-cuizhu", "2024").await;
    assert_eq!(
        json!([
            agenda["current"]["value"],
            agenda["current"]["reason"],
            agenda["change"]["reason"]
        ]),
        json!([null, "PERIOD_MISMATCH", "PERIOD_MISMATCH"])
    );
}

async fn money_is_kept_in_yuan_and_read_in_ten_thousands(db: TestDb) {
    let app = TestApp::start(&db).await;
    let budget = row(&app, "legal_advisor_budget", SUNGANG, "2021").await;
    assert_eq!(
        json!([
            budget["current"]["value"],
            budget["current"]["display"],
            budget["current"]["printed"]
        ]),
        json!([98000.0, "9.8 万元", "9.8"])
    );
    assert_eq!(
        json!([budget["base"]["value"], budget["change"]["reason"]]),
        json!([null, "BASE_MISSING"])
    );
}

async fn a_printed_rate_stands_beside_the_computed_one(db: TestDb) {
    let app = TestApp::start(&db).await;
    let query = "query ($period: Period!) { compare(input: { indicators: { codes: [\"petition_resolution_rate\"] }, orgs: { codes: [\"shenzhen-luohu-sungang\"] }, period: $period }) {
        rows { current { value reported printed numerator denominator status flags reason discrepancy { reported computed difference cause } sources { printed source { title } } } change { reason } } } }";
    let nine_months =
        app.client().data(query, json!({ "period": "2021-01/2021-09" })).await["compare"]["rows"][0]["current"].clone();
    assert_eq!(
        json!([
            nine_months["value"],
            nine_months["reported"],
            nine_months["printed"],
            nine_months["numerator"],
            nine_months["denominator"]
        ]),
        json!([97.5, 97.0, "97", 702.0, 720.0])
    );
    assert_eq!(
        nine_months["discrepancy"],
        json!({ "reported": 97.0, "computed": 97.5, "difference": -0.5, "cause": "TRUNCATED" })
    );
    assert_eq!(nine_months["flags"], json!(["DISCREPANCY"]));
    let mut printed: Vec<&str> = nine_months["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|source| source["printed"].as_str().unwrap())
        .collect();
    printed.sort_unstable();
    assert_eq!(printed, ["702", "720", "97"]);
    let year = app.client().data(query, json!({ "period": "2021" })).await["compare"]["rows"][0].clone();
    assert_eq!(
        json!([
            year["current"]["value"],
            year["current"]["reason"],
            year["change"]["reason"]
        ]),
        json!([null, "PERIOD_MISMATCH", "PERIOD_MISMATCH"])
    );
}

async fn a_correction_is_seen_at_once_and_the_old_answer_stays(db: TestDb) {
    use api::service::import::Options;
    use entity::choice::RevisionReason;
    let (app, other) = (TestApp::start(&db).await, TestApp::start(&db).await);
    let ask = "query ($asOf: DateTime) { compare(input: { indicators: { codes: [\"admin_litigation_count\"] }, orgs: { codes: [\"shenzhen-longhua-guanhu\"] }, period: \"2025\", asOf: $asOf }) { asOf rows { current { value } change { percent } } } }";
    let before = app.client().data(ask, json!({})).await["compare"].clone();
    assert_eq!(before["rows"][0]["current"]["value"], 11.0);
    let correction = "indicator,org,period,value,unit\nadmin_litigation_count,shenzhen-longhua-guanhu,2025,10,宗\n";
    let options = Options {
        commit: true,
        caller: Caller::operator("test"),
        reason: Some(RevisionReason::Error),
        again: false,
        ..Options::default()
    };
    app.service()
        .import("correction.csv", correction.as_bytes(), &options)
        .await
        .unwrap();
    for server in [&app, &other] {
        let now = server.client().data(ask, json!({})).await["compare"].clone();
        assert_eq!(
            json!([now["rows"][0]["current"]["value"], now["rows"][0]["change"]["percent"]]),
            json!([10.0, 100.0])
        );
        let then = server.client().data(ask, json!({ "asOf": before["asOf"] })).await["compare"].clone();
        assert_eq!(then, before);
    }
    let revisions = "query ($asOf: DateTime) { observations(asOf: $asOf, filter: { indicators: { codes: [\"admin_litigation_count\"] }, orgs: { codes: [\"shenzhen-longhua-guanhu\"] }, period: \"2025\" }) { totalCount nodes { value revision supersededAt } } }";
    let now = app.client().data(revisions, json!({})).await["observations"].clone();
    assert_eq!(
        now,
        json!({ "totalCount": 1, "nodes": [{ "value": 10.0, "revision": 2, "supersededAt": null }] })
    );
    let then = app.client().data(revisions, json!({ "asOf": before["asOf"] })).await["observations"].clone();
    assert_eq!(
        json!([
            then["totalCount"],
            then["nodes"][0]["value"],
            then["nodes"][0]["revision"]
        ]),
        json!([1, 11.0, 1])
    );
}

async fn the_grid_asked_for_decides_the_rows(db: TestDb) {
    let app = TestApp::start(&db).await;
    let all = "{ compare(input: { indicators: { theme: \"disputes\" }, orgs: { within: \"shenzhen\", level: STREET }, period: \"2025\" }) { rows { indicator { code } orgUnit { code } } } }";
    let data = app.client().data(all, json!({})).await;
    let rows = data["compare"]["rows"].as_array().unwrap();
    let counts = "{ indicators(theme: \"disputes\", first: 0) { totalCount } orgUnits(select: { within: \"shenzhen\", level: STREET }, first: 0) { totalCount } }";
    let counts = app.client().data(counts, json!({})).await;
    let cells =
        counts["indicators"]["totalCount"].as_u64().unwrap() * counts["orgUnits"]["totalCount"].as_u64().unwrap();
    assert!(cells > 0);
    assert_eq!(rows.len() as u64, cells);
    // Codes answer in their own order, each once.
    let data = app
        .client()
        .data(COMPARE, json!({ "indicators": ["law_lecture_count", "admin_litigation_count"], "orgs": [GUANHU, SUNGANG, GUANHU], "period": "2025" }))
        .await;
    let order: Vec<String> = data["compare"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            format!(
                "{} {}",
                row["indicator"]["code"].as_str().unwrap(),
                row["orgUnit"]["code"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        order,
        [
            format!("law_lecture_count {GUANHU}"),
            format!("law_lecture_count {SUNGANG}"),
            format!("admin_litigation_count {GUANHU}"),
            format!("admin_litigation_count {SUNGANG}"),
        ]
    );
}
