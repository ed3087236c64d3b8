//! How requests come and answers go: files, sockets, event streams, and following the change feed.

mod change_feed;
mod clients;
mod event_stream;
mod explorer;
mod fuzz;
mod kept;
mod limit;
mod metrics;
mod persisted;
pub(crate) mod script;
mod security;
mod socket;
mod tls;
mod trace;
mod upload;

/// Commits one figure of a year.
pub(crate) async fn commit_one(service: &api::service::Service, year: u32) {
    change_feed::commit(service, year, 1).await;
}
