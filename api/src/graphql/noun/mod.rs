//! One file a noun: its type, its inputs, and its part of the root.

pub(super) mod availability;
pub(super) mod breakdown;
pub(super) mod change;
pub(super) mod change_feed;
pub(super) mod comparison;
pub(super) mod decomposition;
pub(super) mod evaluation;
pub(super) mod evaluation_run;
pub(super) mod finding;
pub(super) mod framework;
pub(super) mod import;
pub(super) mod import_batch;
pub(super) mod indicator;
pub(super) mod measure;
pub(super) mod node;
pub(super) mod objection;
pub(super) mod observation;
pub(super) mod observation_filter;
pub(super) mod org_unit;
pub(super) mod ranking;
pub(super) mod rectification;
pub(super) mod source;
pub(super) mod trend;
pub(super) mod unit;
