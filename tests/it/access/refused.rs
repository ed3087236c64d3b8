//! Credentials that are not good are refused everywhere, and never taken for none.

use api::config::Public;
use api::service::access::Scopes;
use entity::choice::Role;
use sea_orm::ConnectionTrait;
use serde_json::json;
use tests::app::TestApp;
use tests::db::TestDb;
use tests::socket::Socket;
use tests::suite;

use super::cast::{ask, bearer, closed, code, hire, operator, token};

suite!(
    Figures: credentials_that_are_not_good_are_refused_everywhere,
    strangers_get_nothing_where_nothing_is_public,
    a_socket_signs_in_with_its_first_message,
    a_token_may_no_more_than_its_scopes,
    a_revoked_token_ends_what_is_open,
    the_last_use_is_written_down_once_a_minute,
    lists_of_tokens_and_grants_cost_as_much_for_many_as_for_one,
);

const COUNT: &str = "{ observations { totalCount } }";

/// What stands between `plb_` and the next `_`.
fn public_id(token: &str) -> String {
    token[4..20].to_owned()
}

async fn credentials_that_are_not_good_are_refused_everywhere(db: TestDb) {
    // Strangers may read here: bad credentials are worse than none all the same.
    let app = TestApp::start_with(&db, |config| config.public = Public::Published).await;
    let service = app.service();
    let good = hire(service, "good", Role::Admin, None, None).await;
    assert_eq!(ask(&app, Some(&good), COUNT).await.status, 200);
    let expired = token(service, "good", Scopes::ALL).await;
    let revoked = token(service, "good", Scopes::ALL).await;
    service.revoke_token(&operator(), &public_id(&revoked)).await.unwrap();
    let raw = db.raw().await;
    let expire = format!(
        "UPDATE api_token SET expires_at = 1 WHERE public_id = '{}'",
        public_id(&expired)
    );
    raw.execute_unprepared(&expire).await.unwrap();
    let disabled = hire(service, "gone", Role::Admin, None, None).await;
    service.set_principal_enabled(&operator(), "gone", false).await.unwrap();
    let mut tampered = good.clone();
    let last = if tampered.pop() == Some('0') { '1' } else { '0' };
    tampered.push(last);
    let swapped = format!("plb_{}_{}", public_id(&good), &disabled[21..]);
    let none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJnb29kIn0.";
    let hs256 = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJnb29kIn0.AAAA";
    let headers = [
        bearer(&expired),
        bearer(&revoked),
        bearer(&disabled),
        bearer(&tampered),
        bearer(&swapped),
        bearer(&good.to_uppercase()),
        bearer(&"a".repeat(20_000)),
        bearer(none),
        bearer(hs256),
        bearer(""),
        "Bearer".to_owned(),
        good.clone(),
        format!("Basic {good}"),
        format!("Bearer {good}, Bearer {good}"),
    ];
    for header in &headers {
        let sent = [("authorization", header.as_str()), ("content-type", "text/csv")];
        let json = [("authorization", header.as_str()), ("content-type", "application/json")];
        for answer in [
            app.raw_post(&json, json!({ "query": COUNT }).to_string()).await,
            app.raw_post(&json, json!({ "query": "{ __typename }" }).to_string())
                .await,
            app.client().get_with("/export/observations.csv", &sent).await,
            app.client().get_with("/export/observations.xlsx", &sent).await,
            app.client().post("/import?commit=1", &sent, "x").await,
        ] {
            assert_eq!(answer.status, 401, "{header}: {}", answer.text());
            let told = answer.json();
            assert_eq!(
                (code(&told), told.get("data")),
                (&json!("UNAUTHENTICATED"), None),
                "{header}"
            );
            assert!(answer.header("www-authenticate").is_some());
        }
        let probe = app.client().get_with("/health/live", &sent).await;
        assert_eq!(probe.status, 200);
    }
    let raw = raw_header(app.url(), "Bearer 令牌").await;
    assert!(raw.starts_with("HTTP/1.1 401"), "{raw}");
    // Enabled again it is good again.
    service.set_principal_enabled(&operator(), "gone", true).await.unwrap();
    assert_eq!(ask(&app, Some(&disabled), COUNT).await.status, 200);
    assert_eq!(
        ask(&app, Some(&good), COUNT).await.json()["data"]["observations"]["totalCount"],
        151
    );
}

/// The answer to a request with a header that no client would send.
async fn raw_header(url: &str, header: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let host = url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!(
        "GET /export/observations.csv HTTP/1.1\r\nhost: {host}\r\nauthorization: {header}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn strangers_get_nothing_where_nothing_is_public(db: TestDb) {
    let app = closed(&db).await;
    let refused = ask(&app, None, COUNT).await;
    assert_eq!(
        (refused.status, code(&refused.json())),
        (401, &json!("UNAUTHENTICATED"))
    );
    for hidden in [
        "{ ... { observations { totalCount } } }",
        "{ ...f } fragment f on Query { a: observations { totalCount } }",
        "query a { __typename } query b { observations { totalCount } }",
    ] {
        let body = json!({ "query": hidden, "operationName": if hidden.starts_with("query a") { json!("b") } else { json!(null) } });
        let refused = app
            .raw_post(&[("content-type", "application/json")], body.to_string())
            .await;
        assert_eq!(refused.status, 401, "{hidden}: {}", refused.text());
    }
    for path in ["/export/observations.csv", "/export/observations.xlsx"] {
        assert_eq!(app.get(path).await.status, 401);
    }
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(app.get(path).await.status, 200);
    }
    let schema = ask(&app, None, "{ __schema { queryType { name } } }").await;
    assert_eq!(
        (schema.status, &schema.json()["data"]["__schema"]["queryType"]["name"]),
        (200, &json!("Query"))
    );
    let me = ask(&app, None, "{ me { name signedIn scopes } }").await.json();
    assert_eq!(
        me["data"]["me"],
        json!({ "name": "anonymous", "signedIn": false, "scopes": [] })
    );
}

async fn a_socket_signs_in_with_its_first_message(db: TestDb) {
    let app = closed(&db).await;
    let good = hire(app.service(), "good", Role::Viewer, None, None).await;
    let mut socket = Socket::speaking(app.url()).await;
    socket.send(&json!({ "type": "connection_init" })).await;
    assert_eq!(socket.next().await, Err(4401));
    let mut socket = Socket::speaking(app.url()).await;
    socket
        .send(&json!({ "type": "connection_init", "payload": { "Authorization": bearer("plb_0") } }))
        .await;
    assert_eq!(socket.next().await, Err(4403));
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    let bad = Socket::open(app.url(), &[protocol, ("authorization", "Bearer plb_0")]).await;
    assert_eq!(bad.err(), Some(401));
    let by_header = bearer(&good);
    let mut with_header = Socket::open(app.url(), &[protocol, ("authorization", &by_header)])
        .await
        .unwrap();
    with_header.send(&json!({ "type": "connection_init" })).await;
    let mut with_message = Socket::speaking(app.url()).await;
    with_message
        .send(&json!({ "type": "connection_init", "payload": { "authorization": bearer(&good) } }))
        .await;
    for socket in [&mut with_header, &mut with_message] {
        assert_eq!(socket.next().await.unwrap()["type"], "connection_ack");
        socket.subscribe("q", COUNT).await;
        let told = socket.next().await.unwrap();
        assert_eq!(told["payload"]["data"]["observations"]["totalCount"], 151, "{told:#}");
    }
}

async fn a_token_may_no_more_than_its_scopes(db: TestDb) {
    let app = closed(&db).await;
    let service = app.service();
    hire(service, "chief", Role::Admin, None, None).await;
    let reads = token(service, "chief", Scopes::parse("read").unwrap()).await;
    let mints = token(service, "chief", Scopes::parse("read,token").unwrap()).await;
    assert_eq!(ask(&app, Some(&reads), COUNT).await.status, 200);
    for query in [
        "{ principals { name } }",
        "{ auditEvents { totalCount } }",
        "mutation { importObservations(input: { text: \"x\" }) { created } }",
        "mutation { createToken(input: { scopes: [READ] }) { secret } }",
        "mutation { undoImport(input: { batch: \"1\", reason: ERROR }) { restored } }",
    ] {
        let told = ask(&app, Some(&reads), query).await.json();
        assert_eq!((code(&told), told.get("data")), (&json!("FORBIDDEN"), None), "{query}");
    }
    let more = ask(
        &app,
        Some(&mints),
        "mutation { createToken(input: { scopes: [READ, ADMIN] }) { secret } }",
    )
    .await;
    assert_eq!(code(&more.json()), "FORBIDDEN");
    let same = ask(
        &app,
        Some(&mints),
        "mutation { createToken(input: { scopes: [READ] }) { secret token { scopes createdBy } } }",
    )
    .await;
    let made = &same.json()["data"]["createToken"];
    assert_eq!(made["token"], json!({ "scopes": ["READ"], "createdBy": "chief" }));
    assert_eq!(ask(&app, made["secret"].as_str(), COUNT).await.status, 200);
    // What is stored opens nothing.
    let stored = db.contents().await["api_token"].join(" ");
    assert!(!stored.contains(&reads[21..]) && !stored.contains(&made["secret"].as_str().unwrap()[21..]));
}

async fn a_revoked_token_ends_what_is_open(db: TestDb) {
    let app = TestApp::start_with(&db, |config| {
        config.public = Public::Nothing;
        config.subscription.poll_interval = std::time::Duration::from_millis(20);
    })
    .await;
    let service = app.service();
    let good = hire(service, "good", Role::Viewer, None, None).await;
    let mut socket = Socket::speaking(app.url()).await;
    socket
        .send(&json!({ "type": "connection_init", "payload": { "authorization": bearer(&good) } }))
        .await;
    socket.next().await.unwrap();
    socket.subscribe("feed", "subscription { changes { sequence } }").await;
    assert!(socket.is_silent(std::time::Duration::from_millis(100)).await);
    crate::transport::commit_one(service, 1990).await;
    assert_eq!(socket.next().await.unwrap()["type"], "next");
    service.revoke_token(&operator(), &public_id(&good)).await.unwrap();
    crate::transport::commit_one(service, 1991).await;
    let ended = socket.next().await.unwrap();
    assert!(ended.to_string().contains("UNAUTHENTICATED"), "{ended:#}");
    assert!(!ended.to_string().contains("sequence\":"), "{ended:#}");
}

async fn the_last_use_is_written_down_once_a_minute(db: TestDb) {
    let app = closed(&db).await;
    let service = app.service();
    let good = hire(service, "good", Role::Viewer, None, None).await;
    let used = async || service.tokens(&operator(), Some("good")).await.unwrap()[0].last_used_at;
    assert_eq!(used().await, None);
    ask(&app, Some(&good), COUNT).await;
    let mut first = None;
    while first.is_none() {
        first = used().await;
        tokio::task::yield_now().await;
    }
    for _ in 0..5 {
        ask(&app, Some(&good), COUNT).await;
    }
    assert_eq!(used().await, first);
}

async fn lists_of_tokens_and_grants_cost_as_much_for_many_as_for_one(db: TestDb) {
    let app = TestApp::start(&db).await;
    let service = app.service();
    for at in 0..20 {
        hire(service, &format!("desk-{at}"), Role::Viewer, None, None).await;
    }
    let before = service.db().queries();
    let told = ask(&app, None, "{ tokens { principal } grants { principal } }")
        .await
        .json();
    let sent = service.db().queries() - before;
    for list in ["tokens", "grants"] {
        let named = told["data"][list].as_array().unwrap();
        assert!(named.len() == 20 && named[19]["principal"] == "desk-19", "{told:#}");
    }
    assert!(sent <= 8, "{sent} queries");
}
