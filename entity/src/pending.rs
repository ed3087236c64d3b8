//! Pending figures: those of submissions that were handed in or approved and are not published yet.

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Select};

use crate::choice::SubmissionState;
use crate::db::{Backend, Handle};
use crate::error::Error;
use crate::list::among;
use crate::{submission, submission_figure};

/// Which figures are pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Figures that were published after this recording time still are, so that they are never in neither place: a reader whose observations are older does
    /// not see them there.
    pub since: Option<i64>,
}

impl Pending {
    /// Of which submissions.
    fn open(self) -> Condition {
        let states = [SubmissionState::Submitted, SubmissionState::Approved];
        let state = submission::Column::State.is_in(states);
        // Not those of a correction that was begun since: its figures are a draft.
        let late = self.since.map(|since| {
            let published = [SubmissionState::Published, SubmissionState::Locked];
            Condition::all()
                .add(submission::Column::PublishedAt.gt(since))
                .add(submission::Column::State.is_in(published))
        });
        Condition::any().add(state).add_option(late)
    }

    /// The pending figures.
    pub(crate) fn figures(self) -> Select<submission_figure::Entity> {
        let round = Expr::col((submission::Entity, submission::Column::Round));
        submission_figure::Entity::find()
            .inner_join(submission::Entity)
            .filter(self.open())
            .filter(submission_figure::Column::SupersededAt.is_null())
            .filter(submission_figure::Column::Withdrawn.eq(false))
            .filter(Expr::col((submission_figure::Entity, submission_figure::Column::Round)).eq(round))
    }

    /// Whether a row of `table`, which has the key of an observation, has a pending figure beside it.
    pub(crate) fn beside(self, table: &'static str) -> Expr {
        use submission_figure::Column as Figure;
        let mut figures = Query::select();
        figures
            .expr(Expr::val(1))
            .from(submission_figure::Entity)
            .inner_join(
                submission::Entity,
                Expr::col((submission::Entity, submission::Column::Id))
                    .equals((submission_figure::Entity, Figure::SubmissionId)),
            )
            .cond_where(self.open())
            .and_where(Figure::SupersededAt.is_null())
            .and_where(Figure::Withdrawn.eq(false))
            .and_where(
                Expr::col((submission_figure::Entity, Figure::Round))
                    .equals((submission::Entity, submission::Column::Round)),
            );
        for column in [
            Figure::OrgId,
            Figure::IndicatorId,
            Figure::StartMonth,
            Figure::EndMonth,
            Figure::BreakdownItemId,
        ] {
            figures.and_where(Expr::col((submission_figure::Entity, column)).equals((table, column)));
        }
        Expr::exists(figures.take())
    }
}

/// The pending figures of these indicators (all when none), ordered by id.
///
/// # Errors
/// As every query.
pub async fn figures(
    handle: &impl Handle,
    pending: Pending,
    indicators: Option<&[i64]>,
) -> Result<Vec<submission_figure::Model>, Error> {
    let backend: Backend = handle.backend();
    let column = submission_figure::Column::IndicatorId;
    let mut rows = pending.figures().order_by_asc(submission_figure::Column::Id);
    if let Some(indicators) = indicators {
        rows = rows.filter(among(column, indicators, backend));
    }
    Ok(rows.all(&handle.connection()).await?)
}
