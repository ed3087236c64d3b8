//! As of a time before a correction every answer is the old one, and now every answer is the new one.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::attempt::{STREET, commit, import, revise};

suite!(Catalog: an_answer_as_of_a_time_stays_what_it_was);

const OTHER: &str = "shenzhen-luohu-cuizhu";

/// Everything that depends on the figures, as of a time.
async fn answers(app: &TestApp, as_of: &str) -> Vec<(&'static str, Value)> {
    let orgs = format!(r#"{{ codes: ["{STREET}", "{OTHER}"] }}"#);
    let indicators = r#"{ codes: ["petition_received_count", "petition_resolution_rate"] }"#;
    let queries = [
        (
            "observations",
            format!(r#"{{ observations(asOf: "{as_of}") {{ totalCount nodes {{ value printed status }} }} }}"#),
        ),
        (
            "compare",
            format!(
                r#"{{ compare(input: {{ indicators: {indicators}, orgs: {orgs}, period: "2021", asOf: "{as_of}" }}) {{ rows {{ current {{ value status }} change {{ percent text }} }} }} }}"#
            ),
        ),
        (
            "ranking",
            format!(
                r#"{{ ranking(input: {{ indicator: "petition_resolution_rate", orgs: {orgs}, period: "2021", asOf: "{as_of}" }}) {{ rows {{ rank orgUnit {{ code }} value {{ value }} }} }} }}"#
            ),
        ),
        (
            "trend",
            format!(
                r#"{{ trend(input: {{ indicators: {indicators}, orgs: {orgs}, from: "2020", to: "2021", asOf: "{as_of}" }}) {{ points {{ value {{ value }} }} }} }}"#
            ),
        ),
        (
            "decompose",
            format!(
                r#"{{ decompose(input: {{ indicator: "petition_received_count", org: "shenzhen-luohu", period: "2021", asOf: "{as_of}" }}) {{ contributions {{ current {{ value }} }} }} }}"#
            ),
        ),
        (
            "availability",
            format!(r#"{{ availability(asOf: "{as_of}") {{ indicators {{ indicator {{ code }} observations }} }} }}"#),
        ),
        (
            "findings",
            format!(r#"{{ findings(filter: {{ asOf: "{as_of}" }}) {{ kind severity stated }} }}"#),
        ),
    ];
    let mut told = Vec::new();
    for (name, query) in queries {
        told.push((name, app.query(&query, Value::Null).await));
    }
    for form in ["csv"] {
        let path = format!("/export/observations.{form}?asOf={as_of}");
        told.push(("export", json!(app.get(&path).await.text())));
    }
    told
}

async fn an_answer_as_of_a_time_stays_what_it_was(db: TestDb) {
    let app = TestApp::start(&db).await;
    let service = app.service();
    let street = |indicator: &str, year: &str, value: &str| Row::new(indicator, STREET, year, value);
    let other = |indicator: &str, value: &str| Row::new(indicator, OTHER, "2021", value);
    let first = csv(&[
        street("petition_received_count", "2020", "600"),
        street("petition_received_count", "2021", "720"),
        street("petition_resolved_count", "2021", "702"),
        other("petition_received_count", "100"),
        other("petition_resolved_count", "98"),
    ]);
    import(service, &first, &commit()).await;
    let time = app
        .query("{ observations { nodes { recordedAt } } }", Value::Null)
        .await;
    let time = time["data"]["observations"]["nodes"][0]["recordedAt"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = answers(&app, &time).await;
    for (name, answer) in &before {
        assert!(answer.get("errors").is_none(), "{name}: {answer:#}");
    }
    let correction = csv(&[
        street("petition_received_count", "2021", "900"),
        street("petition_received_count", "2020", "601"),
        other("law_exam_excellent_rate", "100").with("unit", "%"),
    ]);
    import(service, &correction, &revise(entity::choice::RevisionReason::Error)).await;
    assert_eq!(answers(&app, &time).await, before);
    let now = answers(&app, "2100-01-01T00:00:00Z").await;
    for ((name, before), (_, now)) in before.iter().zip(&now) {
        // The rest of what is asked is the same: the figures are not.
        let is_same = before == now;
        assert!(!is_same || *name == "findings", "{name} does not heed the correction");
    }
}
