//! An answer is given again to the same question while the data is the same, and never longer; of whoever may read the same, and of nobody else.

use std::collections::HashMap;

use api::graphql::PURE;
use api::service::access::Caller;
use api::service::import::{Content, Options, UndoOptions};
use async_graphql_parser::parse_schema;
use async_graphql_parser::types::{BaseType, Type, TypeKind, TypeSystemDefinition};
use entity::choice::RevisionReason;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::{Backend, TestDb};
use tests::suite;

suite!(
    Figures: every_field_that_is_kept_stands_on_the_version_alone,
    an_answer_ends_with_its_version,
    what_does_not_stand_on_the_version_is_computed_anew,
    a_question_is_its_text_its_operation_and_its_variables,
);

const ROOTS: [(&str, &str); 4] = [
    (
        "compare",
        r#"indicators: { codes: ["admin_litigation_count", "court_admin_cases_received"] }, orgs: { codes: ["shenzhen-longhua", "qingdao-courts"] }, period: "2025""#,
    ),
    (
        "compare",
        r#"indicators: { codes: ["petition_resolution_rate"] }, orgs: { codes: ["shenzhen-luohu-sungang"] }, period: "2021-01/2021-09""#,
    ),
    (
        "ranking",
        r#"indicator: "admin_litigation_count", orgs: { level: STREET }, period: "2025""#,
    ),
    (
        "trend",
        r#"indicators: { codes: ["law_lecture_count"] }, orgs: { codes: ["shenzhen-longhua-guanhu"] }, from: "2011", to: "2015""#,
    ),
];

const CASES: &str = r#"query Cases($period: Period! = "2025") { compare(input: { indicators: { codes: ["admin_litigation_count"] }, orgs: { codes: ["shenzhen-longhua-guanhu"] }, period: $period }) { rows { indicator { name } current { value } } } }"#;

/// The value in its answer.
fn value(told: &Value) -> &Value {
    &told["compare"]["rows"][0]["current"]["value"]
}

/// The name of a type without lists.
fn named(kind: &Type) -> String {
    match &kind.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => named(inner),
    }
}

/// Types of the fields of the schema, by type and field.
fn fields() -> HashMap<(String, String), String> {
    let document = parse_schema(include_str!("../../../api/schema.graphql")).unwrap();
    let mut fields = HashMap::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        if let TypeKind::Object(object) = definition.node.kind {
            for field in object.fields {
                let key = (definition.node.name.node.to_string(), field.node.name.node.to_string());
                fields.insert(key, named(&field.node.ty.node));
            }
        }
    }
    fields
}

/// Everything of a type that is kept.
fn selection(fields: &HashMap<(String, String), String>, of: &str) -> String {
    let Some((_, names)) = PURE.iter().find(|(known, _)| *known == of) else {
        return String::new();
    };
    let inner = |name: &&str| {
        let given = fields
            .get(&(of.to_owned(), (*name).to_owned()))
            .unwrap_or_else(|| panic!("{of} has no field {name}"));
        format!("{name} {}", selection(fields, given))
    };
    format!(
        "{{ __typename {} }}",
        names.iter().map(inner).collect::<Vec<_>>().join(" ")
    )
}

async fn asked(app: &TestApp, query: &str, variables: Value) -> (String, u64) {
    let before = app.service().db().queries();
    let body = json!({ "query": query, "variables": variables }).to_string();
    let answer = app.raw_post(&[("content-type", "application/json")], body).await;
    let text = answer.text().to_owned();
    assert!(answer.status == 200 && !text.contains("\"errors\""), "{text}");
    (text, app.service().db().queries() - before)
}

/// Statements of a look at the change feed.
fn look(db: &TestDb) -> u64 {
    match db.backend() {
        Backend::Sqlite => 0,
        Backend::Postgres => 1,
    }
}

async fn every_field_that_is_kept_stands_on_the_version_alone(db: TestDb) {
    let fields = fields();
    let mut file = "indicator,org,period,value,unit\n".to_owned();
    for (year, value) in [(2011, 3), (2012, 5), (2013, 4), (2014, 8), (2015, 9)] {
        file.push_str(&format!(
            "law_lecture_count,shenzhen-longhua-guanhu,{year},{value},场\n"
        ));
    }
    let options = Options {
        commit: true,
        caller: Caller::operator("tester"),
        ..Options::default()
    };
    let service = db.service().await;
    service.import("rising.csv", file.as_bytes(), &options).await.unwrap();
    let (keeps, anew) = (
        TestApp::start(&db).await,
        TestApp::start_with(&db, |config| config.graphql.kept_bytes = 0).await,
    );
    let (look, mut met) = (look(&db), String::new());
    for (root, input) in ROOTS {
        let of = &fields[&("Query".to_owned(), root.to_owned())];
        let query = format!("{{ {root}(input: {{ {input} }}) {} }}", selection(&fields, of));
        let (first, _) = asked(&anew, &query, json!({})).await;
        // One look at the change feed, and nothing else.
        assert_eq!(asked(&anew, &query, json!({})).await, (first.clone(), look), "{root}");
        assert_eq!(asked(&keeps, &query, json!({})).await.0, first);
        assert_eq!(asked(&keeps, &query, json!({})).await, (first.clone(), look));
        met.push_str(&first);
    }
    for (of, _) in PURE.iter().filter(|(of, _)| *of != "Query") {
        assert!(
            met.contains(&format!("\"__typename\":\"{of}\"")),
            "no answer has a {of}"
        );
    }
}

async fn an_answer_ends_with_its_version(db: TestDb) {
    let (app, other) = (TestApp::start(&db).await, TestApp::start(&db).await);
    let ask = async || app.data(CASES, json!({})).await;
    assert_eq!(value(&ask().await), 11.0);
    let file = "indicator,org,period,value,unit\nadmin_litigation_count,shenzhen-longhua-guanhu,2025,10,宗\n";
    let options = Options {
        commit: true,
        caller: Caller::operator("tester"),
        reason: Some(RevisionReason::Error),
        ..Options::default()
    };
    let report = other
        .service()
        .import("a.csv", file.as_bytes(), &options)
        .await
        .unwrap();
    assert_eq!((value(&ask().await), value(&ask().await)), (&json!(10.0), &json!(10.0)));
    let undo = UndoOptions {
        batch: report.batch.unwrap(),
        commit: true,
        caller: Caller::operator("tester"),
        reason: RevisionReason::Error,
    };
    other.service().undo(&undo).await.unwrap();
    assert_eq!(value(&ask().await), 11.0);
    // A target is a base, though no figure.
    let against = CASES
        .replace("period: $period", "period: $period, baseline: TARGET")
        .replace("current {", "base {");
    let target = |told: Value| told["compare"]["rows"][0]["base"]["value"].clone();
    assert_eq!(target(app.data(&against, json!({})).await), Value::Null);
    let targets = Options {
        content: Content::Targets,
        reason: None,
        ..options
    };
    other
        .service()
        .import("t.csv", file.as_bytes(), &targets)
        .await
        .unwrap();
    assert_eq!(target(app.data(&against, json!({})).await), 10.0);
}

async fn what_does_not_stand_on_the_version_is_computed_anew(db: TestDb) {
    let app = TestApp::start(&db).await;
    let clock = CASES.replace("{ rows", "{ computedAt rows");
    assert_ne!(
        asked(&app, &clock, json!({})).await.0,
        asked(&app, &clock, json!({})).await.0
    );
    let included = CASES.replace("period: $period", "period: $period, include: PROVISIONAL");
    let variable = CASES
        .replace("($period", "($include: Include, $period")
        .replace("period: $period", "period: $period, include: $include");
    let printed = CASES.replace("current {", "current { printed");
    for (query, variables) in [
        (&included, json!({})),
        (&variable, json!({ "include": "PROVISIONAL" })),
        (&printed, json!({})),
    ] {
        let (first, _) = asked(&app, query, variables.clone()).await;
        let (second, statements) = asked(&app, query, variables).await;
        assert!(
            first == second && statements > look(&db),
            "{query}: {statements} statements"
        );
    }
    let (_, statements) = asked(&app, &variable, json!({ "include": "PUBLISHED" })).await;
    assert_eq!(statements, look(&db));
}

async fn a_question_is_its_text_its_operation_and_its_variables(db: TestDb) {
    let app = TestApp::start(&db).await;
    let told = app.data(CASES, json!({ "period": "2024" })).await;
    assert_eq!(value(&told), 5.0);
    assert_eq!(value(&app.data(CASES, json!({ "period": "2025" })).await), 11.0);
    assert_eq!(value(&app.data(CASES, json!({})).await), 11.0);
    let both = format!(
        "{CASES} {}",
        CASES
            .replace("query Cases", "query Others")
            .replace("indicator {", "orgUnit {")
    );
    let ask = async |name: &str| {
        let body = json!({ "query": both, "operationName": name }).to_string();
        let answer = app.raw_post(&[("content-type", "application/json")], body).await;
        answer.json()["data"]["compare"]["rows"][0].clone()
    };
    for _ in 0..2 {
        assert!(ask("Cases").await["indicator"].is_object());
        assert!(ask("Others").await["orgUnit"].is_object());
    }
    // Variables that do not fit are refused each time, whatever was kept.
    for period in [json!("2025-13"), Value::Null] {
        for _ in 0..2 {
            let told = app.query(CASES, json!({ "period": period })).await;
            assert!(told["errors"].is_array(), "{told}");
        }
    }
}
