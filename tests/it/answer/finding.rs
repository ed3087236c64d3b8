//! Findings: over the published figures, and each kind.

use serde_json::{Value, json};
use tests::db::TestDb;
use tests::suite;

use super::{CUIZHU, GUANHU, SUNGANG, serve, take};

suite!(Figures: the_published_figures_are_questioned_where_they_are_odd);
suite!(Catalog: figures_that_contradict_each_other_are_found);

const ASK: &str = "query ($filter: FindingFilter) { findings(filter: $filter) { kind severity indicator { code } stated expected cause cells { orgUnit { code } period } text en: text(locale: EN) } }";

async fn the_published_figures_are_questioned_where_they_are_odd(db: TestDb) {
    let app = tests::app::TestApp::start(&db).await;
    let data = app
        .data(ASK, json!({ "filter": { "orgs": { "codes": [SUNGANG] } } }))
        .await;
    let of = |kind: &str| -> Vec<Value> {
        data["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["kind"] == kind)
            .cloned()
            .collect()
    };
    let printed = of("PRINTED_DIFFERS");
    assert_eq!(printed.len(), 1);
    assert_eq!(
        json!([
            printed[0]["stated"],
            printed[0]["expected"],
            printed[0]["cause"],
            printed[0]["severity"]
        ]),
        json!([97.0, 97.5, "TRUNCATED", "INFO"])
    );
    assert_eq!(
        printed[0]["text"],
        "深圳市罗湖区笋岗街道2021年1—9月“信访化解率”公布为 97%，按分子分母计算为 97.5%，疑为截尾。"
    );
    // Nine months stand where a year belongs.
    let unlike: Vec<_> = of("UNLIKE_PERIOD")
        .iter()
        .map(|finding| finding["indicator"]["code"].clone())
        .collect();
    assert!(unlike.contains(&json!("petition_received_count")), "{unlike:?}");
    // Of all published ratios with both parts this is the only one that does not come out as printed, and its cause is told.
    let all = app
        .data(ASK, json!({ "filter": { "kinds": ["PRINTED_DIFFERS"] } }))
        .await;
    assert_eq!(all["findings"], json!(printed));
    let bad = app
        .data(
            ASK,
            json!({ "filter": { "severity": "ERROR", "orgs": { "codes": [SUNGANG] } } }),
        )
        .await;
    assert_eq!(bad["findings"], json!([]));
}

async fn figures_that_contradict_each_other_are_found(db: TestDb) {
    let count = "admin_litigation_count";
    let (received, resolved) = ("petition_received_count", "petition_resolved_count");
    let app = serve(
        &db,
        &[
            (count, "shenzhen-luohu", "2025", "30", "宗"),
            (count, SUNGANG, "2025", "4", "宗"),
            (count, CUIZHU, "2025", "1", "宗"),
            (count, GUANHU, "2025", "9", "宗"),
            (count, GUANHU, "2025-S1", "4", "宗"),
            (count, GUANHU, "2025-S2", "6", "宗"),
            (received, GUANHU, "2024", "1000", "宗"),
            (resolved, GUANHU, "2024", "500", "宗"),
            (received, GUANHU, "2025", "100", "宗"),
            (resolved, GUANHU, "2025", "90", "宗"),
        ],
    )
    .await;
    let found = app.data(ASK, json!({ "filter": { "period": "2025" } })).await;
    let told = |kind: &str, indicator: &str| -> Value {
        let finding = found["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|finding| finding["kind"] == kind && finding["indicator"]["code"] == indicator);
        let finding = finding.unwrap_or_else(|| panic!("{kind} of {indicator} in {found:#}"));
        json!([
            finding["cells"][0]["orgUnit"]["code"],
            finding["stated"],
            finding["expected"]
        ])
    };
    assert_eq!(told("PARENT_DIFFERS", count), json!(["shenzhen-luohu", 30.0, 5.0]));
    assert_eq!(told("PARTS_DIFFER", count), json!([GUANHU, 9.0, 10.0]));
    assert_eq!(told("JUMP", "petition_resolution_rate"), json!([GUANHU, 90.0, 50.0]));
    assert_eq!(
        told("DENOMINATOR_FELL", "petition_resolution_rate"),
        json!([GUANHU, null, null])
    );
    let narrow = app.data(ASK, json!({ "filter": { "kinds": ["PARTS_DIFFER"] } })).await;
    assert_eq!(narrow["findings"].as_array().unwrap().len(), 1);
    // What was mended is found no more.
    take(&app, &[(count, GUANHU, "2025-S2", "5", "宗")], Default::default()).await;
    let mended = app.data(ASK, json!({ "filter": { "kinds": ["PARTS_DIFFER"] } })).await;
    assert_eq!(mended["findings"], json!([]));
}
