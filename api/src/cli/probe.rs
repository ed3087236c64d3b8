//! `plumbline probe`: whether the server of these settings answers, for the health checks of containers, which have no client of their own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::TcpStream;

use super::fault::CommandError;
use crate::config::Config;

/// What the server gets to answer.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn run(config: &Config) -> Result<(), CommandError> {
    let address = near(config.listen);
    if config.tls.is_some() {
        // Its certificate is for another name than this one: that it takes connections up must do.
        let connected = tokio::time::timeout(PATIENCE, TcpStream::connect(address)).await;
        return match connected {
            Ok(Ok(_)) => Ok(()),
            _ => Err(CommandError::Silent(format!("nobody listens at {address}"))),
        };
    }
    let asked = tokio::task::spawn_blocking(move || {
        let settings = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build();
        ureq::Agent::from(settings)
            .get(format!("http://{address}/health/ready"))
            .call()
    });
    match asked.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(CommandError::Silent(format!(
            "the server at {address} is not ready: {error}"
        ))),
        Err(error) => Err(CommandError::Silent(error.to_string())),
    }
}

/// The address by which this machine itself reaches a server that listens there.
fn near(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
