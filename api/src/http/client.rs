//! Who asks, as far as limits need to know: the signed-in caller where there is one, else the address it came from.

use std::net::{IpAddr, Ipv6Addr};

use poem::Request;
use poem::http::HeaderMap;

use crate::config::Network;

/// One client, whose requests are counted together. Whoever knows better than the address who asks puts one into the request's extensions before
/// limits are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    /// Nobody in particular, from this address.
    Address(IpAddr),
    /// A signed-in caller, by the key of its principal.
    Principal(i64),
    /// From nowhere that has an address.
    Unknown,
}

impl Client {
    /// Who asks.
    pub(crate) fn of(request: &Request, trusted: &[Network]) -> Self {
        if let Some(known) = request.extensions().get::<Self>() {
            return *known;
        }
        match origin(request, trusted) {
            Some(address) => Self::Address(bundled(address)),
            None => Self::Unknown,
        }
    }

    /// Whether this machine itself asks, and names nobody.
    pub(crate) fn is_local(self) -> bool {
        matches!(self, Self::Address(address) if address.is_loopback())
    }
}

/// The address a request came from: the peer's, or what the nearest trusted proxies say.
pub(crate) fn origin(request: &Request, trusted: &[Network]) -> Option<IpAddr> {
    let peer = request.remote_addr().as_socket_addr()?.ip().to_canonical();
    Some(behind_proxies(peer, request.headers(), trusted))
}

/// Whoever stands before the last trusted proxy. Each proxy adds the address it saw at the end; what stands before an untrusted one may be made up.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(peer) {
        return peer;
    }
    let named: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .collect();
    let mut address = peer;
    for text in named.iter().rev() {
        if !is_trusted(address) {
            break;
        }
        match text.trim().parse::<IpAddr>() {
            Ok(before) => address = before.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

/// A household gets a whole network of IPv6 addresses: it is one client.
fn bundled(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) if !v6.is_loopback() => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        behind_proxies(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(seen("10.0.0.9", &["1.2.3.4"], &[]), "10.0.0.9");
        assert_eq!(seen("10.0.0.9", &["1.2.3.4"], &["10.0.0.9"]), "1.2.3.4");
        // A caller made the first one up.
        assert_eq!(seen("10.0.0.9", &["9.9.9.9, 1.2.3.4"], &["10.0.0.9"]), "1.2.3.4");
        assert_eq!(
            seen("10.0.0.9", &["9.9.9.9", "1.2.3.4, 10.0.0.8"], &["10.0.0.0/24"]),
            "1.2.3.4"
        );
        assert_eq!(seen("10.0.0.9", &["nonsense"], &["10.0.0.9"]), "10.0.0.9");
        assert_eq!(seen("10.0.0.9", &[], &["10.0.0.9"]), "10.0.0.9");
    }

    #[test]
    fn a_network_of_a_household_is_one_client() {
        let first: IpAddr = "2001:db8:1:2:3::4".parse().unwrap();
        let second: IpAddr = "2001:db8:1:2:ffff::".parse().unwrap();
        assert_eq!(bundled(first), bundled(second));
        assert_eq!(
            bundled(IpAddr::V6(Ipv6Addr::LOCALHOST)),
            IpAddr::V6(Ipv6Addr::LOCALHOST)
        );
    }
}
