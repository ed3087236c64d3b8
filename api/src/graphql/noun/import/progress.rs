//! How far an import is.

use std::time::Duration;

use async_graphql::{Context, SimpleObject, Subscription};
use futures_util::Stream;
use futures_util::stream::unfold;

use crate::error::Error;
use crate::graphql::context::Ask;
use crate::graphql::scalar::import_choice::ImportPhase;
use crate::service::import::{Phase, Progress};

/// How often it is looked at.
const STEP: Duration = Duration::from_millis(200);

/// How far an import is.
#[derive(Clone, Copy, PartialEq, Eq, SimpleObject)]
struct ImportProgress {
    /// What it is doing.
    phase: ImportPhase,
    /// Figures that are through this phase.
    done: i64,
    /// Of how many; 0 while that is not known.
    total: i64,
}

impl From<&Progress> for ImportProgress {
    fn from(progress: &Progress) -> Self {
        let (phase, done, total) = progress.told();
        Self {
            phase: phase.into(),
            done: i64::try_from(done).unwrap_or(i64::MAX),
            total: i64::try_from(total).unwrap_or(i64::MAX),
        }
    }
}

#[derive(Default)]
pub(crate) struct ImportSubscription;

/// What is told of imports as it happens.
#[Subscription]
impl ImportSubscription {
    /// How far a running import of this server is, whenever that changes, until it ended.
    async fn import_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The name that the import was given as `job`.")] job: String,
    ) -> Result<impl Stream<Item = ImportProgress> + use<>, Error> {
        let Some(progress) = ctx.service()?.jobs().find(ctx.caller()?, &job) else {
            return Err(Error::NotFound {
                what: "running import",
                name: job,
                hint: Some("subscribe while it runs, on the server that runs it".to_owned()),
            });
        };
        Ok(unfold((progress, None, false), |(progress, last, over)| async move {
            if over {
                return None;
            }
            loop {
                let now = ImportProgress::from(&progress);
                let over = progress.told().0 == Phase::Ended;
                if Some(now) != last || over {
                    return Some((now, (progress, Some(now), over)));
                }
                tokio::time::sleep(STEP).await;
            }
        }))
    }
}
