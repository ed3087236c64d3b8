//! Provisional answers: what was handed in is taken in for those who ask for it, flagged, and is what publishing gives.

use api::export::observation::Row as Line;
use api::service::export::ExportQuery;
use api::service::provisional::Include;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::desk::{NEW_YEAR, OTHER, STREET, approved, committing, fill, lines, open, publish, saying, step};

suite!(Catalog: a_provisional_answer_is_what_publishing_gives, pages_of_provisional_figures_hold_each_once);

const INDICATORS: &str = r#"{ codes: ["petition_received_count", "petition_resolution_rate"] }"#;

/// Every answer that can take unpublished figures in.
async fn answers(app: &TestApp, include: &str) -> Vec<(&'static str, Value)> {
    let orgs = format!(r#"{{ codes: ["{STREET}", "{OTHER}", "shenzhen-luohu"] }}"#);
    let queries = [
        (
            "observations",
            format!(
                r"{{ observations(include: {include}) {{ totalCount nodes {{
                    indicator {{ code }} orgUnit {{ code }} period value printed status flags source {{ title }} revisions {{ count }} }} }} }}"
            ),
        ),
        (
            "compare",
            format!(
                r#"{{ compare(input: {{ indicators: {INDICATORS}, orgs: {orgs}, period: "2021", include: {include} }}) {{ rows {{
                    current {{ value printed status flags coverage {{ present expected }} sources {{ printed }} }} change {{ percent percentagePoints text }} }} }} }}"#
            ),
        ),
        (
            "ranking",
            format!(
                r#"{{ ranking(input: {{ indicator: "petition_resolution_rate", orgs: {orgs}, period: "2021", include: {include} }}) {{ rows {{ rank orgUnit {{ code }} value {{ value status flags }} }} }} }}"#
            ),
        ),
        (
            "trend",
            format!(
                r#"{{ trend(input: {{ indicators: {INDICATORS}, orgs: {orgs}, from: "2020", to: "2021", include: {include} }}) {{ points {{ value {{ value status flags }} }} }} }}"#
            ),
        ),
        (
            "decompose",
            format!(
                r#"{{ decompose(input: {{ indicator: "petition_received_count", org: "shenzhen-luohu", period: "2021", include: {include} }}) {{ contributions {{ current {{ value status flags }} }} }} }}"#
            ),
        ),
        (
            "availability",
            format!(
                r"{{ availability(include: {include}) {{ indicators {{ indicator {{ code }} observations periods {{ period withValue missing }} }} }} }}"
            ),
        ),
    ];
    let mut told = Vec::new();
    for (name, query) in queries {
        let answer = app.data(&query, Value::Null).await;
        told.push((name, answer));
    }
    told
}

/// Without what tells the two apart: state and flags.
fn plain(mut answer: Value) -> Value {
    match &mut answer {
        Value::Object(fields) => {
            fields.retain(|name, _| name != "status" && name != "flags");
            fields.values_mut().for_each(|field| *field = plain(field.take()));
        }
        Value::Array(rows) => rows.iter_mut().for_each(|row| *row = plain(row.take())),
        _ => {}
    }
    answer
}

async fn a_provisional_answer_is_what_publishing_gives(db: TestDb) {
    let app = TestApp::start(&db).await;
    let service = app.service();
    let row = |indicator: &str, org: &str, year: &str, value: &str| Row::new(indicator, org, year, value);
    let stored = csv(&[
        row("petition_received_count", STREET, "2020", "600"),
        row("petition_resolved_count", STREET, "2020", "590"),
        row("petition_received_count", OTHER, "2020", "100"),
        row("petition_resolved_count", OTHER, "2020", "90"),
    ]);
    service
        .import("stored.csv", stored.into_bytes(), &committing())
        .await
        .unwrap();
    let before = answers(&app, "PUBLISHED").await;
    assert_eq!(before, answers(&app, "PROVISIONAL").await, "nothing is pending");

    let one = open(service, STREET, "2021", NEW_YEAR).await;
    let figures = [("petition_received_count", "720"), ("petition_resolved_count", "702")];
    let one = approved(service, &fill(service, &one, &figures, NEW_YEAR).await, NEW_YEAR).await;
    let other = open(service, OTHER, "2021", NEW_YEAR).await;
    let figures = [
        ("petition_received_count", "110余件"),
        ("petition_resolved_count", "99"),
    ];
    let other = fill(service, &other, &figures, NEW_YEAR).await;
    assert_eq!(answers(&app, "PUBLISHED").await, before);
    let address = "/export/observations.parquet?include=PROVISIONAL";
    let file = app.get(address).await;
    let handed = service
        .submit_submission(&saying(&other, "填报人", "如实报送", NEW_YEAR))
        .await
        .unwrap();
    let later = app.get(address).await;
    assert_ne!(
        file.header("etag"),
        later.header("etag"),
        "who has the file is told of what was handed in"
    );
    assert_ne!(file.body, later.body);
    // A draft is nobody's business.
    let draft = open(service, STREET, "2022", NEW_YEAR).await;
    fill(service, &draft, &[("petition_received_count", "9999")], NEW_YEAR).await;

    assert_eq!(
        answers(&app, "PUBLISHED").await,
        before,
        "published answers stay what they were"
    );
    let provisional = answers(&app, "PROVISIONAL").await;
    unpublished_figures_are_flagged(&provisional);
    let asked = ExportQuery {
        include: Include::Provisional,
        ..ExportQuery::default()
    };
    let exported = lines(service, &asked).await;

    let second = service
        .approve_submission(&step(&handed, "审核人", NEW_YEAR))
        .await
        .unwrap();
    for approved in [&one, &second] {
        publish(service, approved, NEW_YEAR).await;
    }
    let after = answers(&app, "PUBLISHED").await;
    for ((name, provisional), (_, after)) in provisional.into_iter().zip(after) {
        assert_eq!(plain(provisional), plain(after), "{name}");
    }
    let published = lines(service, &ExportQuery::default()).await;
    assert_eq!(bare(exported), bare(published));
    let text = app.get("/export/observations.csv?include=PROVISIONAL").await;
    assert_eq!((text.status, text.text().lines().count()), (200, 9));
    let refused = r#"{ observations(include: PROVISIONAL, asOf: "2026-01-01T00:00:00Z") { totalCount } }"#;
    let refused = app.query(refused, Value::Null).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

/// The same for the lines of a file.
fn bare(lines: Vec<Line>) -> Vec<Line> {
    let bare = |line: Line| Line {
        status: String::new(),
        flags: String::new(),
        ..line
    };
    lines.into_iter().map(bare).collect()
}

fn unpublished_figures_are_flagged(provisional: &[(&'static str, Value)]) {
    let told = serde_json::to_string(provisional).unwrap();
    assert!(!told.contains("9999"));
    let current = &provisional[1].1["compare"]["rows"][0]["current"];
    assert_eq!(
        (&current["value"], &current["status"], &current["flags"]),
        (&json!(720.0), &json!("PROVISIONAL"), &json!(["UNPUBLISHED"])),
        "{provisional:#?}"
    );
    let bound = &provisional[1].1["compare"]["rows"][1]["current"];
    assert_eq!(
        (&bound["status"], &bound["flags"]),
        (&json!("LOWER_BOUND"), &json!(["UNPUBLISHED"]))
    );
    let district = provisional[1].1["compare"]["rows"][2]["current"]["flags"].to_string();
    assert!(
        district.contains("UNPUBLISHED") && district.contains("ROLLED_UP"),
        "{district}"
    );
}

async fn pages_of_provisional_figures_hold_each_once(db: TestDb) {
    let app = TestApp::start(&db).await;
    let service = app.service();
    let mut rows = Vec::new();
    for year in 2010..2021 {
        rows.push(Row::new("petition_received_count", STREET, &year.to_string(), "1"));
        rows.push(Row::new("petition_received_count", OTHER, &year.to_string(), "2"));
    }
    service
        .import("stored.csv", csv(&rows).into_bytes(), &committing())
        .await
        .unwrap();
    // One over a published figure, one beside them.
    for (org, year) in [(STREET, "2015"), (OTHER, "2021"), (STREET, "2009")] {
        let draft = open(service, org, year, NEW_YEAR).await;
        let filled = fill(service, &draft, &[("petition_received_count", "7")], NEW_YEAR).await;
        approved(service, &filled, NEW_YEAR).await;
    }
    let page = |part: String| {
        format!(
            "{{ observations(include: PROVISIONAL, {part}) {{ totalCount pageInfo {{ endCursor startCursor hasNextPage hasPreviousPage }} nodes {{ orgUnit {{ code }} period value status }} }} }}"
        )
    };
    let all = app.data(&page("first: 100".to_owned()), Value::Null).await["observations"].take();
    let nodes = all["nodes"].as_array().unwrap();
    assert_eq!((nodes.len(), &all["totalCount"]), (24, &json!(24)));
    let sevens = nodes
        .iter()
        .filter(|node| node["value"] == json!(7.0) && node["status"] == json!("PROVISIONAL"));
    assert_eq!(sevens.count(), 3);
    for (size, backwards) in [(5, false), (7, true), (1, false)] {
        let (mut gathered, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let part = match (backwards, &cursor) {
                (false, None) => format!("first: {size}"),
                (false, Some(after)) => format!(r#"first: {size}, after: "{after}""#),
                (true, None) => format!("last: {size}"),
                (true, Some(before)) => format!(r#"last: {size}, before: "{before}""#),
            };
            let told = app.data(&page(part), Value::Null).await["observations"].take();
            let mut nodes = told["nodes"].as_array().unwrap().clone();
            let (more, next) = if backwards {
                ("hasPreviousPage", "startCursor")
            } else {
                ("hasNextPage", "endCursor")
            };
            if backwards {
                nodes.extend(std::mem::take(&mut gathered));
                gathered = nodes;
            } else {
                gathered.extend(nodes);
            }
            if told["pageInfo"][more] == json!(false) {
                break;
            }
            cursor = told["pageInfo"][next].as_str().map(str::to_owned);
        }
        assert_eq!(&gathered, nodes, "{size} at a time");
    }
    let of = |statuses: &str| {
        format!("{{ observations(include: PROVISIONAL, filter: {{ statuses: [{statuses}] }}) {{ totalCount }} }}")
    };
    for (statuses, count) in [("NORMAL", 21), ("PROVISIONAL", 3), ("NORMAL, PROVISIONAL", 24)] {
        let told = app.data(&of(statuses), Value::Null).await;
        assert_eq!(told["observations"]["totalCount"], count, "{statuses}");
    }
}
