//! The change feed as a subscription.

use async_graphql::{Context, ID, Object, Subscription};
use futures_util::{Stream, StreamExt};

use super::indicator::Indicator;
use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::choice::ChangeTopic;
use crate::graphql::scalar::time::DateTime;
use crate::service::change_feed::Change;

pub(crate) struct ChangeEvent(Change);

/// Something was committed: figures, targets or the catalogue.
#[Object]
impl ChangeEvent {
    /// Number of the change. It grows with each, with gaps; given as `after` it resumes after this change.
    async fn sequence(&self) -> i64 {
        self.0.entry.id
    }

    /// What was touched.
    async fn topic(&self) -> ChangeTopic {
        self.0.entry.topic.into()
    }

    /// Indicator whose figures or targets changed; null when the catalogue did.
    async fn indicator(&self) -> Result<Option<Indicator>, Error> {
        let indicator = self.0.entry.indicator_id;
        indicator.map(|id| Indicator::new(&self.0.snapshot, id)).transpose()
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> Result<DateTime, Error> {
        DateTime::from_micros(self.0.entry.recorded_at).ok_or_else(|| Error::internal("a change without a time"))
    }

    /// Key of the import batch that brought it; null when the catalogue changed.
    async fn batch_id(&self) -> Option<ID> {
        self.0.entry.batch_id.map(|id| ID(id.to_string()))
    }
}

#[derive(Default)]
pub(crate) struct ChangeFeedSubscription;

/// What is told as it happens.
#[Subscription]
impl ChangeFeedSubscription {
    /// Changes as they are committed by any server or command on this database, in their order, each once.
    async fn changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Sequence of the last change that was seen: those after it come first. 0 for all there ever were; left out, those to come."
        )]
        after: Option<i64>,
    ) -> Result<impl Stream<Item = async_graphql::Result<ChangeEvent>> + use<>, Error> {
        let changes = ctx.service()?.changes(ctx.caller()?, after).await?;
        Ok(changes.map(|change| Ok(ChangeEvent(change?))))
    }
}
