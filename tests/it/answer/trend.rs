//! Series and what is available.

use serde_json::json;
use tests::db::TestDb;
use tests::suite;

use super::{GUANHU, SUNGANG, serve};

suite!(Catalog: a_series_is_dense_and_says_what_its_holes_are, what_is_available_is_told_by_period);

const COUNT: &str = "admin_litigation_count";

async fn a_series_is_dense_and_says_what_its_holes_are(db: TestDb) {
    let app = serve(
        &db,
        &[
            (COUNT, GUANHU, "2019", "1", "宗"),
            (COUNT, GUANHU, "2020", "2", "宗"),
            (COUNT, GUANHU, "2022", "5", "宗"),
            (COUNT, GUANHU, "2023", "6", "宗"),
            (COUNT, GUANHU, "2024", "8", "宗"),
            (COUNT, GUANHU, "2025", "9", "宗"),
        ],
    )
    .await;
    let query = "query ($input: TrendInput!) { trend(input: $input) { guard trend { direction slope s points } lastChange { percent text } points { period movingAverage seriesBreak value { value reason } } } }";
    let input = |from: &str, to: &str| json!({ "input": { "indicators": { "codes": [COUNT] }, "orgs": { "codes": [GUANHU] }, "from": from, "to": to, "movingAverage": 2 } });
    let data = app.data(query, input("2019", "2025")).await;
    let series = &data["trend"][0];
    assert_eq!(series["guard"], json!(null));
    assert_eq!(
        json!([
            series["trend"]["direction"],
            series["trend"]["s"],
            series["trend"]["points"]
        ]),
        json!(["UP", 15.0, 6])
    );
    assert_eq!(
        series["lastChange"],
        json!({ "percent": 12.5, "text": "同比增长 12.50%" })
    );
    let points: Vec<_> = series["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| json!([point["period"], point["value"]["value"], point["movingAverage"]]))
        .collect();
    assert_eq!(
        json!(points),
        json!([
            ["2019", 1.0, null],
            ["2020", 2.0, 1.5],
            ["2021", null, null],
            ["2022", 5.0, null],
            ["2023", 6.0, 5.5],
            ["2024", 8.0, 7.0],
            ["2025", 9.0, 8.5]
        ])
    );
    assert_eq!(series["points"][2]["value"]["reason"], "CURRENT_MISSING");
    let few = app.data(query, input("2023", "2025")).await;
    assert_eq!(
        json!([few["trend"][0]["guard"], few["trend"][0]["trend"]]),
        json!(["TOO_FEW_POINTS", null])
    );
    for (from, to) in [("2025", "2019"), ("2019", "2025-Q1"), ("2019-01/2019-05", "2025")] {
        let refused = app.query(query, input(from, to)).await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{from} {to}"
        );
    }
}

async fn what_is_available_is_told_by_period(db: TestDb) {
    let app = serve(
        &db,
        &[
            (COUNT, GUANHU, "2024", "1", "宗"),
            (COUNT, GUANHU, "2025", "2", "宗"),
            (COUNT, SUNGANG, "2025", "0", "宗"),
        ],
    )
    .await;
    let query = "{ availability(filter: { indicators: { codes: [\"admin_litigation_count\", \"law_lecture_count\"] } }) { indicators { indicator { code } observations orgUnits periods { period orgUnits withValue missing } } } }";
    let data = app.data(query, json!({})).await;
    let year = |period, count| json!({ "period": period, "orgUnits": count, "withValue": count, "missing": 0 });
    assert_eq!(
        data["availability"]["indicators"],
        json!([
            { "indicator": { "code": COUNT }, "observations": 3, "orgUnits": 2, "periods": [year("2024", 1), year("2025", 2)] },
            { "indicator": { "code": "law_lecture_count" }, "observations": 0, "orgUnits": 0, "periods": [] },
        ])
    );
}
