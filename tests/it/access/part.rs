//! Two callers who ask the same thing get each their own part, also where something is kept for later; and no way leads around.

use api::service::access::Scopes;
use entity::choice::Role;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::suite;

use super::cast::{DISTRICT, INSIDE, OUTSIDE, ask, bearer, closed, code, hire, operator, token};

suite!(
    Figures: the_same_question_gets_each_their_own_rows_with_hot_caches,
    no_baseline_or_neighbour_tells_what_is_outside,
    a_theme_narrows_the_indicators,
    a_reporter_writes_its_own_part_under_its_own_name,
    names_of_ones_own_choice_do_not_meet,
    a_grant_holds_for_its_time,
);

/// Two districts, one principal each.
async fn two(app: &TestApp) -> [(String, &'static str, &'static str); 2] {
    let one = hire(app.service(), "luohu", Role::Viewer, Some(DISTRICT), None).await;
    let other = hire(app.service(), "longhua", Role::Viewer, Some("shenzhen-longhua"), None).await;
    [(one, INSIDE, OUTSIDE), (other, OUTSIDE, INSIDE)]
}

async fn the_same_question_gets_each_their_own_rows_with_hot_caches(db: TestDb) {
    let app = closed(&db).await;
    let callers = two(&app).await;
    let query = "{ observations(first: 500) { totalCount nodes { orgUnit { code } } } orgUnits(first: 500) { nodes { code } } availability { indicators { observations } } findings { cells { orgUnit { code } } } }";
    let mut counts = Vec::new();
    let mut tags = Vec::new();
    // Twice each, in turn: whatever is kept is kept by then.
    for _ in 0..2 {
        for (token, own, other) in &callers {
            let told = ask(&app, Some(token), query).await;
            assert_eq!(told.header("cache-control"), Some("no-store"));
            let vary: Vec<&str> = told
                .headers
                .get_all("vary")
                .iter()
                .map(|value| value.to_str().unwrap())
                .collect();
            assert!(vary.join(",").contains("authorization"), "{vary:?}");
            let text = told.text().to_owned();
            assert!(text.contains(own) && !text.contains(other), "{text}");
            counts.push(told.json()["data"]["observations"]["totalCount"].as_i64().unwrap());
            let header = bearer(token);
            let headers = [("authorization", header.as_str())];
            let file = app.client().get_with("/export/observations.csv", &headers).await;
            assert_eq!(file.header("cache-control"), Some("private, no-cache"));
            let vary: Vec<_> = file.headers.get_all("vary").iter().collect();
            assert!(vary.iter().any(|value| *value == "authorization"), "{vary:?}");
            assert!(file.text().contains(own) && !file.text().contains(other));
            tags.push(file.header("etag").unwrap().to_owned());
        }
    }
    assert_eq!((counts[0], counts[1]), (counts[2], counts[3]));
    assert!(counts[0] + counts[1] < 151, "some figures are of neither");
    assert_eq!((&tags[0], &tags[1]), (&tags[2], &tags[3]));
    assert_ne!(tags[0], tags[1]);
    for (at, (token, ..)) in callers.iter().enumerate() {
        let header = bearer(token);
        for (of, tag) in tags.iter().take(2).enumerate() {
            let headers = [("authorization", header.as_str()), ("if-none-match", tag.as_str())];
            let answer = app.client().get_with("/export/observations.csv", &headers).await;
            assert_eq!(answer.status, if at == of { 304 } else { 200 });
        }
    }
    persisted(&app, &callers).await;
    kept(&app, &callers).await;
}

/// An answer that is kept is for those who may read the same, and not for strangers.
async fn kept(app: &TestApp, callers: &[(String, &'static str, &'static str); 2]) {
    let query = r#"{ compare(input: { indicators: { codes: ["admin_litigation_count"] }, orgs: { level: STREET }, period: "2025" }) { rows { orgUnit { code } current { value } } } }"#;
    let mut texts = Vec::new();
    for _ in 0..2 {
        for (token, own, other) in callers {
            let told = ask(app, Some(token), query).await;
            let text = told.text().to_owned();
            assert!(text.contains(own) && !text.contains(other), "{text}");
            assert_eq!(told.header("cache-control"), Some("no-store"));
            texts.push(text);
        }
        let stranger = ask(app, None, query).await;
        assert_eq!(code(&stranger.json()), "UNAUTHENTICATED");
    }
    assert_eq!((&texts[0], &texts[1]), (&texts[2], &texts[3]));
    // The same part, but a token that may not read.
    let importing = token(app.service(), "luohu", Scopes::parse("import").unwrap()).await;
    for _ in 0..2 {
        let told = ask(app, Some(&importing), query).await;
        assert_eq!(code(&told.json()), "FORBIDDEN");
    }
}

/// A text that one registered answers the other with its own rows.
async fn persisted(app: &TestApp, callers: &[(String, &'static str, &'static str); 2]) {
    let query = "{ orgUnits(first: 500) { nodes { code } } }";
    let hash = api_hash(query);
    let extension = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let post = async |token: Option<&str>, body: Value| {
        let header = token.map(bearer);
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(header.as_deref().map(|header| ("authorization", header)));
        app.raw_post(&headers, body.to_string()).await
    };
    // A stranger registers nothing.
    let refused = post(None, json!({ "query": query, "extensions": extension })).await;
    assert_eq!(refused.status, 401);
    let unknown = post(Some(&callers[0].0), json!({ "extensions": extension })).await;
    assert_eq!(code(&unknown.json()), "PERSISTED_QUERY_NOT_FOUND");
    post(Some(&callers[0].0), json!({ "query": query, "extensions": extension })).await;
    for (token, own, other) in callers {
        let told = post(Some(token), json!({ "extensions": extension })).await;
        assert!(
            told.text().contains(own) && !told.text().contains(other),
            "{}",
            told.text()
        );
    }
    assert_eq!(post(None, json!({ "extensions": extension })).await.status, 401);
}

fn api_hash(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn no_baseline_or_neighbour_tells_what_is_outside(db: TestDb) {
    let app = closed(&db).await;
    let street = hire(app.service(), "street", Role::Viewer, Some(INSIDE), None).await;
    let district = hire(app.service(), "district", Role::Viewer, Some(DISTRICT), None).await;
    for baseline in ["PARENT", "PEERS"] {
        let query = format!(
            r#"{{ compare(input: {{ indicators: {{ codes: ["petition_received_count"] }}, orgs: {{ codes: ["{INSIDE}"] }}, period: "2021", baseline: {baseline} }}) {{ rows {{ base {{ value }} }} }} }}"#
        );
        assert_eq!(
            code(&ask(&app, Some(&street), &query).await.json()),
            "FORBIDDEN",
            "{baseline}"
        );
        assert_eq!(
            ask(&app, Some(&district), &query).await.json().get("errors"),
            None,
            "{baseline}"
        );
    }
    let above = format!(r#"{{ orgUnit(code: "{INSIDE}") {{ parent {{ code }} }} }}"#);
    assert_eq!(
        ask(&app, Some(&street), &above).await.json()["data"]["orgUnit"]["parent"],
        Value::Null
    );
    assert_eq!(
        ask(&app, Some(&district), &above).await.json()["data"]["orgUnit"]["parent"]["code"],
        DISTRICT
    );
    let ranking = format!(
        r#"{{ ranking(input: {{ indicator: "petition_received_count", orgs: {{ codes: ["{INSIDE}"] }}, period: "2021" }}) {{ parent {{ code }} parentValue {{ value }} }} }}"#
    );
    let told = ask(&app, Some(&street), &ranking).await.json();
    assert_eq!(
        told["data"]["ranking"],
        json!({ "parent": null, "parentValue": null }),
        "{told:#}"
    );
    let within = format!(r#"{{ orgUnits(select: {{ within: "{DISTRICT}" }}) {{ totalCount }} }}"#);
    assert_eq!(code(&ask(&app, Some(&street), &within).await.json()), "FORBIDDEN");
    // A row of another's is told like one that is gone.
    let ids = "{ observations(first: 500) { nodes { id } } }";
    let all = hire(app.service(), "all", Role::Viewer, None, None).await;
    let told = ask(&app, Some(&all), ids).await.json();
    let nodes = told["data"]["observations"]["nodes"].as_array().unwrap().clone();
    let ids: Vec<&str> = nodes.iter().map(|node| node["id"].as_str().unwrap()).collect();
    let told = ask(
        &app,
        Some(&street),
        &format!("{{ nodes(ids: {}) {{ id }} }}", json!(ids)),
    )
    .await
    .json();
    let told = told["data"]["nodes"].as_array().unwrap();
    assert_eq!(
        told.iter().filter(|node| !node.is_null()).count(),
        51,
        "its own and no others"
    );
}

async fn a_theme_narrows_the_indicators(db: TestDb) {
    let app = closed(&db).await;
    let one = hire(app.service(), "one", Role::Viewer, Some(DISTRICT), Some("disputes")).await;
    let compare = |indicator: &str| {
        format!(
            r#"{{ compare(input: {{ indicators: {{ codes: ["{indicator}"] }}, orgs: {{ codes: ["{INSIDE}"] }}, period: "2021" }}) {{ rows {{ indicator {{ theme }} }} }} }}"#
        )
    };
    assert_eq!(
        ask(&app, Some(&one), &compare("petition_received_count"))
            .await
            .json()
            .get("errors"),
        None
    );
    let refused = ask(&app, Some(&one), &compare("law_exam_participation_rate"))
        .await
        .json();
    assert_eq!(code(&refused), "FORBIDDEN", "{refused:#}");
    let told = ask(
        &app,
        Some(&one),
        "{ observations(first: 500) { nodes { indicator { theme } } } }",
    )
    .await
    .json();
    let nodes = told["data"]["observations"]["nodes"].as_array().unwrap();
    assert!(
        !nodes.is_empty() && nodes.iter().all(|node| node["indicator"]["theme"] == "disputes"),
        "{told:#}"
    );
    // Another part for all themes: what may be read in part only is said, not left out.
    let service = app.service();
    let grant = api::service::access::NewGrant {
        principal: "one".to_owned(),
        role: Role::Viewer,
        org: Some(OUTSIDE.to_owned()),
        theme: None,
        valid_from: None,
        valid_to: None,
    };
    service.grant_role(&operator(), &grant).await.unwrap();
    let told = ask(&app, Some(&one), "{ observations { totalCount } }").await.json();
    assert_eq!(code(&told), "FORBIDDEN");
    let hint = told["errors"][0]["extensions"]["hint"].as_str().unwrap();
    assert!(hint.contains("one theme"), "{hint}");
    let told = ask(
        &app,
        Some(&one),
        r#"{ observations(filter: { indicators: { theme: "disputes" } }) { totalCount } }"#,
    )
    .await;
    assert_eq!(told.json().get("errors"), None);
}

async fn a_reporter_writes_its_own_part_under_its_own_name(db: TestDb) {
    let app = closed(&db).await;
    let token = hire(app.service(), "li.wei", Role::Reporter, Some(INSIDE), None).await;
    let header = bearer(&token);
    let headers = [("authorization", header.as_str()), ("content-type", "text/csv")];
    let row = |org: &str| Row::new("petition_received_count", org, "1999", "7");
    let before = db.contents().await["observation"].clone();
    for path in ["/import", "/import?commit=1", "/import?targets=1"] {
        let org = if path.contains("targets") { INSIDE } else { OUTSIDE };
        let mixed = csv(&[row(INSIDE), row(org)]);
        let refused = app.client().post(path, &headers, mixed).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.text());
    }
    assert_eq!(db.contents().await["observation"], before);
    let done = app
        .client()
        .post(
            "/import?commit=1&onBehalfOf=%E7%AC%8B%E5%B2%97",
            &headers,
            csv(&[row(INSIDE)]),
        )
        .await;
    assert_eq!(done.status, 200, "{}", done.text());
    let batch = done.json()["batch"].as_i64().unwrap();
    let told = ask(&app, Some(&token), "{ importBatches { id author } }").await.json();
    let expected = json!([{ "id": batch.to_string(), "author": "li.wei, for 笋岗" }]);
    assert_eq!(told["data"]["importBatches"], expected, "its own and no others");
    let spoof = app
        .client()
        .post("/import?commit=1&author=boss", &headers, csv(&[row(INSIDE)]))
        .await;
    assert_eq!(spoof.status, 400);
    let undo = format!(
        r#"mutation {{ undoImport(input: {{ batch: "{batch}", reason: ERROR, commit: true }}) {{ withdrawn }} }}"#
    );
    assert_eq!(
        ask(&app, Some(&token), &undo).await.json()["data"]["undoImport"]["withdrawn"],
        1
    );
    let events = app.service().audit_since(&operator(), 0).await.unwrap();
    let done: Vec<(&str, &str)> = events
        .iter()
        .filter(|event| event.actor == "li.wei" && event.result == entity::choice::AuditResult::Done)
        .map(|event| (event.action.as_str(), event.on_behalf_of.as_deref().unwrap_or("")))
        .collect();
    assert_eq!(done, [("import", "笋岗"), ("undo", "")]);
    assert!(
        events
            .iter()
            .all(|event| event.actor != "li.wei" || event.request_id.is_some() && event.address.is_some())
    );
}

async fn names_of_ones_own_choice_do_not_meet(db: TestDb) {
    let app = closed(&db).await;
    let service = app.service();
    let (one, other) = (
        hire(service, "one", Role::Reporter, Some(INSIDE), None).await,
        hire(service, "other", Role::Reporter, Some(OUTSIDE), None).await,
    );
    for (token, org) in [(&one, INSIDE), (&other, OUTSIDE)] {
        let header = bearer(token);
        let headers = [("authorization", header.as_str()), ("content-type", "text/csv")];
        let file = csv(&[Row::new("petition_received_count", org, "1999", "7")]);
        let told = app
            .client()
            .post("/import?commit=1&idempotencyKey=monday", &headers, file)
            .await
            .json();
        assert_eq!(
            (&told["created"], &told["knownBatch"]),
            (&json!(1), &Value::Null),
            "{told:#}"
        );
    }
    // A file that somebody else imported tells nothing to one whose part it is not.
    let header = bearer(&one);
    let headers = [("authorization", header.as_str()), ("content-type", "text/csv")];
    let theirs = csv(&[Row::new("petition_received_count", OUTSIDE, "1999", "7")]);
    assert_eq!(app.client().post("/import", &headers, theirs).await.status, 403);
}

async fn a_grant_holds_for_its_time(db: TestDb) {
    let app = closed(&db).await;
    let service = app.service();
    service.create_principal(&operator(), "temp", None, None).await.unwrap();
    let token = token(service, "temp", Scopes::ALL).await;
    let count = "{ observations { totalCount } }";
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let (now, hour) = (i64::try_from(now.as_micros()).unwrap(), 3_600_000_000);
    let grant = |valid_from, valid_to| api::service::access::NewGrant {
        principal: "temp".to_owned(),
        role: Role::Viewer,
        org: None,
        theme: None,
        valid_from,
        valid_to,
    };
    for (from, to) in [(Some(now + hour), None), (None, Some(now - hour))] {
        service.grant_role(&operator(), &grant(from, to)).await.unwrap();
        assert_eq!(code(&ask(&app, Some(&token), count).await.json()), "FORBIDDEN");
    }
    let held = service
        .grant_role(&operator(), &grant(Some(now - hour), Some(now + hour)))
        .await
        .unwrap();
    assert_eq!(ask(&app, Some(&token), count).await.json().get("errors"), None);
    service.revoke_grant(&operator(), held.id).await.unwrap();
    assert_eq!(code(&ask(&app, Some(&token), count).await.json()), "FORBIDDEN");
}
