//! Ways that would lead around what a caller may do: none does.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use api::error::Error;
use api::service::access::{Caller, NewGrant, NewToken, Origin, Scopes};
use api::service::import::Options;
use entity::choice::Role;
use serde_json::{Value, json};
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::socket::Socket;
use tests::suite;

use super::cast::{DISTRICT, INSIDE, ask, bearer, closed, code, hire, operator};

suite!(
    Figures: an_open_socket_has_the_rights_that_its_caller_has_now,
    what_is_made_ends_with_what_makes_it,
    trying_values_tells_nothing_of_others,
    a_submission_of_another_theme_is_not_read,
    the_record_names_what_was_tried_and_not_what_it_was_called,
    nobody_changes_what_others_cite,
);

/// µs since the epoch, so many hours from now.
fn in_hours(hours: u64) -> i64 {
    let then = SystemTime::now() + Duration::from_secs(hours * 3600);
    i64::try_from(then.duration_since(UNIX_EPOCH).unwrap().as_micros()).unwrap()
}

fn import(caller: &Caller, commit: bool) -> Options {
    Options {
        commit,
        caller: caller.clone(),
        reason: commit.then_some(entity::choice::RevisionReason::Error),
        ..Options::default()
    }
}

async fn an_open_socket_has_the_rights_that_its_caller_has_now(db: TestDb) {
    let app = closed(&db).await;
    let token = hire(app.service(), "reporter", Role::Reporter, Some(INSIDE), None).await;
    let mut socket = Socket::speaking(app.url()).await;
    socket
        .send(&json!({ "type": "connection_init", "payload": { "authorization": bearer(&token) } }))
        .await;
    assert_eq!(socket.next().await.unwrap()["type"], "connection_ack");
    let count = "{ observations { totalCount } }";
    socket.subscribe("a", count).await;
    let told = socket.next().await.unwrap();
    assert_eq!(told["payload"]["data"]["observations"]["totalCount"], 51, "{told}");
    assert_eq!(socket.next().await.unwrap()["type"], "complete");
    for grant in app.service().grants(&operator()).await.unwrap() {
        app.service().revoke_grant(&operator(), grant.id).await.unwrap();
    }
    let write = r#"mutation { importObservations(input: { text: "indicator,org,period,value\n", commit: true }) { batch { id } } }"#;
    for (id, text) in [("b", count), ("c", write)] {
        socket.subscribe(id, text).await;
        let told = socket.next().await.unwrap();
        assert_eq!(told["type"], "error", "{told}");
        assert_eq!(told["payload"][0]["extensions"]["code"], "FORBIDDEN", "{told}");
    }
    app.service()
        .set_principal_enabled(&operator(), "reporter", false)
        .await
        .unwrap();
    socket.subscribe("d", count).await;
    assert_eq!(socket.next().await, Err(4403));
}

async fn what_is_made_ends_with_what_makes_it(db: TestDb) {
    let service = db.service().await;
    service.create_principal(&operator(), "temp", None, None).await.unwrap();
    let new = |expires_at: Option<i64>| NewToken {
        principal: "temp".to_owned(),
        label: None,
        scopes: Scopes::ALL,
        expires_at,
    };
    let grant = |valid_to: Option<i64>| NewGrant {
        principal: "temp".to_owned(),
        role: Role::Admin,
        org: Some(DISTRICT.to_owned()),
        theme: None,
        valid_from: None,
        valid_to,
    };
    service
        .grant_role(&operator(), &grant(Some(in_hours(2))))
        .await
        .unwrap();
    let made = service
        .create_token(&operator(), &new(Some(in_hours(1))))
        .await
        .unwrap();
    let header = bearer(&made.secret);
    let caller = service
        .sign_in(Some(header.as_bytes()), Origin::default())
        .await
        .unwrap();
    for end in [None, Some(in_hours(3))] {
        let refused = service.create_token(&caller, &new(end)).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
        let refused = service.grant_role(&caller, &grant(end)).await.unwrap_err();
        assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
    }
    let sooner = Some(in_hours(1) - 60_000_000);
    service.create_token(&caller, &new(sooner)).await.unwrap();
    service.grant_role(&caller, &grant(sooner)).await.unwrap();
}

async fn trying_values_tells_nothing_of_others(db: TestDb) {
    let service = db.service().await;
    let row = |org: &str, value: &str| {
        Row::default()
            .with("indicator", "law_lecture_count")
            .with("org", org)
            .with("period", "2025")
            .with("value", value)
    };
    let both = [row(INSIDE, "3"), row("shenzhen-luohu-cuizhu", "7")];
    service
        .import("both.csv", csv(&both).as_bytes(), &import(&operator(), true))
        .await
        .unwrap();
    let street = hire(&service, "street", Role::Reporter, Some(INSIDE), None).await;
    let all = hire(&service, "all", Role::Reporter, None, None).await;
    for (token, sees_ranks) in [(street, false), (all, true)] {
        let header = bearer(&token);
        let caller = service
            .sign_in(Some(header.as_bytes()), Origin::default())
            .await
            .unwrap();
        let mut ranks = Vec::new();
        for value in ["6", "8"] {
            let file = csv(&[row(INSIDE, value)]);
            let report = service
                .import("own.csv", file.as_bytes(), &import(&caller, false))
                .await
                .unwrap();
            let told = report.effects.iter().map(|row| (row.rank_before, row.rank_after));
            ranks.push(told.filter(|ranks| *ranks != (None, None)).collect::<Vec<_>>());
        }
        assert_eq!(ranks[0] != ranks[1], sees_ranks, "{ranks:?}");
        assert_eq!(ranks.iter().all(Vec::is_empty), !sees_ranks, "{ranks:?}");
    }
}

async fn a_submission_of_another_theme_is_not_read(db: TestDb) {
    let app = closed(&db).await;
    let (service, catalog) = (app.service(), app.service().snapshot().await.unwrap());
    let theme_of = |code: &str| {
        let indicator = catalog.catalog.indicator_by_code(code).unwrap();
        catalog.catalog.theme(indicator.theme_id).unwrap().code.clone()
    };
    let (own, other) = (theme_of("petition_received_count"), theme_of("law_lecture_count"));
    assert_ne!(own, other);
    let reader = hire(service, "reader", Role::Viewer, Some(INSIDE), Some(&own)).await;
    let reporter = hire(service, "reporter", Role::Reporter, Some(INSIDE), None).await;
    let open = "mutation ($input: OpenSubmissionInput!) { openSubmission(input: $input) { submission { id } } }";
    let mut ids = Vec::new();
    for theme in [json!(own), json!(other), Value::Null] {
        let input = json!({ "org": INSIDE, "period": if theme.is_null() { "2024" } else { "2025" }, "theme": theme, "message": "某事" });
        let headers = [
            ("content-type", "application/json"),
            ("authorization", &bearer(&reporter)),
        ];
        let body = json!({ "query": open, "variables": { "input": input } }).to_string();
        let told = app.raw_post(&headers, body).await.json();
        ids.push(
            told["data"]["openSubmission"]["submission"]["id"]
                .as_str()
                .unwrap_or_else(|| panic!("{told}"))
                .to_owned(),
        );
    }
    let list = "{ submissions { totalCount nodes { id theme thread { message } missing } } }";
    let told = ask(&app, Some(&reader), list).await.json();
    let nodes = told["data"]["submissions"]["nodes"].as_array().unwrap();
    assert_eq!(
        (nodes.len(), &told["data"]["submissions"]["totalCount"]),
        (1, &json!(1)),
        "{told}"
    );
    assert_eq!(nodes[0]["id"], json!(ids[0]));
    for (place, id) in ids.iter().enumerate() {
        let told = ask(&app, Some(&reader), &format!("{{ submission(id: \"{id}\") {{ id }} }}"))
            .await
            .json();
        assert_eq!(told["errors"].is_null(), place == 0, "{told}");
    }
    let all = ask(&app, Some(&reporter), list).await.json();
    assert_eq!(all["data"]["submissions"]["totalCount"], 3);
}

async fn the_record_names_what_was_tried_and_not_what_it_was_called(db: TestDb) {
    let app = closed(&db).await;
    let admin = hire(app.service(), "admin", Role::Admin, Some(DISTRICT), None).await;
    let viewer = hire(app.service(), "viewer", Role::Viewer, None, None).await;
    let outside = r#"grantRole(input: { principal: "admin", role: VIEWER, org: "shenzhen-longhua" }) { id }"#;
    let aliased = format!("mutation {{ commentSubmission: {outside} }}");
    let fragment = format!("mutation {{ ...f }} fragment f on Mutation {{ {outside} }}");
    for (token, text) in [(&admin, &aliased), (&viewer, &fragment)] {
        let told = ask(&app, Some(token), text).await.json();
        assert_eq!(code(&told), "FORBIDDEN", "{told}");
    }
    let refused = || async {
        let events = app.service().audit_since(&operator(), 0).await.unwrap();
        let refused = events.iter().filter(|event| event.action == "mutation");
        refused.map(|event| event.object.clone()).collect::<Vec<_>>()
    };
    // Refusals are written beside the answer.
    for _ in 0..100 {
        if refused().await.len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(refused().await, ["grantRole", "grantRole"]);
}

async fn nobody_changes_what_others_cite(db: TestDb) {
    let service = db.service().await;
    let row = |org: &str, publisher: &str, day: &str| {
        Row::default()
            .with("indicator", "law_lecture_count")
            .with("org", org)
            .with("period", "2025")
            .with("value", "3")
            .with("source_title", "统计公报")
            .with("source_url", "https://example.org/a")
            .with("publisher", publisher)
            .with("published_on", day)
    };
    let first = csv(&[row("shenzhen-longhua-guanhu", "", "")]);
    service
        .import("a.csv", first.as_bytes(), &import(&operator(), true))
        .await
        .unwrap();
    let before = entity::source::all(service.db()).await.unwrap();
    for (publisher, day) in [
        ("某处", ""),
        ("", "2020-01-01"),
        ("某处", "2020-01-01"),
        ("别处", "2020-01-01"),
    ] {
        let file = csv(&[row(INSIDE, publisher, day)]);
        let options = Options {
            again: true,
            ..import(&operator(), true)
        };
        service.import("b.csv", file.as_bytes(), &options).await.unwrap();
        let after = entity::source::all(service.db()).await.unwrap();
        assert!(before.iter().all(|row| after.contains(row)), "{publisher} {day}");
    }
}
