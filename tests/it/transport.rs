//! How requests come and answers go: files, sockets, event streams, and following the change feed.

mod change_feed;
mod clients;
mod event_stream;
mod limit;
mod metrics;
mod persisted;
mod security;
mod socket;
mod tls;
mod trace;
mod upload;
