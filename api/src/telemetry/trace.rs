//! Traces for OpenTelemetry: what a request was spent on, sent to a collector as OTLP over HTTP, in JSON. Without a collector in the settings nothing of it
//! is made.
//!
//! A request carries its span along its task; what is done for it asks for that span and adds one below it. Only closed lists of names leave: no texts of
//! queries, no arguments, no addresses.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::collector::{Collector, Ended};

tokio::task_local! {
    static CURRENT: Context;
}

/// Makes the spans of requests. Clones send to the same collector.
#[derive(Clone, Default)]
pub struct Tracer {
    collector: Option<Collector>,
    /// Of all traces that begin here, so many parts of 65536 are sent.
    sampled: u64,
}

/// The span that work belongs to.
#[derive(Clone)]
struct Context {
    collector: Collector,
    trace: u128,
    span: u64,
}

/// A span, which ends with its value.
pub struct Span {
    context: Context,
    parent: Option<u64>,
    name: String,
    is_request: bool,
    began: SystemTime,
    attributes: Vec<(&'static str, String)>,
    failed: bool,
}

impl Tracer {
    /// Sends `ratio` of all traces to the collector at `endpoint`, as `http://127.0.0.1:4318`.
    #[must_use]
    pub fn sending(endpoint: &str, ratio: f64) -> Self {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 65536"
        )]
        let sampled = (ratio.clamp(0.0, 1.0) * 65536.0) as u64;
        Self {
            collector: Some(Collector::start(endpoint)),
            sampled,
        }
    }

    /// The span of a request; none when nothing is to be sent. A caller's `traceparent` decides about its own trace.
    #[must_use]
    pub fn request(&self, name: impl FnOnce() -> String, traceparent: Option<&str>) -> Option<Span> {
        let collector = self.collector.clone()?;
        let caller = traceparent.and_then(read);
        let is_wanted = match caller {
            Some((.., is_wanted)) => is_wanted,
            None => random() & 0xffff < self.sampled,
        };
        is_wanted.then(|| {
            let (trace, parent) = match caller {
                Some((trace, parent, _)) => (trace, Some(parent)),
                None => (u128::from(random()) << 64 | u128::from(random()), None),
            };
            let span = random();
            Span::new(Context { collector, trace, span }, parent, name(), true)
        })
    }

    /// Sends what is not sent yet; nothing is sent afterwards.
    pub fn finish(&self) {
        if let Some(collector) = &self.collector {
            collector.finish();
        }
    }
}

/// A span below the one that the task works for; none when there is none.
#[must_use]
pub fn child(name: impl FnOnce() -> String) -> Option<Span> {
    CURRENT
        .try_with(|current| {
            let context = Context {
                span: random(),
                ..current.clone()
            };
            Span::new(context, Some(current.span), name(), false)
        })
        .ok()
}

/// Does `work` for a span.
pub async fn within<T>(span: Option<&Span>, work: impl Future<Output = T>) -> T {
    match span {
        Some(span) => CURRENT.scope(span.context.clone(), work).await,
        None => work.await,
    }
}

impl Span {
    fn new(context: Context, parent: Option<u64>, name: String, is_request: bool) -> Self {
        Self {
            context,
            parent,
            name,
            is_request,
            began: SystemTime::now(),
            attributes: Vec::new(),
            failed: false,
        }
    }

    /// Says more about it: `name` is OpenTelemetry's where it has one.
    pub fn attribute(&mut self, name: &'static str, value: impl Into<String>) {
        self.attributes.push((name, value.into()));
    }

    /// Gives it another name, which was not known before.
    pub fn rename(&mut self, name: String) {
        self.name = name;
    }

    /// It was not done as it should have been, by a fault of ours.
    pub fn fail(&mut self) {
        self.failed = true;
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        self.context.collector.send(Ended {
            trace: self.context.trace,
            span: self.context.span,
            parent: self.parent,
            name: std::mem::take(&mut self.name),
            is_request: self.is_request,
            began: nanos(self.began),
            ended: nanos(SystemTime::now()),
            attributes: std::mem::take(&mut self.attributes),
            failed: self.failed,
        });
    }
}

fn nanos(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()
}

/// A number that nobody else has: it need not be hard to guess. Never 0, which means none.
fn random() -> u64 {
    static GIVEN: AtomicU64 = AtomicU64::new(0);
    static KEYS: std::sync::OnceLock<RandomState> = std::sync::OnceLock::new();
    let keys = KEYS.get_or_init(RandomState::new);
    keys.hash_one(GIVEN.fetch_add(1, Ordering::Relaxed)).max(1)
}

/// The trace, the span and whether it is wanted, from the header of W3C Trace Context.
fn read(traceparent: &str) -> Option<(u128, u64, bool)> {
    let mut parts = traceparent.trim().split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hex(version, 2) || version == "ff" || !is_hex(trace, 32) || !is_hex(span, 16) || !is_hex(flags, 2) {
        return None;
    }
    let trace = u128::from_str_radix(trace, 16).ok().filter(|trace| *trace != 0)?;
    let span = u64::from_str_radix(span, 16).ok().filter(|span| *span != 0)?;
    let flags = u8::from_str_radix(flags, 16).ok()?;
    Some((trace, span, flags & 1 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_of_a_caller_is_read_to_the_letter() {
        let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(
            read(good),
            Some((0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736, 0x00f0_67aa_0ba9_02b7, true))
        );
        assert_eq!(read(&good.replace("-01", "-00")).map(|told| told.2), Some(false));
        for bad in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[tokio::test]
    async fn without_a_collector_nothing_is_made() {
        let span = Tracer::default().request(|| panic!("nobody asked"), None);
        assert!(span.is_none());
        assert!(within(span.as_ref(), async { child(|| panic!("nobody asked")).is_none() }).await);
    }
}
