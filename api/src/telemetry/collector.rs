//! The way of spans to a collector: a bounded line, a thread that sends it on in pieces, and no request that waits for either.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::Agent;

/// Spans that wait to be sent; more are lost rather than kept.
const WAITING: usize = 4096;
/// Spans that are sent at a time.
const PIECE: usize = 512;
/// How long spans wait for others at most.
const PAUSE: Duration = Duration::from_secs(2);
/// What a collector gets to take them.
const PATIENCE: Duration = Duration::from_secs(2);

/// A span that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) trace: u128,
    pub(super) span: u64,
    pub(super) parent: Option<u64>,
    pub(super) name: String,
    pub(super) is_request: bool,
    pub(super) began: u128,
    pub(super) ended: u128,
    pub(super) attributes: Vec<(&'static str, String)>,
    pub(super) failed: bool,
}

/// The line and the thread at its end.
type Line = (SyncSender<Ended>, JoinHandle<()>);

/// A collector. Clones send to the same one.
#[derive(Clone)]
pub(super) struct Collector {
    line: Arc<Mutex<Option<Line>>>,
    sender: SyncSender<Ended>,
}

impl Collector {
    /// Begins to send to the collector at `endpoint`.
    pub(super) fn start(endpoint: &str) -> Self {
        let (sender, receiver) = sync_channel(WAITING);
        let address = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
        let thread = std::thread::spawn(move || run(&receiver, &address));
        Self {
            line: Arc::new(Mutex::new(Some((sender.clone(), thread)))),
            sender,
        }
    }

    /// Puts a span into the line, if there is room.
    pub(super) fn send(&self, span: Ended) {
        // A collector that is slow or gone must not cost the request anything.
        let _ = self.sender.try_send(span);
    }

    /// Waits until what is in the line has been sent, for a while.
    pub(super) fn finish(&self) {
        let taken = self.line.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((sender, thread)) = taken else { return };
        // A span of no trace is the word to end.
        let end = Ended {
            trace: 0,
            span: 0,
            parent: None,
            name: String::new(),
            is_request: false,
            began: 0,
            ended: 0,
            attributes: Vec::new(),
            failed: false,
        };
        if sender.send(end).is_ok() {
            let _ = thread.join();
        }
    }
}

fn run(receiver: &Receiver<Ended>, address: &str) {
    let settings = Agent::config_builder().timeout_global(Some(PATIENCE)).build();
    let agent = Agent::from(settings);
    let (mut is_over, mut was_told) = (false, false);
    while !is_over {
        let mut spans = Vec::new();
        let due = Instant::now() + PAUSE;
        while spans.len() < PIECE {
            match receiver.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(span) if span.trace == 0 => {
                    is_over = true;
                    break;
                }
                Ok(span) => spans.push(span),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => {
                    is_over = true;
                    break;
                }
            }
        }
        if spans.is_empty() {
            continue;
        }
        let body = told(&spans).to_string();
        let sent = agent
            .post(address)
            .header("content-type", "application/json")
            .send(body.as_bytes());
        match sent {
            Ok(_) => was_told = false,
            // Once is enough until it works again.
            Err(error) if !was_told => {
                was_told = true;
                tracing::warn!(%error, "the collector does not take traces");
            }
            Err(_) => {}
        }
    }
}

/// Spans as OTLP has them in JSON: ids in hexadecimal, times as texts.
fn told(spans: &[Ended]) -> Value {
    let attribute = |(name, value): &(&str, String)| json!({ "key": name, "value": { "stringValue": value } });
    let spans: Vec<Value> = spans
        .iter()
        .map(|span| {
            json!({
                "traceId": format!("{:032x}", span.trace),
                "spanId": format!("{:016x}", span.span),
                "parentSpanId": span.parent.map_or_else(String::new, |parent| format!("{parent:016x}")),
                "name": span.name,
                "kind": if span.is_request { 2 } else { 1 },
                "startTimeUnixNano": span.began.to_string(),
                "endTimeUnixNano": span.ended.to_string(),
                "attributes": span.attributes.iter().map(attribute).collect::<Vec<_>>(),
                "status": if span.failed { json!({ "code": 2 }) } else { json!({}) },
            })
        })
        .collect();
    let resource = [
        ("service.name", "plumbline".to_owned()),
        ("service.version", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    json!({ "resourceSpans": [{
        "resource": { "attributes": resource.iter().map(attribute).collect::<Vec<_>>() },
        "scopeSpans": [{ "scope": { "name": "plumbline" }, "spans": spans }],
    }] })
}
