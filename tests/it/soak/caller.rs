//! Who asks: readers at a human pace, one who imports, and a flood.
#![allow(clippy::disallowed_methods, reason = "callers keep a pace, in threads of their own")]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::Agent;

use crate::access::cast::bearer;

/// Between two questions of a reader, and between two imports.
const PACE: Duration = Duration::from_millis(100);
/// What somebody waits who found nobody there.
const PAUSE: Duration = Duration::from_millis(50);
/// Two figures that every import sets to one number.
const ASK: &str = r#"{ compare(input: { indicators: { codes: ["petition_received_count"] }, orgs: { codes: ["shenzhen-luohu-sungang"] }, period: "2002" }) { rows { current { value } base { value } } } }"#;

/// What all callers share.
pub(super) struct Load {
    base: String,
    /// The tokens of the one who imports and of the flood.
    tokens: [String; 2],
    /// All end.
    pub(super) stop: AtomicBool,
    /// The readers of this phase end.
    phase_over: AtomicBool,
    /// The greatest number that an import was acknowledged for.
    pub(super) acknowledged: AtomicU64,
    tried: AtomicU64,
    down: Mutex<Vec<(Instant, Instant)>>,
}

/// Who asks.
#[derive(Clone, Copy)]
enum From<'a> {
    /// A stranger of this address.
    Address(&'a str),
    Token(&'a str),
}

/// A reader's answers: when it asked, how long it waited; and how often it was refused.
type Read = (Vec<(Instant, f64)>, usize);

impl Load {
    pub(super) fn new(base: &str, tokens: [String; 2]) -> Self {
        Self {
            base: base.to_owned(),
            tokens,
            stop: AtomicBool::new(false),
            phase_over: AtomicBool::new(false),
            acknowledged: AtomicU64::new(0),
            tried: AtomicU64::new(0),
            down: Mutex::default(),
        }
    }

    fn agent() -> Agent {
        let settings = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        settings.into()
    }

    /// An answer of a caller; none when there is nobody.
    fn post(&self, agent: &Agent, from: From<'_>, path: &str, kind: &str, body: &str) -> Option<(u16, Value)> {
        let request = agent.post(format!("{}{path}", self.base)).header("content-type", kind);
        let request = match from {
            From::Address(address) => request.header("x-forwarded-for", address),
            From::Token(token) => request.header("authorization", bearer(token)),
        };
        let mut response = request.send(body.as_bytes()).ok()?;
        let text = response.body_mut().read_to_string().ok()?;
        Some((response.status().as_u16(), serde_json::from_str(&text).ok()?))
    }

    fn ask(&self, agent: &Agent, from: From<'_>) -> Option<(u16, Value)> {
        let body = json!({ "query": ASK }).to_string();
        self.post(agent, from, "/graphql", "application/json", &body)
    }

    /// The batch of an import of the next number, if it is acknowledged.
    fn write(&self, agent: &Agent) -> Option<i64> {
        let number = self.tried.fetch_add(1, Ordering::SeqCst) + 1;
        let mut file = "indicator,org,period,value,unit\n".to_owned();
        for year in 2001..2006 {
            file.push_str(&format!(
                "petition_received_count,shenzhen-luohu-sungang,{year},{number},件\n"
            ));
        }
        let path = "/import?name=soak.csv&commit=1&reason=ERROR";
        let (status, answer) = self.post(agent, From::Token(&self.tokens[0]), path, "text/csv", &file)?;
        assert!(matches!(status, 200 | 503), "{status}: {answer}");
        let batch = answer["batch"].as_i64()?;
        self.acknowledged.store(number, Ordering::SeqCst);
        Some(batch)
    }

    pub(super) fn write_until_acknowledged(&self) {
        assert!(self.write(&Self::agent()).is_some(), "the first import is refused");
    }

    /// The number that stands there now.
    pub(super) fn newest(&self) -> u64 {
        let (status, answer) = self
            .ask(&Self::agent(), From::Address("10.0.0.200"))
            .expect("the server is there");
        assert_eq!(status, 200, "{answer}");
        number(&answer)
    }

    /// One who imports until the end; the batches that were acknowledged.
    pub(super) fn writer(self: &Arc<Self>) -> JoinHandle<Vec<i64>> {
        let load = Arc::clone(self);
        spawn(move || {
            let (agent, mut batches) = (Self::agent(), Vec::new());
            while !load.stop.load(Ordering::SeqCst) {
                batches.extend(load.write(&agent));
                // An import costs twenty points, which must come back before the next one.
                sleep(15 * PACE);
            }
            batches
        })
    }

    /// Readers, each from an address of its own, until the end of their phase.
    pub(super) fn readers(self: &Arc<Self>, count: usize) -> Vec<JoinHandle<Read>> {
        self.phase_over.store(false, Ordering::SeqCst);
        let reader = |place: usize| {
            let load = Arc::clone(self);
            spawn(move || {
                let (agent, mut waits, mut refused) = (Self::agent(), Vec::new(), 0);
                while !load.phase_over.load(Ordering::SeqCst) {
                    let asked = Instant::now();
                    match load.ask(&agent, From::Address(&format!("10.0.0.{place}"))) {
                        Some((200, answer)) => {
                            number(&answer);
                            waits.push((asked, asked.elapsed().as_secs_f64()));
                        }
                        Some(_) => refused += 1,
                        None => {}
                    }
                    sleep(PACE.saturating_sub(asked.elapsed()));
                }
                (waits, refused)
            })
        };
        (1..=count).map(reader).collect()
    }

    /// One token that asks as fast as it can on many connections; answers and refusals.
    pub(super) fn flood(self: &Arc<Self>, connections: usize) -> Vec<JoinHandle<(usize, usize)>> {
        let one = |_| {
            let load = Arc::clone(self);
            spawn(move || {
                let (agent, mut answers, mut refused) = (Self::agent(), 0, 0);
                while !load.stop.load(Ordering::SeqCst) {
                    match load.ask(&agent, From::Token(&load.tokens[1])) {
                        Some((200, _)) => answers += 1,
                        Some(_) => refused += 1,
                        None => sleep(PAUSE),
                    }
                }
                (answers, refused)
            })
        };
        (0..connections).map(one).collect()
    }

    /// The server was away between these moments.
    pub(super) fn was_down(&self, from: Instant, until: Instant) {
        self.down.lock().unwrap().push((from, until));
    }
}

/// The number that both figures have.
fn number(answer: &Value) -> u64 {
    let row = &answer["data"]["compare"]["rows"][0];
    let (now, before) = (row["current"]["value"].as_f64(), row["base"]["value"].as_f64());
    assert!(now.is_some() && now == before, "half a batch: {answer}");
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small whole numbers"
    )]
    now.map_or(0, |now| now as u64)
}

/// The waits of all readers of a phase, sorted, without those that met a death.
pub(super) struct Waits {
    seconds: Vec<f64>,
    pub(super) refused: usize,
}

impl Waits {
    /// Ends the phase of these readers.
    pub(super) fn of(readers: Vec<JoinHandle<Read>>, load: &Load) -> Self {
        load.phase_over.store(true, Ordering::SeqCst);
        let read: Vec<Read> = readers.into_iter().map(|reader| reader.join().unwrap()).collect();
        let down = load.down.lock().unwrap();
        let is_whole = |asked: &Instant, waited: f64| {
            let end = *asked + Duration::from_secs_f64(waited);
            !down.iter().any(|(from, until)| end >= *from && asked <= until)
        };
        let mut seconds: Vec<f64> = read
            .iter()
            .flat_map(|(waits, _)| waits)
            .filter(|(asked, waited)| is_whole(asked, *waited))
            .map(|(_, waited)| *waited)
            .collect();
        seconds.sort_by(f64::total_cmp);
        assert!(seconds.len() > 20, "{} answers", seconds.len());
        Self {
            seconds,
            refused: read.iter().map(|(_, refused)| refused).sum(),
        }
    }

    pub(super) fn at(&self, part: f64) -> f64 {
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let place = ((self.seconds.len() - 1) as f64 * part) as usize;
        self.seconds[place]
    }

    pub(super) fn told(&self) -> String {
        let ms = |part| self.at(part) * 1e3;
        format!(
            "{} answers, p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
            self.seconds.len(),
            ms(0.5),
            ms(0.99),
            ms(1.0)
        )
    }
}
