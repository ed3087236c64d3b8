//! What a death has left behind.

use std::collections::BTreeSet;

use api::service::access::Caller;
use api::service::import::Options;
use entity::choice::Topic;
use entity::observation::{self, FactFilter};
use entity::{change_feed, import_batch};
use sea_orm::{ConnectionTrait, Statement};
use tests::db::{Backend, TestDb};
use tests::fixture::{Row, csv};

/// How much of the batch is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    All,
    Nothing,
}

/// Rows, batch and change feed agree, and the file is sound.
pub(super) async fn check(db: &TestDb, rows: usize) -> Outcome {
    let pool = db.connect().await;
    // A server goes on with the statement of a dead client: whoever writes next waits for its end.
    pool.begin_write().await.unwrap().rollback().await.unwrap();
    let view = pool.begin_read().await.unwrap();
    let facts = observation::facts(&view, &FactFilter::default()).await.unwrap();
    let batches = import_batch::by_ids(&view, &[1, 2, 3]).await.unwrap();
    let changes = change_feed::since(&view, 0).await.unwrap();
    drop(view);
    let told: BTreeSet<_> = changes
        .iter()
        .filter(|change| change.topic == Topic::Observations)
        .map(|change| (change.indicator_id, change.batch_id))
        .collect();
    let outcome = match batches.as_slice() {
        [] => {
            assert_eq!((facts.len(), told.len()), (0, 0), "figures or changes without a batch");
            Outcome::Nothing
        }
        [batch] => {
            assert_eq!(facts.len(), rows, "a batch without all of its figures");
            assert_eq!(usize::try_from(batch.created_count), Ok(rows));
            let stored = facts.iter().map(|fact| (Some(fact.indicator_id), Some(batch.id)));
            assert_eq!(told, stored.collect(), "a batch without all of its changes");
            Outcome::All
        }
        more => panic!("one import left {} batches", more.len()),
    };
    is_sound(db).await;
    outcome
}

async fn is_sound(db: &TestDb) {
    if db.backend() == Backend::Postgres {
        return;
    }
    let raw = db.raw().await;
    for (question, expected) in [
        ("PRAGMA integrity_check", Some("ok")),
        ("PRAGMA foreign_key_check", None),
    ] {
        let statement = Statement::from_string(raw.get_database_backend(), question);
        let answer = raw.query_one_raw(statement).await.unwrap();
        let answer: Option<String> = answer.map(|row| row.try_get_by_index(0).unwrap());
        assert_eq!(answer.as_deref(), expected, "{question}");
    }
}

/// Another import works, as if nothing had happened.
pub(super) async fn the_next_import_works(db: &TestDb) {
    let service = db.service().await;
    let file = csv(&[Row::new("petition_received_count", "shenzhen", "1990", "1")]);
    let options = Options {
        commit: true,
        caller: Caller::operator("tester"),
        reason: None,
        again: false,
        ..Options::default()
    };
    let report = service.import("next.csv", file.as_bytes(), &options).await.unwrap();
    assert_eq!(report.created, 1);
}
