//! What was done, for administrators.

use async_graphql::connection::{CursorType, OpaqueCursor};
use async_graphql::{Context, InputObject, Object, Result};
use entity::audit_event;

use crate::graphql::context::Ask;
use crate::graphql::page::{Arguments, Rows, connection};
use crate::graphql::scalar::access_choice::AuditResult;
use crate::graphql::scalar::time::DateTime;

pub(crate) struct AuditEvent(audit_event::Model);

/// Something that was done, or refused. Each event carries the hash of the one before it, so that none can be altered or removed unseen.
#[Object]
impl AuditEvent {
    /// Number in the chain, from 1 and without a gap.
    async fn number(&self) -> i64 {
        self.0.id
    }

    /// When.
    async fn recorded_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.0.recorded_at)
    }

    /// Who: the name of a principal, of the operator at the command line, or `anonymous`.
    async fn actor(&self) -> &str {
        &self.0.actor
    }

    /// For whom, as the actor said.
    async fn on_behalf_of(&self) -> Option<&str> {
        self.0.on_behalf_of.as_deref()
    }

    /// What was done, as `import`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// To what, as `batch 7`.
    async fn object(&self) -> &str {
        &self.0.object
    }

    /// What it was before, as JSON text.
    async fn before(&self) -> Option<&str> {
        self.0.before_state.as_deref()
    }

    /// What it was afterwards, as JSON text.
    async fn after(&self) -> Option<&str> {
        self.0.after_state.as_deref()
    }

    /// Id of the request, as in the log and in the answer's `x-request-id`.
    async fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Address it came from; null for the command line.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// What became of it.
    async fn result(&self) -> AuditResult {
        self.0.result.into()
    }

    /// Hash of the event: of all that is told of it, and of the hash of the event before.
    async fn hash(&self) -> &str {
        &self.0.hash
    }
}

/// Which events: every condition narrows, none takes all.
#[derive(Debug, Default, InputObject)]
pub(crate) struct AuditFilter {
    /// Those of this actor.
    actor: Option<String>,
    /// Those of this action.
    action: Option<String>,
    /// Those from this time on.
    from: Option<DateTime>,
    /// Those before this time.
    to: Option<DateTime>,
}

connection!(AuditEventConnection, AuditEventEdge, AuditEvent);

#[derive(Default)]
pub(crate) struct AuditEventQuery;

/// Queries of the audit trail.
#[Object]
impl AuditEventQuery {
    /// What was done, the newest first. For administrators of everything.
    async fn audit_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events; all when left out.")] filter: Option<AuditFilter>,
        #[graphql(desc = "So many from the start.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<AuditEventConnection> {
        let page = Arguments {
            first,
            after,
            ..Arguments::default()
        }
        .check::<i64>(ctx.limits()?)?;
        let filter = filter.unwrap_or_default();
        let filter = audit_event::Filter {
            actor: filter.actor,
            action: filter.action,
            from: filter.from.map(DateTime::micros),
            to: filter.to.map(DateTime::micros),
        };
        let asked = ctx
            .service()?
            .audit_events(ctx.caller()?, &filter, page.after, page.limit + 1);
        let (mut rows, total) = asked.await?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let has_next = rows.len() > limit;
        rows.truncate(limit);
        let edge = |row: audit_event::Model| (OpaqueCursor(row.id).encode_cursor(), AuditEvent(row));
        Ok(AuditEventConnection(Rows {
            edges: rows.into_iter().map(edge).collect(),
            has_previous: page.after.is_some(),
            has_next,
            total,
        }))
    }
}
