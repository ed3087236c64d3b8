//! What one client may ask: points that fill with time, and room at the same time as all others. A flood of one leaves the others their share.

mod gate;
mod held;
mod rate;

use std::sync::Arc;
use std::time::{Duration, Instant};

use poem::Response;
use poem::http::{HeaderValue, StatusCode, header};
use tokio::sync::Semaphore;

use self::gate::{Full, Gate, Size};
use self::rate::Rate;
use super::client::Client;
use super::problem::problem;
use crate::config;
use crate::error::ErrorCode;
use crate::telemetry::metrics::Metrics;

pub(super) use self::gate::Room;
pub(super) use self::held::hold;

/// What any request costs.
pub(super) const REQUEST: u64 = 1;
/// What a file that leaves costs.
pub(super) const EXPORT: u64 = 10;
/// What a file that comes in, or another change, costs.
pub(super) const CHANGE: u64 = 20;
/// Fields of a query that cost one point more.
const FIELDS_A_POINT: u64 = 1000;
/// Refusals that are held back at the same time; one more goes out at once.
const MOST_HELD_BACK: usize = 1000;

/// The limits of all clients. Clones are the same ones.
#[derive(Clone)]
pub(crate) struct Limits {
    shared: Arc<Shared>,
}

struct Shared {
    settings: config::Limit,
    rate: Rate,
    requests: Gate,
    open: Gate,
    held_back: Semaphore,
    metrics: Metrics,
}

/// Why a client has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its points are used up for so long.
    Points(Duration),
    /// There is no room for requests.
    Requests(Full),
    /// There is no room for what stays open.
    Open(Full),
}

impl Limits {
    pub(super) fn new(settings: config::Limit, http: &config::Http, open: usize, metrics: Metrics) -> Self {
        let requests = Gate::new(Size {
            inside: http.max_requests,
            inside_per_client: settings.requests_per_client,
            waiting: settings.waiting,
            waiting_per_client: settings.waiting_per_client,
            patience: settings.wait,
        });
        let open = Gate::new(Size {
            inside: open,
            inside_per_client: settings.connections_per_client,
            waiting: 0,
            waiting_per_client: 0,
            patience: Duration::ZERO,
        });
        Self {
            shared: Arc::new(Shared {
                rate: Rate::new(&settings),
                settings,
                requests,
                open,
                held_back: Semaphore::new(MOST_HELD_BACK),
                metrics,
            }),
        }
    }

    /// Takes points from a client.
    ///
    /// # Errors
    /// [`Refusal::Points`].
    pub(super) fn charge(&self, client: Client, points: u64) -> Result<(), Refusal> {
        if self.shared.settings.spare_loopback && client.is_local() {
            return Ok(());
        }
        let charged = self.shared.rate.charge(client, points, Instant::now());
        charged.map_err(|wait| self.counted(Refusal::Points(wait)))
    }

    /// Room to answer a request of a client, after its turn has come.
    ///
    /// # Errors
    /// [`Refusal::Requests`].
    pub(super) async fn enter(&self, client: Client) -> Result<Room, Refusal> {
        let entered = self.shared.requests.enter(client).await;
        entered.map_err(|full| self.counted(Refusal::Requests(full)))
    }

    /// Room for a socket or an event stream of a client.
    ///
    /// # Errors
    /// [`Refusal::Open`].
    pub(super) async fn open(&self, client: Client) -> Result<Room, Refusal> {
        let opened = self.shared.open.enter(client).await;
        opened.map_err(|full| self.counted(Refusal::Open(full)))
    }

    fn counted(&self, refusal: Refusal) -> Refusal {
        self.shared.metrics.refused(refusal.name());
        refusal
    }

    /// Puts into the metrics who is inside and who waits.
    pub(super) fn sample(&self) {
        let (inside, waiting) = self.shared.requests.crowd();
        let (open, _) = self.shared.open.crowd();
        for (what, count) in [("inside", inside), ("waiting", waiting), ("open", open)] {
            self.shared.metrics.crowd(what, count);
        }
    }

    /// Until no socket and no event stream is open.
    pub(super) async fn all_closed(&self) {
        self.shared.open.emptied().await;
    }

    /// The answer to whoever has to wait. It is held back a moment: whoever asks again at once cannot ask more often for that.
    pub(super) async fn refuse(&self, refusal: Refusal) -> Response {
        if refusal.code() == ErrorCode::LimitExceeded
            && let Ok(_place) = self.shared.held_back.try_acquire()
        {
            tokio::time::sleep(self.shared.settings.refusal_pause).await;
        }
        let status = match refusal.code() {
            ErrorCode::LimitExceeded => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        let mut response = problem(status, refusal.code(), refusal.message(), Some(refusal.hint()));
        let seconds = HeaderValue::from(refusal.seconds());
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
        response
    }
}

impl Refusal {
    /// The limit, as the metrics name it.
    fn name(self) -> &'static str {
        match self {
            Self::Points(_) => "points",
            Self::Requests(Full::Client) => "requests_of_client",
            Self::Requests(Full::Server) => "requests",
            Self::Open(Full::Client) => "connections_of_client",
            Self::Open(Full::Server) => "connections",
        }
    }

    /// The client's own fault, or everybody's.
    pub(super) fn code(self) -> ErrorCode {
        match self {
            Self::Points(_) | Self::Requests(Full::Client) | Self::Open(Full::Client) => ErrorCode::LimitExceeded,
            Self::Requests(Full::Server) | Self::Open(Full::Server) => ErrorCode::Unavailable,
        }
    }

    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Points(_) => "this client has asked more than it may for now",
            Self::Requests(Full::Client) => "too many requests of this client wait already",
            Self::Requests(Full::Server) => "the server has no room for more requests now",
            Self::Open(Full::Client) => "too many sockets and streams of this client are open already",
            Self::Open(Full::Server) => "the server has no room for more sockets or streams now",
        }
    }

    pub(super) fn hint(self) -> &'static str {
        match self {
            Self::Points(_) => "ask again after the seconds of retry-after; several questions fit into one query",
            Self::Requests(Full::Client) => "wait for answers before asking more",
            Self::Open(Full::Client) => "close some: one socket carries many operations",
            Self::Requests(Full::Server) | Self::Open(Full::Server) => "try again in a moment",
        }
    }

    /// Whole seconds after which it is worth while to ask again.
    pub(super) fn seconds(self) -> u64 {
        match self {
            Self::Points(wait) => wait.as_secs() + u64::from(wait.subsec_nanos() > 0),
            Self::Requests(_) | Self::Open(_) => 1,
        }
    }
}

/// What a query costs beside being a request.
pub(super) fn query_points(fields: u64, changes: bool) -> u64 {
    fields / FIELDS_A_POINT + if changes { CHANGE } else { 0 }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;

    pub(super) fn limits() -> config::Limit {
        config::Limit {
            points_per_second: 100,
            burst_points: 100,
            clients: NonZeroUsize::MIN,
            spare_loopback: false,
            requests_per_client: 1,
            waiting: 1,
            waiting_per_client: 1,
            wait: Duration::from_secs(1),
            connections_per_client: 1,
            refusal_pause: Duration::ZERO,
            trusted_proxies: Vec::new(),
        }
    }

    #[test]
    fn a_part_of_a_second_is_a_whole_one_to_wait() {
        assert_eq!(Refusal::Points(Duration::from_millis(1)).seconds(), 1);
        assert_eq!(Refusal::Points(Duration::from_millis(1001)).seconds(), 2);
        assert_eq!(Refusal::Points(Duration::from_secs(2)).seconds(), 2);
    }

    #[test]
    fn dear_queries_and_changes_cost_more() {
        assert_eq!(query_points(999, false), 0);
        assert_eq!(query_points(50_000, false), 50);
        assert_eq!(query_points(1, true), CHANGE);
    }
}
