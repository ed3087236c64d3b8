//! What was done stays on record: whatever is altered or removed is found.

use entity::choice::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tests::db::TestDb;
use tests::suite;

use super::cast::{ask, closed, code, hire, operator};
use crate::program::plumbline;

suite!(
    Figures: an_altered_or_removed_event_is_found,
    concurrent_writers_keep_one_chain,
    refusals_are_on_record_and_bounded,
    an_anchor_finds_a_chain_that_was_made_anew,
);

async fn an_altered_or_removed_event_is_found(db: TestDb) {
    let service = db.service().await;
    for name in ["a", "b", "c"] {
        service.create_principal(&operator(), name, None, None).await.unwrap();
    }
    let whole = service.verify_audit(None).await.unwrap();
    assert_eq!(whole.faults, Vec::<String>::new());
    let events = service.audit_since(&operator(), 0).await.unwrap();
    assert_eq!(events.len(), usize::try_from(whole.events).unwrap());
    let raw = db.raw().await;
    let mut damages = Vec::new();
    for event in &events {
        let id = event.id;
        damages.push(format!("DELETE FROM audit_event WHERE id = {id}"));
        for (column, value) in [
            ("recorded_at", "recorded_at + 1"),
            ("actor", "'somebody'"),
            ("principal_id", "7"),
            ("on_behalf_of", "'me'"),
            ("action", "'nothing'"),
            ("object", "'nobody'"),
            ("before_state", "'{}'"),
            ("after_state", "'{\"x\":1}'"),
            ("request_id", "'r'"),
            ("address", "'10.0.0.1'"),
            ("result", "'REFUSED'"),
            ("previous_hash", "'00'"),
            ("hash", "'00'"),
            ("id", "id + 100"),
        ] {
            damages.push(format!("UPDATE audit_event SET {column} = {value} WHERE id = {id}"));
        }
    }
    damages.push("DELETE FROM audit_event".to_owned());
    // One more, which follows the last as it should in all but its hash.
    let newest = "FROM audit_event WHERE id = (SELECT MAX(id) FROM audit_event)";
    damages.push(format!(
        "INSERT INTO audit_event (id, recorded_at, actor, action, object, result, previous_hash, hash) \
         SELECT id + 1, recorded_at, actor, action, object, result, hash, hash {newest}"
    ));
    damages.push("DELETE FROM audit_head".to_owned());
    damages.push("UPDATE audit_head SET number = number - 1".to_owned());
    damages.push("UPDATE audit_head SET hash = ''".to_owned());
    for damage in damages {
        // The whole trail is put back afterwards.
        raw.execute_unprepared("DROP TABLE IF EXISTS kept_event").await.unwrap();
        raw.execute_unprepared("DROP TABLE IF EXISTS kept_head").await.unwrap();
        raw.execute_unprepared("CREATE TABLE kept_event AS SELECT * FROM audit_event")
            .await
            .unwrap();
        raw.execute_unprepared("CREATE TABLE kept_head AS SELECT * FROM audit_head")
            .await
            .unwrap();
        let changed = raw.execute_unprepared(&damage).await.unwrap().rows_affected();
        assert!(changed > 0, "{damage}");
        let found = service.verify_audit(None).await.unwrap();
        assert!(!found.faults.is_empty(), "{damage} is not found");
        for table in ["event", "head"] {
            raw.execute_unprepared(&format!("DELETE FROM audit_{table}"))
                .await
                .unwrap();
            raw.execute_unprepared(&format!("INSERT INTO audit_{table} SELECT * FROM kept_{table}"))
                .await
                .unwrap();
        }
    }
    assert_eq!(service.verify_audit(None).await.unwrap(), whole);
}

async fn concurrent_writers_keep_one_chain(db: TestDb) {
    let before = db.service().await.verify_audit(None).await.unwrap().events;
    let mut writers = Vec::new();
    for writer in 0..4 {
        // A pool of its own, as another process has it.
        let service = db.service().await;
        writers.push(tokio::spawn(async move {
            for number in 0..10 {
                let name = format!("p{writer}-{number}");
                service.create_principal(&operator(), &name, None, None).await.unwrap();
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let found = db.service().await.verify_audit(None).await.unwrap();
    assert_eq!((found.events, found.faults), (before + 40, Vec::new()));
}

async fn refusals_are_on_record_and_bounded(db: TestDb) {
    let app = closed(&db).await;
    let viewer = hire(app.service(), "viewer", Role::Viewer, None, None).await;
    let chief = hire(app.service(), "chief", Role::Admin, None, None).await;
    let before = app.service().verify_audit(None).await.unwrap().events;
    let write = r#"mutation { createPrincipal(input: { name: "x" }) { name } }"#;
    // Before the minute is full.
    let bad = format!("plb_{}_{}", "0".repeat(16), "1".repeat(64));
    ask(&app, Some(&bad), write).await;
    for _ in 0..200 {
        assert_eq!(code(&ask(&app, Some(&viewer), write).await.json()), "FORBIDDEN");
    }
    let list = r#"{ auditEvents(filter: { actor: "viewer" }, first: 500) { totalCount nodes { action object result requestId } } }"#;
    let mut told = Value::Null;
    // They are written soon, not at once.
    for _ in 0..500 {
        told = ask(&app, Some(&chief), list).await.json();
        if told["data"]["auditEvents"]["totalCount"] == 59 {
            break;
        }
    }
    let events = &told["data"]["auditEvents"];
    assert_eq!(events["totalCount"], 59, "{told:#}");
    assert_eq!(events["nodes"][0]["object"], "createPrincipal");
    assert_eq!(events["nodes"][0]["result"], "REFUSED");
    let found = app.service().verify_audit(None).await.unwrap();
    assert!(found.faults.is_empty() && found.events - before <= 61, "{found:?}");
    let text = db.contents().await["audit_event"].join(" ");
    let named = format!("token {}", "0".repeat(16));
    assert!(
        text.contains("sign_in") && text.contains(&named),
        "the token is named: {text}"
    );
    assert!(
        !text.contains(&"1".repeat(64)) && !text.contains(&viewer[21..]),
        "no secret is on record"
    );
}

async fn an_anchor_finds_a_chain_that_was_made_anew(db: TestDb) {
    let service = db.service().await;
    let first = service.verify_audit(None).await.unwrap();
    service.create_principal(&operator(), "a", None, None).await.unwrap();
    let anchor = Some((first.events, first.head.as_str()));
    assert_eq!(service.verify_audit(anchor).await.unwrap().faults, Vec::<String>::new());
    // Whoever has the database can begin a chain that is whole in itself.
    let raw = db.raw().await;
    raw.execute_unprepared("DELETE FROM audit_event").await.unwrap();
    raw.execute_unprepared("UPDATE audit_head SET number = 0, hash = ''")
        .await
        .unwrap();
    service.create_principal(&operator(), "b", None, None).await.unwrap();
    assert_eq!(service.verify_audit(None).await.unwrap().faults, Vec::<String>::new());
    assert_eq!(service.verify_audit(anchor).await.unwrap().faults.len(), 1);

    let call = |arguments: &[&str]| {
        let all = ["--database-url", db.url()];
        plumbline(arguments.iter().copied().chain(all)).run()
    };
    let said = call(&["audit", "verify", "--anchor", "/dev/null/none"]);
    assert_eq!(said.code(), Some(2), "{said:#?}");
    let said = call(&["audit", "verify"]);
    assert!(said.code() == Some(0) && said.out.contains("whole"), "{said:#?}");
    raw.execute_unprepared("UPDATE audit_event SET actor = 'x'")
        .await
        .unwrap();
    let said = call(&["audit", "verify"]);
    assert!(said.code() == Some(1) && said.err.contains("was altered"), "{said:#?}");
    let told: Vec<Value> = service
        .audit_since(&operator(), 0)
        .await
        .unwrap()
        .iter()
        .map(api::service::audit::to_json)
        .collect();
    assert_eq!(told[0]["actor"], json!("x"));
}
