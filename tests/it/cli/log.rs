//! Log lines: one a request, whole and in order, whoever ends the server and how.

use std::time::{Duration, Instant};

use serde_json::Value;
use tests::client::Client;
use tests::db::TestDb;
use tests::program::{Running, Said};
use tests::suite;

use crate::program::plumbline;

suite!(
    Figures: every_request_has_its_line_when_the_server_stops,
    a_kill_takes_no_line_but_those_of_the_last_moment,
);

const REQUESTS: usize = 200;

/// A server that was asked so often, and the ids that it gave.
async fn asked(db: &TestDb) -> (Running, Vec<String>) {
    let mut server = plumbline(["serve", "--listen", "127.0.0.1:0", "--database-url", db.url()])
        .env("PLUMBLINE_LOG__FORMAT", "json")
        .start();
    let client = Client::new(&format!("http://{}", server.address()));
    let mut ids = Vec::new();
    for _ in 0..REQUESTS {
        let answer = client.get("/health/live").await;
        ids.push(answer.header("x-request-id").unwrap().to_owned());
    }
    (server, ids)
}

/// The ids of the requests that were told, each line an object.
fn told(said: &Said) -> Vec<String> {
    let lines = said.err.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        line
    });
    let requests = lines.filter(|line| line["fields"]["message"] == "request");
    requests
        .map(|line| line["fields"]["request_id"].as_str().unwrap().to_owned())
        .collect()
}

async fn every_request_has_its_line_when_the_server_stops(db: TestDb) {
    let (server, ids) = asked(&db).await;
    server.terminate();
    let said = server.end();
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert_eq!(told(&said), ids);
}

async fn a_kill_takes_no_line_but_those_of_the_last_moment(db: TestDb) {
    let (mut server, ids) = asked(&db).await;
    // What was said is read by now.
    assert!(server.runs_until(Instant::now() + Duration::from_secs(3)));
    assert_eq!(told(&server.kill()), ids);
}
