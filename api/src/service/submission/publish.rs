//! Publishing: the figures of an approved round become observations, as one import batch that names its submission.

use entity::change_feed;
use entity::choice::{RevisionReason, SubmissionAct, Topic};
use entity::observation;
use entity::submission::Model;

use super::fill::title;
use super::machine::Act;
use super::turn::{Entry, Step};
use crate::error::Error;
use crate::service::Service;
use crate::service::access;
use crate::service::import::{Release, Report};
use crate::service::provisional;

impl Service {
    /// Publishes a submission, or tells what that would change and move. State, batch, revisions and change feed are one transaction.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is in another state or was changed since, or when figures of it were changed among the observations since it was approved;
    /// [`Error::Input`] when a first round revises figures that were imported before, and no reason is given.
    pub async fn publish_submission(
        &self,
        step: &Step,
        reason: Option<RevisionReason>,
        commit: bool,
    ) -> Result<(Model, Report), Error> {
        let snapshot = self.snapshot().await?;
        let mut turn = self.turn_of(step, access::Act::Publish).await?;
        let seen = turn.submission.clone();
        turn.go(Act::Publish, step.now)?;
        let catalog_version = change_feed::latest_of(&turn.tx, Topic::Catalog).await?;
        let catalog = self.follower.catalog(&turn.tx).await?;
        let draft = turn.draft().await?;
        let rows: Vec<observation::Model> = draft
            .values()
            .filter(|row| !row.withdrawn)
            .map(provisional::observation)
            .collect();
        let release = Release {
            submission: seen.id,
            round: seen.round,
            title: title(&catalog, &seen),
            author: step.actor.name().to_owned(),
            reason: seen.correction_reason.or(reason),
            as_of: seen.approved_as_of.unwrap_or(0),
        };
        let mut prepared = release.prepare(&turn.tx, &catalog, &rows).await?;
        if !commit {
            turn.tx.rollback().await?;
            // Ordinals of another version of the catalogue would name other organisations.
            let snapshot = if catalog_version == snapshot.catalog_version {
                snapshot
            } else {
                self.snapshot().await?
            };
            let sight = access::Sight::new(snapshot, step.actor.caller());
            return Ok((seen, self.release_effects(prepared, &sight).await?));
        }
        let batch = release.write(&turn.tx, &mut prepared).await?;
        if let Some((_, recorded_at)) = batch {
            turn.submission.published_at = Some(recorded_at);
        }
        let entry = Entry {
            reason: release.reason.filter(|_| prepared.report.revised > 0),
            figures: Some(prepared.report.created + prepared.report.revised),
            batch_id: batch.map(|(id, _)| id),
            ..Entry::default()
        };
        let done = turn.end(SubmissionAct::Publish, step, entry).await?;
        Ok((done, prepared.report))
    }
}
