//! `plumbline demo`: up by itself, answering, gone without a trace; and how a server stops.

use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
use tests::client::Client;
use tests::db::TestDb;
use tests::program::Running;
use tests::suite;

use super::half_request::HalfRequest;
use crate::program::plumbline;

suite!(Figures: a_running_request_ends_before_the_server_does);

/// A stop that nothing holds up is much faster than the time that running requests may take.
const AT_ONCE: Duration = Duration::from_secs(10);

const COMPARE: &str = r#"{
    compare(input: {
        indicators: { codes: ["admin_litigation_count"] }
        orgs: { codes: ["shenzhen-longhua-guanhu"] }
        period: "2025"
    }) { rows { current { value } base { value } change { absolute percent reason } } }
}"#;

/// The temporary folders of demos.
fn traces(desk: &Path) -> usize {
    let entries = std::fs::read_dir(desk).unwrap().map(|entry| entry.unwrap().file_name());
    entries
        .filter(|name| name.to_string_lossy().starts_with("plumbline-demo-"))
        .count()
}

#[tokio::test]
async fn the_demo_answers_and_leaves_nothing_behind() {
    let mut demo = plumbline(["demo", "--listen", "127.0.0.1:0"]).start();
    let desk = demo.desk().to_owned();
    let loaded = demo.line_with("published figures");
    assert_eq!(loaded, "151 published figures are loaded into a temporary database.");
    let client = Client::new(&format!("http://{}", demo.address()));
    assert_eq!(traces(&desk), 1);
    let data = client.data(COMPARE, json!({})).await;
    let expected = json!([{
        "current": { "value": 11.0 },
        "base": { "value": 5.0 },
        "change": { "absolute": 6.0, "percent": 120.0, "reason": "OK" },
    }]);
    assert_eq!(data["compare"]["rows"], expected);

    let asked = Instant::now();
    demo.terminate();
    let gone = demo.runs_until(asked + AT_ONCE);
    assert!(!gone, "an idle connection holds the server up");
    assert_eq!(traces(&desk), 0);
    let said = demo.end();
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(said.out.ends_with("Plumbline has stopped.\n"), "{said:#?}");
    assert!(!said.err.contains("ERROR") && !said.err.contains("WARN"), "{said:#?}");
}

/// A signal in the moment in which the address is told is a signal like any other.
#[test]
fn a_stop_right_after_the_start_is_heard() {
    let mut demo = plumbline(["demo", "--listen", "127.0.0.1:0"]).start();
    demo.address();
    demo.terminate();
    let desk = demo.desk().to_owned();
    assert!(!demo.runs_until(Instant::now() + AT_ONCE), "the signal is not heard");
    assert_eq!(traces(&desk), 0);
    let said = demo.end();
    assert_eq!(said.code(), Some(0), "{said:#?}");
}

#[test]
fn a_demo_that_is_stopped_while_it_loads_leaves_nothing_behind() {
    let mut demo = plumbline(["demo", "--listen", "127.0.0.1:0"]).start();
    let desk = demo.desk().to_owned();
    while traces(&desk) == 0 {
        assert!(
            demo.runs_until(Instant::now() + Duration::from_millis(1)),
            "{:#?}",
            demo.last_words()
        );
    }
    demo.terminate();
    assert!(!demo.runs_until(Instant::now() + AT_ONCE), "the signal is not heard");
    assert_eq!(traces(&desk), 0, "{:#?}", demo.last_words());
}

async fn a_running_request_ends_before_the_server_does(db: TestDb) {
    let mut server = plumbline(["serve", "--listen", "127.0.0.1:0", "--database-url", db.url()]).start();
    let address = server.address();
    let request = HalfRequest::send(&address, COMPARE);
    server.terminate();
    wait_until_nobody_listens(&address, &mut server);
    let answer = request.finish();
    assert_eq!(
        answer["data"]["compare"]["rows"][0]["change"]["absolute"], 6.0,
        "{answer}"
    );
    let said = server.end();
    assert_eq!(said.code(), Some(0), "{said:#?}");
    assert!(said.out.ends_with("Plumbline has stopped.\n"), "{said:#?}");
}

/// From the signal on no new connection is taken; that is how the signal is known to have arrived.
fn wait_until_nobody_listens(address: &str, server: &mut Running) {
    let end = Instant::now() + AT_ONCE;
    while TcpStream::connect(address).is_ok() {
        if !server.runs_until(Instant::now() + Duration::from_millis(5)) {
            panic!("the server is gone before its request: {:#?}", server.last_words());
        }
        assert!(Instant::now() < end, "the server still takes connections");
    }
}
