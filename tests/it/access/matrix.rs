//! Every field and address × role × inside and outside, as the table in `docs/access.md` says.

use std::collections::BTreeMap;
use std::path::Path;

use api::service::access::Scopes;
use entity::choice::Role;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::socket::Socket;
use tests::suite;

use super::cast::{DISTRICT, INSIDE, OUTSIDE, ask, bearer, closed, code, hire, operator, token};
use super::question::{Things, question};

suite!(Figures: every_role_may_what_the_table_says_and_no_more);

/// The columns of the table after its act, with the role that each is about.
const ROLES: [(&str, Option<Role>); 6] = [
    ("public", None),
    ("viewer", Some(Role::Viewer)),
    ("reporter", Some(Role::Reporter)),
    ("reviewer", Some(Role::Reviewer)),
    ("publisher", Some(Role::Publisher)),
    ("admin", Some(Role::Admin)),
];

/// A line of the table.
#[derive(Debug)]
struct Line {
    act: String,
    allowed: BTreeMap<String, String>,
    outside: String,
}

fn file(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)).unwrap()
}

/// The table of the page, by what each line is about.
fn table() -> BTreeMap<String, Line> {
    let page = file("docs/access.md");
    let section = page
        .split("## The table")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let line = |row: &str| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 9, "{row}");
        let allowed = ROLES.iter().zip(&cells[2..8]);
        let line = Line {
            act: cells[1].to_owned(),
            allowed: allowed
                .map(|((name, _), cell)| ((*name).to_owned(), (*cell).to_owned()))
                .collect(),
            outside: cells[8].to_owned(),
        };
        (cells[0].trim_matches('`').to_owned(), line)
    };
    rows.map(line).collect()
}

/// The addresses of the server, from the file that has all of them.
fn addresses() -> Vec<String> {
    let routes = file("api/src/http/mod.rs");
    let mut found: Vec<String> = routes
        .split(".at(")
        .skip(1)
        .map(|rest| rest.split('"').nth(1).unwrap().to_owned())
        .collect();
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_and_address_has_a_line_in_the_table_and_a_rule() {
    let db = TestDb::sqlite(tests::db::Holding::Catalog);
    let app = closed(&db).await;
    let names = "fields(includeDeprecated: true) { name }";
    let query = format!(
        "{{ __schema {{ queryType {{ {names} }} mutationType {{ {names} }} subscriptionType {{ {names} }} }} }}"
    );
    let told = ask(&app, None, &query).await.json();
    let mut there = addresses();
    for (root, key) in [
        ("Query", "queryType"),
        ("Mutation", "mutationType"),
        ("Subscription", "subscriptionType"),
    ] {
        let fields = told["data"]["__schema"][key]["fields"].as_array().unwrap();
        there.extend(
            fields
                .iter()
                .map(|field| format!("{root}.{}", field["name"].as_str().unwrap())),
        );
    }
    there.sort();
    let table = table();
    let listed: Vec<&String> = table.keys().collect();
    assert_eq!(
        listed,
        there.iter().collect::<Vec<_>>(),
        "docs/access.md and what is served"
    );
    let rules: BTreeMap<String, String> = api::graphql::rules()
        .map(|(name, act)| (name, act.to_string()))
        .collect();
    let told: BTreeMap<String, String> = table
        .into_iter()
        .filter(|(name, _)| name.contains('.') && !name.starts_with('/'))
        .map(|(name, line)| (name, line.act))
        .collect();
    assert_eq!(rules, told, "api/src/graphql/gate.rs and docs/access.md");
}

/// What is tried with: the things of both parts.
struct Stage {
    inside: Things,
    outside: Things,
}

/// Whether it was refused because of who asked; and what was answered.
async fn try_it(app: &TestApp, token: Option<&str>, name: &str, things: &Things) -> (bool, Value) {
    let header = token.map(bearer);
    let mut headers: Vec<(&str, &str)> = header.iter().map(|header| ("authorization", header.as_str())).collect();
    if name.starts_with('/') {
        let answer = match name {
            "/graphql" => ask(app, token, "{ __typename }").await,
            "/import" => {
                headers.push(("content-type", "text/csv"));
                let body = csv(&[Row::new("petition_received_count", things.org, "1999", "1")]);
                app.client().post("/import", &headers, body).await
            }
            path if path.starts_with("/export/") || path.starts_with("/q/") => {
                let path = match path {
                    "/export/:file" => "/export/observations.csv",
                    "/q/:file" => "/q/matrix.csv",
                    _ => "/export/evaluation/matrix/1998.json",
                };
                app.client()
                    .get_with(&format!("{path}?org={}", things.org), &headers)
                    .await
            }
            // The program may have been built without the explorer.
            path if path.starts_with("/graphiql") => {
                let answer = app.client().get_with(path, &headers).await;
                assert!(matches!(answer.status, 200 | 404), "{name}: {}", answer.status);
                return (false, Value::Null);
            }
            path => app.client().get_with(path, &headers).await,
        };
        assert!(
            matches!(answer.status, 200 | 401 | 403),
            "{name}: {} {:?}",
            answer.status,
            answer.body
        );
        return (answer.status != 200, Value::Null);
    }
    let question = question(name, things);
    let answer = if name.starts_with("Subscription.") {
        let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
        headers.push(protocol);
        let mut socket = Socket::open(app.url(), &headers).await.unwrap();
        socket.send(&json!({ "type": "connection_init" })).await;
        socket.next().await.unwrap();
        socket.subscribe("it", &question).await;
        let message = socket.next().await.unwrap();
        match message["type"].as_str() {
            Some("error") => json!({ "errors": message["payload"] }),
            _ => message["payload"].clone(),
        }
    } else {
        ask(app, token, &question).await.json()
    };
    let refused = matches!(code(&answer).as_str(), Some("FORBIDDEN" | "UNAUTHENTICATED"));
    assert_ne!(code(&answer), "INTERNAL", "{name}: {answer:#}");
    assert_ne!(code(&answer), "GRAPHQL_VALIDATION_FAILED", "{name}: {answer:#}");
    (refused, answer)
}

async fn every_role_may_what_the_table_says_and_no_more(db: TestDb) {
    let app = TestApp::start_with(&db, |config| config.public = api::config::Public::Published).await;
    let service = app.service();
    service
        .create_principal(&operator(), "guest", None, None)
        .await
        .unwrap();
    let chief = hire(service, "chief", Role::Admin, None, None).await;
    let stage = stage(&app, &chief).await;
    let mut wrong = Vec::new();
    for (column, role) in ROLES {
        let mut tokens = BTreeMap::new();
        let mut own = stage.inside.clone();
        if let Some(role) = role {
            tokens.insert("own", hire(service, column, role, Some(DISTRICT), None).await);
            own.principal = column.to_owned();
            own.stage = if role == Role::Reviewer { "FINAL" } else { "SELF_SCORE" };
            own.public_id = token(service, column, Scopes::ALL).await[4..20].to_owned();
        }
        let own_token = tokens.get("own").map(String::as_str);
        for (name, line) in table() {
            let allowed = line.allowed[column].as_str();
            let mut check = |place: &str, expected: bool, refused: bool, answer: &Value| {
                if expected == refused {
                    wrong.push(format!("{name}, {column}, {place}: refused is {refused}: {answer}"));
                }
            };
            let (refused, inside) = try_it(&app, own_token, &name, &own).await;
            check("inside", allowed == "yes", refused, &inside);
            if allowed == "over all" {
                let (refused, answer) = try_it(&app, Some(&chief), &name, &own).await;
                check("over all", true, refused, &answer);
            }
            if allowed == "no" || role.is_none() || line.outside == "–" {
                continue;
            }
            let (refused, answer) = try_it(&app, own_token, &name, &stage.outside).await;
            match line.outside.as_str() {
                "refused" => check("outside", false, refused, &answer),
                "left out" => {
                    check("outside", true, refused, &answer);
                    let tells = |answer: &Value, things: &Things| {
                        let id = if name == "Query.grants" {
                            things.grant
                        } else {
                            things.batch
                        };
                        let told = answer.to_string();
                        told.contains(&format!("\"id\":\"{id}\"")) || told.contains(things.org)
                    };
                    assert!(tells(&inside, &stage.inside), "{name}, {column}: {inside}");
                    assert!(!tells(&answer, &stage.outside), "{name}, {column}: {answer}");
                }
                other => panic!("{name}: `{other}` is no outcome"),
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(service.verify_audit(None).await.unwrap().faults.is_empty());
}

/// A framework over both parts, and a query under a name.
async fn define(app: &TestApp) {
    let framework = format!(
        r#"[[framework]]
code = "matrix"
version = "1"
total = "1"
name = {{ zh = "矩阵", en = "matrix" }}
[[framework.track]]
code = "streets"
name = {{ zh = "镇街组", en = "streets" }}
orgs = ["{INSIDE}", "{OUTSIDE}"]
[[framework.node]]
code = "petitions"
weight = "1"
indicator = "petition_received_count"
rule = "LINEAR"
from = "0"
to = "10"
missing = "ZERO"
[[framework.grade]]
code = "fair"
name = {{ zh = "一般", en = "fair" }}
at_least = "0"
"#
    );
    let service = app.service();
    service
        .define_frameworks(&framework, (&operator(), true))
        .await
        .unwrap();
    let query = api::service::stored_query::Definition {
        name: "matrix".to_owned(),
        document: "query Matrix($org: String!) { observationTable(filter: { orgs: { codes: [$org] } }) { org value } }"
            .to_owned(),
        path: None,
        note: None,
        caller: operator(),
        replace: false,
    };
    service.define_stored_query(query).await.unwrap();
}

async fn stage(app: &TestApp, chief: &str) -> Stage {
    let service = app.service();
    let import = async |org: &str| {
        let file = csv(&[Row::new("petition_received_count", org, "1998", "1")]);
        let options = api::service::import::Options {
            commit: true,
            caller: operator(),
            ..Default::default()
        };
        service.import("one.csv", file, &options).await.unwrap().batch.unwrap()
    };
    let grant = async |org: &str| {
        let new = api::service::access::NewGrant {
            principal: "guest".to_owned(),
            role: Role::Viewer,
            org: Some(org.to_owned()),
            theme: None,
            valid_from: None,
            valid_to: None,
        };
        service.grant_role(&operator(), &new).await.unwrap().id
    };
    let mut batches = Vec::new();
    for org in [INSIDE, OUTSIDE] {
        batches.push(import(org).await);
    }
    define(app).await;
    let told = async |mutation: &str, way: &str| {
        let told = ask(app, Some(chief), mutation).await.json();
        let found = told["data"].pointer(way).and_then(Value::as_str).map(str::to_owned);
        found
            .unwrap_or_else(|| panic!("{mutation}: {told:#}"))
            .parse::<i64>()
            .unwrap()
    };
    let seal = r#"mutation { publishEvaluation(input: { framework: "matrix", period: "1998" }) { run { id } } }"#;
    let run = told(seal, "/publishEvaluation/run/id").await;
    let mut parts = Vec::new();
    for (org, batch) in [INSIDE, OUTSIDE].into_iter().zip(batches) {
        let object = format!(
            r#"mutation {{ objectEvaluation(input: {{ framework: "matrix", org: "{org}", period: "1998", node: "petitions", statement: "no" }}) {{ objection {{ id }} }} }}"#
        );
        let objection = told(&object, "/objectEvaluation/objection/id").await;
        let open = format!(
            r#"mutation {{ openSubmission(input: {{ org: "{org}", period: "1997" }}) {{ submission {{ id }} }} }}"#
        );
        let submission = told(&open, "/openSubmission/submission/id").await;
        let node = ask(app, None, &format!(r#"{{ orgUnit(code: "{org}") {{ id }} }}"#))
            .await
            .json();
        parts.push(Things {
            org,
            node: node["data"]["orgUnit"]["id"].as_str().unwrap().to_owned(),
            batch,
            run,
            objection,
            submission,
            stage: "SELF_SCORE",
            grant: grant(org).await,
            principal: "guest".to_owned(),
            public_id: token(service, "guest", Scopes::ALL).await[4..20].to_owned(),
        });
    }
    let outside = parts.pop().unwrap();
    Stage {
        inside: parts.pop().unwrap(),
        outside,
    }
}
