//! What one client may ask of the server, and how it is told from others.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;

use super::fault::{ConfigError, positive};

/// What one client may ask.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Points that a client gets back each second; 0 asks no points at all.
    pub points_per_second: u32,
    /// Points that it may have at most.
    pub burst_points: u32,
    /// Clients whose points are remembered.
    pub clients: NonZeroUsize,
    /// Whether callers of this machine that name nobody are spared the points.
    pub spare_loopback: bool,
    /// Requests of one client that are answered at the same time.
    pub requests_per_client: usize,
    /// Requests that wait for room.
    pub waiting: usize,
    /// Requests of one client that wait.
    pub waiting_per_client: usize,
    /// How long they wait.
    pub wait: Duration,
    /// Sockets and event streams of one client.
    pub connections_per_client: usize,
    /// How long a refusal is held back, so that a flood does not live off refusals.
    pub refusal_pause: Duration,
    /// Proxies whose word about the caller's address is taken.
    pub trusted_proxies: Vec<Network>,
}

/// An address, or all that begin like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether an address belongs to it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0);
                Ipv4Addr::to_bits(own) & mask == Ipv4Addr::to_bits(other) & mask
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
                Ipv6Addr::to_bits(own) & mask == Ipv6Addr::to_bits(other) & mask
            }
            _ => false,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(drop)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(drop))?;
        (bits <= most).then_some(Self { address, bits }).ok_or(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimit {
    points_per_second: u32,
    burst_points: u32,
    clients: usize,
    spare_loopback: bool,
    requests_per_client: usize,
    waiting: usize,
    waiting_per_client: usize,
    wait_millis: u64,
    connections_per_client: usize,
    refusal_millis: u64,
    trusted_proxies: String,
}

impl RawLimit {
    pub(super) fn validate(self) -> Result<Limit, ConfigError> {
        Ok(Limit {
            points_per_second: self.points_per_second,
            burst_points: positive("limit.burst_points", self.burst_points)?,
            clients: NonZeroUsize::new(positive("limit.clients", self.clients)?).unwrap_or(NonZeroUsize::MIN),
            spare_loopback: self.spare_loopback,
            requests_per_client: positive("limit.requests_per_client", self.requests_per_client)?,
            waiting: self.waiting,
            waiting_per_client: self.waiting_per_client,
            wait: Duration::from_millis(self.wait_millis),
            connections_per_client: positive("limit.connections_per_client", self.connections_per_client)?,
            refusal_pause: Duration::from_millis(self.refusal_millis),
            trusted_proxies: networks(&self.trusted_proxies)?,
        })
    }
}

fn networks(text: &str) -> Result<Vec<Network>, ConfigError> {
    let listed = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    listed
        .map(|part| {
            part.parse().map_err(|()| ConfigError::Value {
                key: "limit.trusted_proxies",
                problem: format!("`{part}` is no address; write 10.1.2.3 or 10.1.2.0/24, several with commas"),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_what_begins_like_it() {
        let holds = |network: &str, address: &str| {
            let network: Network = network.parse().unwrap();
            network.contains(address.parse().unwrap())
        };
        assert!(holds("10.1.2.0/24", "10.1.2.255") && !holds("10.1.2.0/24", "10.1.3.0"));
        assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("127.0.0.1", "127.0.0.1") && !holds("127.0.0.1", "127.0.0.2"));
        assert!(holds("127.0.0.1", "::ffff:127.0.0.1"));
        assert!(holds("fd00::/8", "fd12::1") && !holds("fd00::/8", "fe80::1"));
        for wrong in ["here", "10.0.0.0/33", "::/129", "10.0.0.0/"] {
            assert_eq!(wrong.parse::<Network>(), Err(()), "{wrong}");
        }
    }
}
