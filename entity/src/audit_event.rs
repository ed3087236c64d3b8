//! Audit events: who did what to what, each with the hash of the one before it.

use sea_orm::entity::prelude::*;
use sea_orm::{IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use crate::choice::AuditResult;
use crate::db::sealed::Connection;
use crate::db::{Handle, Tx};
use crate::error::Error;

/// An event.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    /// Its number in the chain, from 1 and without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// When, in µs since the epoch, UTC.
    pub recorded_at: i64,
    /// Who, by name.
    pub actor: String,
    /// The principal's key; none for the command line and for strangers.
    pub principal_id: Option<i64>,
    /// For whom, as the actor said.
    pub on_behalf_of: Option<String>,
    /// What was done.
    pub action: String,
    /// To what.
    pub object: String,
    /// What it was before, as JSON.
    pub before_state: Option<String>,
    /// What it was afterwards, as JSON.
    pub after_state: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
    /// From which address it came.
    pub address: Option<String>,
    /// What became of it.
    pub result: AuditResult,
    /// The hash of the event before it; empty for the first.
    pub previous_hash: String,
    /// SHA-256 of all the columns above, in hexadecimal.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// Which events: every condition narrows.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those of this actor.
    pub actor: Option<String>,
    /// Those of this action.
    pub action: Option<String>,
    /// Those from this time on.
    pub from: Option<i64>,
    /// Those before this time.
    pub to: Option<i64>,
}

impl Filter {
    fn condition(&self) -> sea_orm::Condition {
        sea_orm::Condition::all()
            .add_option(self.actor.as_deref().map(|actor| COLUMN.actor.eq(actor)))
            .add_option(self.action.as_deref().map(|action| COLUMN.action.eq(action)))
            .add_option(self.from.map(|from| COLUMN.recorded_at.gte(from)))
            .add_option(self.to.map(|to| COLUMN.recorded_at.lt(to)))
    }
}

/// Stores an event as it is.
///
/// # Errors
/// [`Error::Conflict`] when its number is taken.
pub async fn insert(tx: &Tx, event: Model) -> Result<(), Error> {
    let row = event.into_active_model();
    Entity::insert(row).exec_without_returning(&tx.connection()).await?;
    Ok(())
}

/// Some events after a number, in their order.
///
/// # Errors
/// As every query.
pub async fn some_since(handle: &impl Handle, after: i64, limit: u64) -> Result<Vec<Model>, Error> {
    let rows = Entity::find()
        .filter(COLUMN.id.gt(after))
        .order_by_asc(COLUMN.id)
        .limit(limit);
    Ok(rows.all(&handle.connection()).await?)
}

/// Some events of a filter before a number, the newest first.
///
/// # Errors
/// As every query.
pub async fn newest(
    handle: &impl Handle,
    filter: &Filter,
    before: Option<i64>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let condition = filter.condition().add_option(before.map(|before| COLUMN.id.lt(before)));
    let rows = Entity::find().filter(condition).order_by_desc(COLUMN.id).limit(limit);
    Ok(rows.all(&handle.connection()).await?)
}

/// The number of events of a filter.
///
/// # Errors
/// As every query.
pub async fn count(handle: &impl Handle, filter: &Filter) -> Result<u64, Error> {
    let rows = Entity::find().filter(filter.condition());
    Ok(rows.count(&handle.connection()).await?)
}
