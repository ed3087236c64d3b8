//! Points: a bucket a client, which fills with time. What a request costs is taken out before it runs.
//!
//! A bucket is kept as the moment at which it will be full again (GCRA): one number a client, and no clock of its own, so that tests need not wait.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

use crate::config;
use crate::http::client::Client;

/// The buckets of all clients. The client that asked least recently is forgotten first, and begins with a full bucket again.
pub(super) struct Rate {
    /// When each bucket is full again.
    full_at: Mutex<LruCache<Client, Instant>>,
    /// In which time a point comes back; none asks no points.
    a_point: Option<Duration>,
    /// In which time an empty bucket is full.
    whole: Duration,
}

impl Rate {
    pub(super) fn new(limit: &config::Limit) -> Self {
        let a_point = (limit.points_per_second > 0).then(|| Duration::from_secs(1) / limit.points_per_second);
        let clients = if a_point.is_some() {
            limit.clients
        } else {
            NonZeroUsize::MIN
        };
        Self {
            full_at: Mutex::new(LruCache::new(clients)),
            a_point,
            whole: a_point.unwrap_or_default() * limit.burst_points,
        }
    }

    /// Takes `points` out of a client's bucket.
    ///
    /// # Errors
    /// How long to wait until they are there; nothing was taken then. What is dearer than a whole bucket costs a whole bucket.
    pub(super) fn charge(&self, client: Client, points: u64, now: Instant) -> Result<(), Duration> {
        let Some(a_point) = self.a_point else { return Ok(()) };
        let points = u32::try_from(points).unwrap_or(u32::MAX);
        let cost = a_point.saturating_mul(points).min(self.whole);
        let mut buckets = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = buckets.get(&client).copied().unwrap_or(now).max(now) + cost;
        let short = full_at.saturating_duration_since(now + self.whole);
        if short.is_zero() {
            buckets.put(client, full_at);
            Ok(())
        } else {
            Err(short)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(clients: usize) -> Rate {
        Rate::new(&config::Limit {
            points_per_second: 10,
            burst_points: 20,
            clients: NonZeroUsize::new(clients).unwrap(),
            ..crate::http::limit::tests::limits()
        })
    }

    #[test]
    fn a_bucket_empties_and_fills_with_time() {
        let (rate, start) = (rate(10), Instant::now());
        let at = |millis| start + Duration::from_millis(millis);
        let one = Client::Principal(1);
        assert_eq!((0..30).filter(|_| rate.charge(one, 1, start).is_ok()).count(), 20);
        assert_eq!(rate.charge(one, 1, start), Err(Duration::from_millis(100)));
        assert_eq!(rate.charge(one, 5, at(100)), Err(Duration::from_millis(400)));
        assert_eq!(rate.charge(one, 1, at(100)), Ok(()));
        // A refusal costs nothing; after two seconds the bucket is full, and never more than full.
        assert_eq!((0..50).filter(|_| rate.charge(one, 1, at(60_000)).is_ok()).count(), 20);
    }

    #[test]
    fn clients_do_not_share_a_bucket() {
        let (rate, now) = (rate(10), Instant::now());
        assert_eq!(rate.charge(Client::Principal(1), 20, now), Ok(()));
        assert!(rate.charge(Client::Principal(1), 1, now).is_err());
        assert_eq!(rate.charge(Client::Principal(2), 20, now), Ok(()));
    }

    #[test]
    fn what_is_dearer_than_a_bucket_takes_a_full_one() {
        let (rate, now) = (rate(10), Instant::now());
        assert_eq!(rate.charge(Client::Unknown, u64::MAX, now), Ok(()));
        assert_eq!(rate.charge(Client::Unknown, u64::MAX, now), Err(Duration::from_secs(2)));
    }

    #[test]
    fn only_so_many_clients_are_remembered() {
        let (rate, now) = (rate(3), Instant::now());
        for id in 0..1000 {
            assert_eq!(rate.charge(Client::Principal(id), 20, now), Ok(()));
            // Whoever goes on asking is not forgotten for it.
            let _ = rate.charge(Client::Principal(0), 1, now);
        }
        assert_eq!(rate.full_at.lock().unwrap().len(), 3);
        assert!(rate.charge(Client::Principal(0), 1, now).is_err());
    }

    #[test]
    fn no_rate_takes_no_points_and_remembers_nobody() {
        let rate = Rate::new(&config::Limit {
            points_per_second: 0,
            ..crate::http::limit::tests::limits()
        });
        assert!((0..1000).all(|_| rate.charge(Client::Unknown, 1_000_000, Instant::now()).is_ok()));
        assert!(rate.full_at.lock().unwrap().is_empty());
    }
}
