//! Rankings and decompositions.

use serde_json::json;
use tests::db::TestDb;
use tests::suite;

use super::{CUIZHU, GUANHU, MINZHI, SUNGANG, serve};

suite!(Catalog: ties_share_a_rank_and_who_is_left_out_is_named, a_rate_is_ranked_by_its_polarity_with_bands, a_change_is_taken_apart_exactly, more_rows_need_no_more_queries, items_stand_beside_their_total);

const RECEIVED: &str = "petition_received_count";
const RESOLVED: &str = "petition_resolved_count";

async fn ties_share_a_rank_and_who_is_left_out_is_named(db: TestDb) {
    let count = "admin_litigation_count";
    let app = serve(
        &db,
        &[
            (count, GUANHU, "2025", "11", "宗"),
            (count, SUNGANG, "2025", "4", "宗"),
            (count, CUIZHU, "2025", "4", "宗"),
            (count, GUANHU, "2024", "1", "宗"),
            (count, SUNGANG, "2024", "9", "宗"),
            (count, MINZHI, "2025-01/2025-09", "3", "宗"),
        ],
    )
    .await;
    let query = "query ($codes: [String!]) { ranking(input: { indicator: \"admin_litigation_count\", orgs: { codes: $codes }, period: \"2025\" }) { judged median
        rows { rank tied percentile quartile previousRank movement orgUnit { code } value { value sources { printed } } } excluded { reason orgUnit { code } } } }";
    let data = app
        .data(query, json!({ "codes": [GUANHU, SUNGANG, CUIZHU, MINZHI] }))
        .await;
    let row = |rank, tied, percentile, quartile, previous: Option<i32>, movement: Option<i32>, org, value: f64| {
        json!({ "rank": rank, "tied": tied, "percentile": percentile, "quartile": quartile, "previousRank": previous, "movement": movement,
            "orgUnit": { "code": org }, "value": { "value": value, "sources": [{ "printed": value.to_string() }] } })
    };
    let ranking = &data["ranking"];
    // The indicator is neutral: by size, and said so.
    assert_eq!(json!([ranking["judged"], ranking["median"]]), json!([false, 4.0]));
    assert_eq!(
        ranking["rows"],
        json!([
            row(1, false, 100.0, 1, Some(2), Some(1), GUANHU, 11.0),
            row(2, true, 0.0, 4, Some(1), Some(-1), SUNGANG, 4.0),
            row(2, true, 0.0, 4, None, None, CUIZHU, 4.0),
        ])
    );
    assert_eq!(
        ranking["excluded"],
        json!([{ "reason": "PERIOD_MISMATCH", "orgUnit": { "code": MINZHI } }])
    );
}

async fn a_rate_is_ranked_by_its_polarity_with_bands(db: TestDb) {
    let app = serve(
        &db,
        &[
            (RECEIVED, GUANHU, "2025", "100", "宗"),
            (RESOLVED, GUANHU, "2025", "97", "宗"),
            (RECEIVED, SUNGANG, "2025", "100", "宗"),
            (RESOLVED, SUNGANG, "2025", "95", "宗"),
            (RECEIVED, CUIZHU, "2025", "1000", "宗"),
            (RESOLVED, CUIZHU, "2025", "600", "宗"),
            (RECEIVED, MINZHI, "2025", "3", "宗"),
            (RESOLVED, MINZHI, "2025", "3", "宗"),
        ],
    )
    .await;
    let query = "query ($codes: [String!]) { ranking(input: { indicator: \"petition_resolution_rate\", orgs: { codes: $codes }, period: \"2025\", minimumDenominator: 10 }) { judged
        rows { rank band orgUnit { code } } excluded { reason orgUnit { code } } } }";
    let data = app
        .data(query, json!({ "codes": [CUIZHU, SUNGANG, GUANHU, MINZHI] }))
        .await;
    // 97 and 95 of a hundred cannot be told apart.
    let row = |rank, band, org| json!({ "rank": rank, "band": band, "orgUnit": { "code": org } });
    assert_eq!(
        data["ranking"],
        json!({ "judged": true, "rows": [row(1, 1, GUANHU), row(2, 1, SUNGANG), row(3, 2, CUIZHU)],
            "excluded": [{ "reason": "BELOW_MINIMUM", "orgUnit": { "code": MINZHI } }] })
    );
    let refused = app
        .query("{ ranking(input: { indicator: \"petition_received_count\", orgs: {}, period: \"2025\", minimumDenominator: 1 }) { judged } }", json!({}))
        .await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

async fn a_change_is_taken_apart_exactly(db: TestDb) {
    let app = serve(
        &db,
        &[
            (RECEIVED, SUNGANG, "2024", "100", "宗"),
            (RESOLVED, SUNGANG, "2024", "90", "宗"),
            (RECEIVED, SUNGANG, "2025", "100", "宗"),
            (RESOLVED, SUNGANG, "2025", "90", "宗"),
            (RECEIVED, CUIZHU, "2024", "100", "宗"),
            (RESOLVED, CUIZHU, "2024", "50", "宗"),
            (RECEIVED, CUIZHU, "2025", "300", "宗"),
            (RESOLVED, CUIZHU, "2025", "150", "宗"),
        ],
    )
    .await;
    let query = "query ($indicator: String!) { decompose(input: { indicator: $indicator, org: \"shenzhen-luohu\", period: \"2025\" }) { total residual
        contributions { orgUnit { code } presence contribution share rateEffect mixEffect } } }";
    let count = app.data(query, json!({ "indicator": RECEIVED })).await["decompose"].clone();
    assert_eq!(json!([count["total"], count["residual"]]), json!([200.0, 0.0]));
    let parts = |answer: &serde_json::Value| -> Vec<serde_json::Value> {
        answer["contributions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|part| part["presence"] == "BOTH")
            .cloned()
            .collect()
    };
    assert_eq!(
        json!(
            parts(&count)
                .iter()
                .map(|part| &part["contribution"])
                .collect::<Vec<_>>()
        ),
        json!([0.0, 200.0])
    );
    // Neither rate moved: the whole fell from 70 % to 60 % by the mix alone.
    let rate = app
        .data(query, json!({ "indicator": "petition_resolution_rate" }))
        .await["decompose"]
        .clone();
    assert_eq!(json!([rate["total"], rate["residual"]]), json!([-10.0, 0.0]));
    assert!(parts(&rate).iter().all(|part| part["rateEffect"] == 0.0));
    let mix: f64 = parts(&rate)
        .iter()
        .map(|part| part["mixEffect"].as_f64().unwrap())
        .sum();
    assert!((mix + 10.0).abs() < 1e-9);
    let refused = app.query(query, json!({ "indicator": "law_exam_pass_rates" })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND");
}

async fn more_rows_need_no_more_queries(db: TestDb) {
    let app = serve(
        &db,
        &[
            (RECEIVED, SUNGANG, "2025", "7", "宗"),
            (RECEIVED, CUIZHU, "2025", "8", "宗"),
            (RECEIVED, GUANHU, "2025", "9", "宗"),
        ],
    )
    .await;
    let query = "query ($codes: [String!]) { ranking(input: { indicator: \"petition_received_count\", orgs: { codes: $codes }, period: \"2025\" }) { rows { value { printed sources { printed source { title } } } } } }";
    let mut sent = Vec::new();
    for codes in [vec![SUNGANG], vec![SUNGANG, CUIZHU, GUANHU]] {
        app.data(query, json!({ "codes": codes })).await;
        let before = app.service().db().queries();
        app.data(query, json!({ "codes": codes })).await;
        sent.push(app.service().db().queries() - before);
    }
    assert_eq!(sent[0], sent[1]);
}

async fn items_stand_beside_their_total(db: TestDb) {
    let app = tests::app::TestApp::start(&db).await;
    let catalog = app.service().snapshot().await.unwrap();
    let item = |place: usize| {
        let mut items: Vec<_> = catalog.catalog.items().collect();
        items.sort_by_key(|item| (item.breakdown_id, item.id));
        let breakdown = catalog.catalog.breakdown(items[place].breakdown_id).unwrap();
        (breakdown.code.clone(), items[place].code.clone())
    };
    let ((breakdown, one), (same, two)) = (item(0), item(1));
    assert_eq!(breakdown, same);
    let file = format!(
        "indicator,org,period,breakdown,value,unit\n{RECEIVED},{GUANHU},2025,,10,宗\n{RECEIVED},{GUANHU},2025,{breakdown}={one},8,宗\n{RECEIVED},{GUANHU},2025,{breakdown}={two},5,宗\n"
    );
    let options = api::service::import::Options {
        commit: true,
        caller: api::service::access::Caller::operator("tester"),
        ..Default::default()
    };
    app.service()
        .import("items.csv", file.as_bytes(), &options)
        .await
        .unwrap();
    let query = "query ($indicators: [String!], $orgs: [String!]) { compare(input: { indicators: { codes: $indicators }, orgs: { codes: $orgs }, period: \"2025\" }) { rows { current { value breakdowns { breakdown total sum residual items { code value status } } } } }
        findings(filter: { kinds: [BREAKDOWN_EXCEEDS] }) { stated expected } }";
    let data = app
        .data(query, json!({ "indicators": [RECEIVED], "orgs": [GUANHU] }))
        .await;
    let current = &data["compare"]["rows"][0]["current"];
    // Thirteen of ten: joint handling, told and not mended.
    assert_eq!(current["value"], 10.0);
    let items =
        json!([{ "code": one, "value": 8.0, "status": "NORMAL" }, { "code": two, "value": 5.0, "status": "NORMAL" }]);
    assert_eq!(
        current["breakdowns"],
        json!([{ "breakdown": breakdown, "total": 10.0, "sum": 13.0, "residual": -3.0, "items": items }])
    );
    assert_eq!(data["findings"], json!([{ "stated": 10.0, "expected": 13.0 }]));
}
