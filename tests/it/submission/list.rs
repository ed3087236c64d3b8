//! A list of submissions costs as many queries however long it is, and says of each what it says alone.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

use super::desk::{NEW_YEAR, STREET, fill, open};

suite!(Catalog: a_longer_list_takes_no_more_queries);

const WHOLE: &str = "id state figures { figure { value indicator { code } } author } thread { act actor } missing";

async fn a_longer_list_takes_no_more_queries(db: TestDb) {
    let app = TestApp::start(&db).await;
    let service = app.service();
    let calendar = json!({ "input": { "period": "2021", "entries": [{ "indicators": ["petition_received_count", "petition_resolved_count"], "deadline": "2022-01-31" }] } });
    let set = "mutation ($input: SetReportingCalendarInput!) { setReportingCalendar(input: $input) { __typename } }";
    app.data(set, calendar).await;
    let ask = |orgs: &str| {
        let query = format!(
            "{{ submissions(filter: {{ period: \"2021\", orgs: {{ codes: [{orgs}] }} }}) {{ nodes {{ {WHOLE} }} }} }}"
        );
        let app = &app;
        async move {
            let before = app.service().db().queries();
            let told = app.data(&query, json!({})).await;
            (
                told["submissions"]["nodes"].clone(),
                app.service().db().queries() - before,
            )
        }
    };
    let draft = open(service, STREET, "2021", NEW_YEAR).await;
    fill(service, &draft, &[("petition_received_count", "720")], NEW_YEAR).await;
    let (alone, few) = ask(&format!("\"{STREET}\"")).await;
    assert_eq!(alone[0]["missing"], json!(["petition_resolved_count"]));
    assert_eq!(alone[0]["figures"][0]["figure"]["value"], 720.0);
    let mut orgs = vec![format!("\"{STREET}\"")];
    for (place, org) in ["luohu-cuizhu", "longhua-guanhu", "longhua-minzhi", "longgang-longcheng"]
        .iter()
        .enumerate()
    {
        let org = format!("shenzhen-{org}");
        let draft = open(service, &org, "2021", NEW_YEAR).await;
        let value = (place + 1).to_string();
        fill(
            service,
            &draft,
            &[("petition_received_count", value.as_str())],
            NEW_YEAR,
        )
        .await;
        orgs.push(format!("\"{org}\""));
    }
    let (all, many) = ask(&orgs.join(",")).await;
    assert_eq!(all.as_array().map(Vec::len), Some(5));
    assert_eq!(few, many, "queries of one, and of five");
    let of = |id: &Value| all.as_array().unwrap().iter().find(|row| row["id"] == *id).cloned();
    assert_eq!(of(&alone[0]["id"]).as_ref(), Some(&alone[0]));
    for row in all.as_array().unwrap() {
        let query = format!("query ($id: ID!) {{ submission(id: $id) {{ {WHOLE} }} }}");
        let told = app.data(&query, json!({ "id": row["id"] })).await;
        assert_eq!(&told["submission"], row);
    }
}
