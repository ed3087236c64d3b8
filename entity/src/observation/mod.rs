//! Observations: indicator × organisation × period × breakdown → value and status, as append-only revisions.

mod bulk;
mod fact;
mod model;
mod page;
mod part;
mod provisional;
mod write;

pub use fact::{Fact, FactFilter, facts, facts_of};
pub use model::{ActiveModel, COLUMN, Column, Entity, Key, Model, New, PrimaryKey, by_ids, revisions, revisions_of};
pub use page::{Cursor, Filter, Page, count, page};
pub use part::parts_of_batch;
pub use provisional::{pending_count, pending_page};
pub use write::{Within, each_current, insert_many, of_batch, replaced_at, supersede};
