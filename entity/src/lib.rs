//! The tables of Plumbline and the named queries on them.
//!
//! One module a table, each with its `Model` (a row as stored), its `New` (a row to be stored) and its queries. Queries
//! take any [`Handle`]: the pool [`Db`], a read transaction [`View`] or the write transaction [`Tx`]; what writes takes the `Tx`. Months are counted as
//! `year * 12 + month - 1`, times are microseconds since the epoch, UTC.
//!
//! Every query can fail with [`Error::Busy`], [`Error::Unavailable`] or [`Error::Query`], every write also with
//! [`Error::Full`]; "as every query" means these.

mod address;
pub mod api_token;
pub mod audit_event;
pub mod audit_head;
pub mod breakdown;
pub mod breakdown_item;
pub mod change_feed;
pub mod check;
pub mod choice;
pub mod db;
pub mod dump;
pub mod error;
pub mod evaluation_mark;
pub mod evaluation_run;
pub mod evaluation_score;
pub mod framework;
pub mod framework_node;
mod glance;
pub mod import_batch;
pub mod indicator;
pub mod indicator_version;
mod list;
pub mod objection;
pub mod observation;
pub mod org_parent;
pub mod org_succession;
pub mod org_unit;
pub mod pending;
pub mod principal;
pub mod rectification;
pub mod reporting_calendar;
mod revision;
pub mod role_grant;
mod row;
pub mod source;
pub mod stored_query;
pub mod submission;
pub mod submission_event;
pub mod submission_figure;
pub mod target;
pub mod theme;
pub mod unit;

pub use db::{Backend, Db, Handle, Options, Tx, View};
pub use error::Error;
