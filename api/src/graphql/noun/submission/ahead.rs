//! What a list of submissions reads of all its rows at once, so that the number of queries does not grow with them.

use std::collections::{BTreeSet, HashMap};

use async_graphql::Context;
use entity::{submission, submission_event, submission_figure};

use crate::error::Error;
use crate::graphql::context::Ask;

/// What was read, by submission; none of what nobody asked for.
#[derive(Default)]
pub(super) struct Ahead {
    pub(super) threads: Option<HashMap<i64, Vec<submission_event::Model>>>,
    pub(super) figures: Option<HashMap<i64, Vec<submission_figure::Model>>>,
    pub(super) missing: Option<HashMap<i64, BTreeSet<String>>>,
}

impl Ahead {
    /// Reads of `rows` what the list that is being answered asks for.
    pub(super) async fn of_list(ctx: &Context<'_>, rows: &[submission::Model], now: i64) -> Result<Self, Error> {
        let asked = ctx.look_ahead();
        let ways = [asked.field("nodes"), asked.field("edges").field("node")];
        let wants = |name: &str| ways.iter().any(|way| way.field(name).exists());
        let (service, mut ahead) = (ctx.service()?, Self::default());
        if wants("thread") {
            let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
            ahead.threads = Some(service.submission_threads(&ids, now).await?);
        }
        if wants("figures") {
            ahead.figures = Some(service.submission_figures(ctx.sight()?, rows).await?);
        }
        if wants("missing") {
            ahead.missing = Some(service.submissions_missing(ctx.sight()?, rows, now).await?);
        }
        Ok(ahead)
    }
}
