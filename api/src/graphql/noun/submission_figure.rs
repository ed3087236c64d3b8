//! A figure of a submission, before it is published.

use std::sync::Arc;

use async_graphql::Object;
use entity::submission_figure;

use super::observation::Observation;
use crate::graphql::scalar::time::DateTime;
use crate::service::provisional;
use crate::service::snapshot::Snapshot;

pub(crate) struct SubmissionFigure {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) model: submission_figure::Model,
}

/// A figure as it was entered into a submission.
#[Object]
impl SubmissionFigure {
    /// The figure, as it would be published.
    async fn figure(&self) -> Observation {
        Observation::new(&self.snapshot, provisional::observation(&self.model))
    }

    /// Who entered it.
    async fn author(&self) -> &str {
        &self.model.author
    }

    /// When.
    async fn recorded_at(&self) -> Option<DateTime> {
        DateTime::from_micros(self.model.recorded_at)
    }
}
