//! Tables that leave: every form holds the same rows, whole or not at all.

mod broken;
mod client;
mod form;
mod row;
mod stored_query;
mod transfer;
