//! Scores by hand: points, spread weights, ranks, grades, changes, sentences, advice.

use serde_json::{Value, json};
use tests::db::TestDb;
use tests::suite;

use super::{CUIZHU, GUANHU, MINZHI, SUNGANG, serve, take};

suite!(
    Catalog: points_and_ranks_are_those_worked_out_by_hand,
    a_score_opens_down_to_the_line_of_its_source,
    a_waterfall_and_the_cheapest_next_point_are_told,
    marks_count_with_their_author_and_evidence,
    a_veto_caps_and_peers_of_a_track_are_all_of_it,
    more_organisations_need_no_more_queries,
);

async fn units(app: &tests::app::TestApp, fields: &str) -> Vec<Value> {
    let query = format!("{{ evaluation(framework: \"small\", period: \"2025\") {{ units {{ {fields} }} }} }}");
    let data = app.data(&query, json!({})).await;
    data["evaluation"]["units"].as_array().unwrap().clone()
}

async fn points_and_ranks_are_those_worked_out_by_hand(db: TestDb) {
    let app = serve(&db).await;
    let found = units(&app, "orgUnit { code } standing { score rank tied grade base bonus coverage lowest highest } previous { score } change interval { best worst }").await;
    let mut by_rank = found.clone();
    by_rank.sort_by_key(|unit| unit["standing"]["rank"].as_u64());
    let told: Vec<Value> = by_rank
        .iter()
        .map(|unit| {
            json!([
                unit["orgUnit"]["code"],
                unit["standing"]["score"],
                unit["standing"]["rank"],
                unit["standing"]["grade"]
            ])
        })
        .collect();
    assert_eq!(
        json!(told),
        json!([
            [CUIZHU, 8.67, 1, "excellent"],
            [SUNGANG, 8.5, 2, "fair"],
            [GUANHU, 4.0, 3, "fair"],
            [MINZHI, 0.0, 4, "fair"],
        ])
    );
    let sungang = &by_rank[1];
    // 3 + 1 of disputes, 4 of leadership for the exam alone, and half a point of bonus.
    assert_eq!(
        json!([sungang["standing"]["base"], sungang["standing"]["bonus"]]),
        json!([8.0, 0.5])
    );
    assert_eq!(
        json!([sungang["previous"]["score"], sungang["change"]]),
        json!([8.0, 0.5])
    );
    // Only the drills are missing: a tenth of the weights.
    assert_eq!(sungang["standing"]["coverage"], json!(0.9));
    assert_eq!(
        json!([sungang["standing"]["lowest"], sungang["standing"]["highest"]]),
        json!([7.5, 8.5])
    );
    // The four lie so far apart that no weights within ten per cent change a place.
    assert_eq!(by_rank[2]["interval"], json!({ "best": 3, "worst": 3 }));
}

async fn a_score_opens_down_to_the_line_of_its_source(db: TestDb) {
    let app = serve(&db).await;
    let found = units(&app, "orgUnit { code } nodes(codes: [\"petitions\", \"drills\"]) { node { code rule ruleText } outcome full weight points value numerator denominator sentence sources { indicator org period printed } }").await;
    let sungang = found.iter().find(|unit| unit["orgUnit"]["code"] == SUNGANG).unwrap();
    let petitions = &sungang["nodes"][0];
    assert_eq!(
        *petitions,
        json!({
            "node": { "code": "petitions", "rule": "LINEAR", "ruleText": "从60%（0分）到100%（满分）按比例折算" },
            "outcome": "SCORED", "full": 4.0, "weight": 4.0, "points": 3.0, "value": 90.0, "numerator": 90.0, "denominator": 100.0,
            "sentence": "信访化解率：90%；从60%（0分）到100%（满分）按比例折算；得3分（满分4分）。",
            "sources": [
                { "indicator": "petition_received_count", "org": SUNGANG, "period": "2025", "printed": "100" },
                { "indicator": "petition_resolved_count", "org": SUNGANG, "period": "2025", "printed": "90" },
            ],
        })
    );
    let drills = &sungang["nodes"][1];
    assert_eq!(
        json!([drills["outcome"], drills["weight"], drills["points"]]),
        json!(["MISSING_REWEIGHTED", null, null])
    );
    assert_eq!(
        drills["sentence"],
        "应急演练：未报；由考评人员评分；不计分，权重按比例分给其他指标。"
    );
}

async fn a_waterfall_and_the_cheapest_next_point_are_told(db: TestDb) {
    let app = serve(&db).await;
    let found = units(&app, "orgUnit { code } sincePreviousYear { from to steps { node { code } difference } } againstMedian { to } advice { node { code } gain to cases text }").await;
    let sungang = found.iter().find(|unit| unit["orgUnit"]["code"] == SUNGANG).unwrap();
    let step = |node, difference: f64| json!({ "node": { "code": node }, "difference": difference });
    assert_eq!(
        sungang["sincePreviousYear"],
        json!({ "from": 8.0, "to": 8.5, "steps": [step("petitions", 1.0), step("lawsuits", -1.0), step("reform", 0.5)] })
    );
    assert_eq!(sungang["againstMedian"]["to"], json!(8.5));
    // One point more of petitions: 90 % to 100 %, ten cases.
    let petitions = sungang["advice"]
        .as_array()
        .unwrap()
        .iter()
        .find(|step| step["node"]["code"] == "petitions")
        .unwrap();
    assert_eq!(
        *petitions,
        json!({ "node": { "code": "petitions" }, "gain": 1.0, "to": 100.0, "cases": 10.0,
            "text": "“信访化解率”由90%到100%（分母不变时多10），可多得1分。" })
    );
}

async fn marks_count_with_their_author_and_evidence(db: TestDb) {
    let app = serve(&db).await;
    let mark = "mutation ($input: MarkEvaluationInput!) { markEvaluation(input: $input) { marked } }";
    let input = |stage: &str, node: &str, points: f64, evidence: Option<&str>| {
        json!({ "input": { "framework": "small", "period": "2025", "stage": stage, "onBehalfOf": "office",
            "marks": [{ "org": SUNGANG, "node": node, "points": points, "evidence": evidence }] } })
    };
    app.data(mark, input("SELF_SCORE", "drills", 1.0, None)).await;
    // A self-score is told and gives no points; the review does.
    let fields = "orgUnit { code } standing { score } nodes(codes: [\"drills\"]) { outcome points marks { stage points author evidence } }";
    let drills = |found: &[Value]| {
        let unit = found.iter().find(|unit| unit["orgUnit"]["code"] == SUNGANG).unwrap();
        (unit["standing"]["score"].clone(), unit["nodes"][0].clone())
    };
    let (score, node) = drills(&units(&app, fields).await);
    assert_eq!(json!([score, node["outcome"]]), json!([8.5, "MISSING_REWEIGHTED"]));
    let refused = app.query(mark, input("REVIEW", "drills", 0.5, None)).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
        "a review needs its evidence"
    );
    let refused = app.query(mark, input("REVIEW", "drills", 1.5, Some("演练记录"))).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
        "more than the full marks"
    );
    app.data(mark, input("REVIEW", "drills", 0.5, Some("演练记录"))).await;
    let (score, node) = drills(&units(&app, fields).await);
    // 4 of disputes, 3 of the exam, half of the drills, half a point of bonus.
    assert_eq!(score, json!(8.0));
    assert_eq!(
        node["marks"],
        json!([
            { "stage": "SELF_SCORE", "points": 1.0, "author": "tester, for office", "evidence": null },
            { "stage": "REVIEW", "points": 0.5, "author": "tester, for office", "evidence": "演练记录" },
        ])
    );
    // A final score stands in place of what the rule gives.
    app.data(mark, input("FINAL", "exam", 2.0, Some("复核纪要"))).await;
    let (score, _) = drills(&units(&app, fields).await);
    assert_eq!(score, json!(7.0));
}

async fn a_veto_caps_and_peers_of_a_track_are_all_of_it(db: TestDb) {
    let app = serve(&db).await;
    take(&app, &[("illegal_target_issued", SUNGANG, "2025", "1", "项")]).await;
    let one = format!(
        "{{ evaluation(framework: \"small\", period: \"2025\", orgs: {{ codes: [\"{SUNGANG}\"] }}) {{ units {{ standing {{ score rank vetoes }} }} }} }}"
    );
    let data = app.data(&one, json!({})).await;
    assert_eq!(
        data["evaluation"]["units"],
        json!([{ "standing": { "score": 5.0, "rank": 1, "vetoes": ["illegal"] } }])
    );
    let relative = super::SMALL.replace("code = \"small\"", "code = \"relative\"").replace(
        "rule = \"LINEAR\"\nfrom = \"60\"\nto = \"100\"",
        "rule = \"MIN_MAX\"\npeers = \"streets\"",
    );
    super::define(&app, &relative, true).await;
    let query = format!(
        "{{ evaluation(framework: \"relative\", period: \"2025\", orgs: {{ codes: [\"{SUNGANG}\"] }}) {{ warnings {{ kind node }} units {{ nodes(codes: [\"petitions\"]) {{ points }} }} }} }}"
    );
    let data = app.data(&query, json!({})).await;
    // Asked for alone, it is still the worse of two: 翠竹 has 100 %.
    assert_eq!(data["evaluation"]["units"][0]["nodes"][0]["points"], json!(0.0));
}

async fn more_organisations_need_no_more_queries(db: TestDb) {
    let app = serve(&db).await;
    let count = async |orgs: &[&str]| {
        let query = "query ($codes: [String!]) { evaluation(framework: \"small\", period: \"2025\", orgs: { codes: $codes }) { units { orgUnit { code name } standing { score } nodes { points sentence sources { printed } } } } }";
        let before = app.service().db().queries();
        app.data(query, json!({ "codes": orgs })).await;
        app.service().db().queries() - before
    };
    let one = count(&[SUNGANG]).await;
    assert_eq!(count(&[SUNGANG, CUIZHU, GUANHU, MINZHI]).await, one);
}
