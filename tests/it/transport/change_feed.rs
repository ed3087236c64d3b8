//! The change feed is followed without a gap and without repetition, whoever writes.

use std::pin::pin;
use std::time::Duration;

use api::service::Service;
use api::service::access::Caller;
use api::service::import::Options;
use entity::change_feed::New;
use entity::choice::Topic;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::{Row, csv};
use tests::socket::Socket;
use tests::suite;

suite!(
    Catalog: changes_of_other_processes_are_told,
    a_follower_resumes_where_it_was,
    many_followers_hear_the_same_while_a_writer_commits,
    a_number_that_is_not_there_is_refused,
    a_slow_follower_reads_again_what_it_did_not_hear,
);

const FOLLOW: &str =
    "subscription { changes { sequence topic batchId recordedAt indicator { code numerator { code } } } }";

/// Commits one figure, which is one change.
pub(super) async fn commit(service: &Service, year: u32, value: u32) {
    let text = csv(&[Row::new(
        "petition_received_count",
        "shenzhen-luohu-sungang",
        &year.to_string(),
        &value.to_string(),
    )]);
    let options = Options {
        commit: true,
        caller: Caller::operator("tester"),
        ..Options::default()
    };
    service.import("figures.csv", text.as_bytes(), &options).await.unwrap();
}

pub(super) async fn quick(db: &TestDb) -> TestApp {
    TestApp::start_with(db, |config| {
        config.subscription.poll_interval = Duration::from_millis(20);
    })
    .await
}

fn sequence(message: &Value) -> i64 {
    let sequence = &message["payload"]["data"]["changes"]["sequence"];
    sequence.as_i64().unwrap_or_else(|| panic!("{message:#}"))
}

/// The feed as it stands in the database.
async fn written(service: &Service, after: i64) -> Vec<i64> {
    let changes = entity::change_feed::since(service.db(), after).await.unwrap();
    changes.into_iter().map(|change| change.id).collect()
}

async fn sequences(socket: &mut Socket, count: usize) -> Vec<i64> {
    let mut found = Vec::new();
    for _ in 0..count {
        found.push(sequence(&socket.next().await.unwrap()));
    }
    found
}

async fn changes_of_other_processes_are_told(db: TestDb) {
    let app = quick(&db).await;
    // Its own pool and snapshot, as a program beside the server has them.
    let other = db.service().await;
    let mut socket = Socket::ready(app.url()).await;
    socket.subscribe("feed", FOLLOW).await;
    assert!(socket.is_silent(Duration::from_millis(200)).await);
    commit(&other, 2021, 720).await;
    let message = socket.next().await.unwrap();
    assert_eq!(
        (message["type"].as_str(), message["id"].as_str()),
        (Some("next"), Some("feed"))
    );
    let change = &message["payload"]["data"]["changes"];
    assert_eq!(change["topic"], "OBSERVATIONS");
    assert_eq!(change["indicator"]["code"], "petition_received_count");
    assert!(
        change["batchId"].is_string() && change["recordedAt"].is_string(),
        "{message:#}"
    );
    // What was told is in the next answer.
    let seen = app.data("{ observations { totalCount } }", json!({})).await;
    assert_eq!(seen["observations"]["totalCount"], 1);
    commit(app.service(), 2022, 730).await;
    assert!(sequence(&socket.next().await.unwrap()) > sequence(&message));
}

async fn a_follower_resumes_where_it_was(db: TestDb) {
    let app = quick(&db).await;
    for year in 2010..2020 {
        commit(app.service(), year, year).await;
    }
    let all: Vec<i64> = written(app.service(), 0).await;
    let mut socket = Socket::ready(app.url()).await;
    socket
        .subscribe("all", "subscription { changes(after: 0) { sequence } }")
        .await;
    assert_eq!(sequences(&mut socket, all.len()).await, all);
    let (seen, rest) = all.split_at(all.len() - 4);
    let middle = seen.last().unwrap();
    let mut again = Socket::ready(app.url()).await;
    let resume = format!("subscription {{ changes(after: {middle}) {{ sequence }} }}");
    again.subscribe("rest", &resume).await;
    assert_eq!(sequences(&mut again, 4).await, rest);
}

async fn many_followers_hear_the_same_while_a_writer_commits(db: TestDb) {
    let app = quick(&db).await;
    let other = db.service().await;
    let start = entity::change_feed::latest(other.db()).await.unwrap();
    let follow = format!("subscription {{ changes(after: {start}) {{ sequence }} }}");
    let mut followers = Vec::new();
    for number in 0..3 {
        let mut socket = Socket::ready(app.url()).await;
        socket.subscribe("feed", &follow).await;
        followers.push(socket);
        for year in 0..4 {
            commit(&other, 2000 + number * 4 + year, 7).await;
        }
    }
    let written = written(&other, start).await;
    assert_eq!(written.len(), 12);
    for mut follower in followers {
        assert_eq!(sequences(&mut follower, 12).await, written);
        assert!(follower.is_silent(Duration::from_millis(100)).await);
    }
}

async fn a_number_that_is_not_there_is_refused(db: TestDb) {
    let app = quick(&db).await;
    let mut socket = Socket::ready(app.url()).await;
    for after in ["-1", "1000000"] {
        let query = format!("subscription {{ changes(after: {after}) {{ sequence }} }}");
        socket.subscribe("feed", &query).await;
        let message = socket.next().await.unwrap();
        assert_eq!(message["type"], "error", "{message:#}");
        assert_eq!(
            message["payload"][0]["extensions"]["code"], "BAD_USER_INPUT",
            "{message:#}"
        );
    }
}

async fn a_slow_follower_reads_again_what_it_did_not_hear(db: TestDb) {
    let service = db.service().await.polling(Duration::from_millis(10));
    let start = entity::change_feed::latest(service.db()).await.unwrap();
    let mut slow = pin!(service.changes(&Caller::operator("tester"), None).await.unwrap());
    let mut quick = pin!(service.changes(&Caller::operator("tester"), Some(start)).await.unwrap());
    // More than are kept for a listener, and more than are read at a time.
    let change = New {
        topic: Topic::Catalog,
        indicator_id: None,
        batch_id: None,
        recorded_at: 0,
    };
    for count in [1, 1499, 1000] {
        let tx = service.db().begin_write().await.unwrap();
        let changes = vec![change.clone(); count];
        entity::change_feed::append(&tx, changes).await.unwrap();
        tx.commit().await.unwrap();
        let heard = quick.next().await.unwrap().unwrap();
        assert!(heard.entry.id > start && heard.snapshot.version >= heard.entry.id);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut seen = Vec::new();
    while seen.len() < 2500 {
        seen.push(slow.next().await.unwrap().unwrap().entry.id);
    }
    assert_eq!(seen, written(&service, start).await);
}
