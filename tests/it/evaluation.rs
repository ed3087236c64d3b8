//! The annual evaluation: scores that can be worked out by hand, sealed, contested, and read in every file alike.

mod composite;
mod file;
mod objection;
mod rectification;
mod refusal;
mod score;
mod seal;

use api::service::import::Options;
use entity::choice::RevisionReason;
use serde_json::json;
use tests::app::TestApp;
use tests::db::TestDb;

const SUNGANG: &str = "shenzhen-luohu-sungang";
const CUIZHU: &str = "shenzhen-luohu-cuizhu";
const GUANHU: &str = "shenzhen-longhua-guanhu";
const MINZHI: &str = "shenzhen-longhua-minzhi";

/// A framework that a person can score by hand, over four streets.
const SMALL: &str = r#"
[[framework]]
code = "small"
version = "1"
total = "10"
name = { zh = "小方案", en = "small" }
[[framework.track]]
code = "streets"
name = { zh = "镇街组", en = "streets" }
orgs = ["shenzhen-luohu-sungang", "shenzhen-luohu-cuizhu", "shenzhen-longhua-guanhu", "shenzhen-longhua-minzhi"]
[[framework.node]]
code = "disputes"
weight = "6"
name = { zh = "矛盾纠纷", en = "disputes" }
[[framework.node]]
code = "petitions"
parent = "disputes"
weight = "4"
indicator = "petition_resolution_rate"
rule = "LINEAR"
from = "60"
to = "100"
missing = "REWEIGHT"
[[framework.node]]
code = "lawsuits"
parent = "disputes"
weight = "2"
indicator = "admin_litigation_lost_count"
rule = "DEDUCT"
each = "1"
missing = "ZERO"
[[framework.node]]
code = "leadership"
weight = "4"
name = { zh = "组织领导", en = "leadership" }
[[framework.node]]
code = "exam"
parent = "leadership"
weight = "3"
indicator = "law_exam_participation_rate"
rule = "BANDS"
bands = [{ at_least = "100", lost = "0" }, { at_least = "90", lost = "1" }, { lost = "3" }]
missing = "REWEIGHT"
[[framework.node]]
code = "drills"
parent = "leadership"
weight = "1"
rule = "MANUAL"
missing = "REWEIGHT"
name = { zh = "应急演练", en = "drills" }
[[framework.node]]
code = "reform"
indicator = "reform_measure_count"
rule = "BONUS"
each = "0.5"
cap = "1"
[[framework.node]]
code = "illegal"
indicator = "illegal_target_issued"
rule = "VETO"
at_least = "1"
cap = "5"
[[framework.grade]]
code = "excellent"
name = { zh = "优秀", en = "excellent" }
at_least = "8.6"
[[framework.grade]]
code = "fair"
name = { zh = "一般", en = "fair" }
at_least = "0"
"#;

const RECEIVED: &str = "petition_received_count";
const RESOLVED: &str = "petition_resolved_count";
const LOST: &str = "admin_litigation_lost_count";
const EXAM: &str = "law_exam_participation_rate";
const REFORM: &str = "reform_measure_count";

/// Figures that give, in 2025: 翠竹 8.67, 笋岗 8.50, 观湖 4.00, 民治 0.
const FIGURES: [(&str, &str, &str, &str, &str); 15] = [
    (RECEIVED, SUNGANG, "2025", "100", "宗"),
    (RESOLVED, SUNGANG, "2025", "90", "宗"),
    (LOST, SUNGANG, "2025", "1", "宗"),
    (EXAM, SUNGANG, "2025", "100", "%"),
    (REFORM, SUNGANG, "2025", "1", "条"),
    (RECEIVED, SUNGANG, "2024", "100", "宗"),
    (RESOLVED, SUNGANG, "2024", "80", "宗"),
    (LOST, SUNGANG, "2024", "0", "宗"),
    (EXAM, SUNGANG, "2024", "100", "%"),
    (RECEIVED, CUIZHU, "2025", "200", "宗"),
    (RESOLVED, CUIZHU, "2025", "200", "宗"),
    (LOST, CUIZHU, "2025", "0", "宗"),
    (EXAM, CUIZHU, "2025", "95", "%"),
    (LOST, GUANHU, "2025", "3", "宗"),
    (EXAM, GUANHU, "2025", "100", "%"),
];

/// A server with these figures and the small framework, published.
pub(crate) async fn serve(db: &TestDb) -> TestApp {
    let app = TestApp::start(db).await;
    take(&app, &FIGURES).await;
    define(&app, SMALL, true).await;
    app
}

async fn take(app: &TestApp, rows: &[(&str, &str, &str, &str, &str)]) {
    let mut file = "indicator,org,period,value,unit\n".to_owned();
    for (indicator, org, period, value, unit) in rows {
        file.push_str(&format!("{indicator},{org},{period},{value},{unit}\n"));
    }
    let options = Options {
        commit: true,
        caller: api::service::access::Caller::operator("test"),
        reason: Some(RevisionReason::Error),
        ..Options::default()
    };
    let report = app.service().import("rows.csv", file.as_bytes(), &options).await;
    report.unwrap_or_else(|error| panic!("{error:?}"));
}

async fn define(app: &TestApp, document: &str, publish: bool) {
    let mutation = "mutation ($input: DefineFrameworkInput!) { defineFramework(input: $input) { changed } }";
    let input = json!({ "input": { "document": document, "publish": publish, "onBehalfOf": "test" } });
    app.data(mutation, input).await;
}

/// Seals the small framework's 2025 and gives the number of the run.
async fn publish(app: &TestApp) -> String {
    let mutation = "mutation { publishEvaluation(input: { framework: \"small\", period: \"2025\", onBehalfOf: \"office\" }) { run { id } } }";
    let data = app.data(mutation, json!({})).await;
    data["publishEvaluation"]["run"]["id"].as_str().unwrap().to_owned()
}
