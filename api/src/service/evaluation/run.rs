//! One evaluation, from the framework's code to the result.

use std::collections::HashSet;
use std::sync::Arc;

use analytics::period::Period;
use entity::db::Handle;
use entity::{evaluation_mark, framework};

use super::assemble::{Field, assemble};
use super::inputs::{Marks, Reading};
use super::overlay::Overlay;
use super::population::{Member, population};
use super::query::EvaluationQuery;
use crate::error::Error;
use crate::export::evaluation::report::{Evaluation, Known};
use crate::service::Service;
use crate::service::access::Sight;
use crate::service::catalog::Catalog;
use crate::service::edition::Edition;
use crate::service::framework::Scheme;
use crate::service::limit::limit;
use crate::service::snapshot::Snapshot;

impl Service {
    /// Evaluates as asked, over one version of the data. The result has everybody who was asked for, so that ranks are those of all of them:
    /// [`Service::dossier`] leaves out those that may not be read.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes, [`Error::Conflict`] for an organisation in two tracks, [`Error::Limit`]; [`Error::Forbidden`] for a named
    /// organisation that may not be read, and for who may read some themes only.
    pub async fn evaluate(&self, sight: &Sight, query: &EvaluationQuery) -> Result<(Arc<Scheme>, Evaluation), Error> {
        query.orgs.whole(sight, Some(query.period))?;
        self.evaluated(Arc::clone(&sight.snapshot), query).await
    }

    /// The same for whoever is not told of it.
    pub(in crate::service) async fn evaluated(
        &self,
        snapshot: Arc<Snapshot>,
        query: &EvaluationQuery,
    ) -> Result<(Arc<Scheme>, Evaluation), Error> {
        let scheme = self
            .scheme(&snapshot, &query.framework, query.version.as_deref())
            .await?;
        let last_mark = evaluation_mark::latest_time(&self.db).await?;
        let as_of = match (query.as_of, snapshot.as_of(None).max(last_mark)) {
            (Some(asked), Some(last)) => Some(asked.min(last)),
            (asked, last) => asked.or(last),
        };
        let result = self
            .result(&self.db, snapshot, &scheme, (query, as_of), Overlay::default())
            .await?;
        Ok((scheme, result))
    }

    /// The result, told as of `as_of`, with marks read through `handle` as they were known then; over `overlay`, where something is supposed.
    pub(in crate::service) async fn result(
        &self,
        handle: &impl Handle,
        snapshot: Arc<Snapshot>,
        scheme: &Arc<Scheme>,
        (query, as_of): (&EvaluationQuery, Option<i64>),
        mut overlay: Overlay,
    ) -> Result<Evaluation, Error> {
        let members = population(scheme, &snapshot.catalog, query.period)?;
        limit(
            "evaluation",
            members.len() as u64 * scheme.core.nodes.len() as u64,
            query.max_cells,
        )?;
        let criteria = scheme
            .core
            .nodes
            .iter()
            .filter_map(|node| node.criterion.as_ref()?.indicator);
        let indicators: Vec<i64> = criteria.collect::<HashSet<i64>>().into_iter().collect();
        let edition = self.edition(Arc::clone(&snapshot), &indicators, query.as_of).await?;
        let versions = framework::versions(handle, &scheme.row.code).await?;
        let versions: Vec<i64> = versions.into_iter().map(|row| row.id).collect();
        let edition = self.supposed(edition, &mut overlay).await?;
        let mut marks = marks(handle, &[scheme.row.id], Some(query.period), as_of).await?;
        overlay.add_marks(&mut marks);
        // Under whichever version of the framework counted then.
        let before = query.period.previous_year();
        let previous_marks = self::marks(handle, &versions, before, as_of).await?;
        let inputs = self
            .inputs(&Reading {
                scheme,
                edition: &edition,
                members: &members,
                period: query.period,
                marks: &marks,
                previous_marks: &previous_marks,
            })
            .await?;
        let shown = shown(&members, query, &snapshot.catalog)?;
        let is_known = |place: &usize| {
            let known = |one: &Known| one.value.is_some() || one.not_applicable || one.awarded.is_some();
            inputs.now.get(*place).is_some_and(|nodes| nodes.iter().any(known))
        };
        if !members.is_empty() && !shown.iter().any(is_known) {
            return Err(Error::input(
                format!("nothing that this framework scores is known for {}", query.period),
                "availability says for which periods there are figures",
            ));
        }
        let field = Field {
            members,
            shown,
            inputs,
            marks,
        };
        let (field, mut result) = self.scored(scheme, &edition, query, as_of, field).await?;
        if query.sources {
            self.add_sources(&mut result, &edition, scheme, query.period, &field_orgs(&field))
                .await?;
        }
        Ok(result)
    }

    /// Scores on the blocking pool and puts the result together.
    async fn scored(
        &self,
        scheme: &Arc<Scheme>,
        edition: &Edition,
        query: &EvaluationQuery,
        as_of: Option<i64>,
        field: Field,
    ) -> Result<(Field, Evaluation), Error> {
        let (scheme, edition, query) = (Arc::clone(scheme), edition.clone(), query.clone());
        self.compute
            .run(move || {
                let result = assemble(&scheme, edition.catalog(), &query, as_of, &field)?;
                Ok((field, result))
            })
            .await?
    }
}

fn field_orgs(field: &Field) -> Vec<u32> {
    field
        .shown
        .iter()
        .filter_map(|place| Some(field.members.get(*place)?.org))
        .collect()
}

async fn marks(
    handle: &impl Handle,
    versions: &[i64],
    period: Option<Period>,
    as_of: Option<i64>,
) -> Result<Marks, Error> {
    let Some(period) = period else {
        return Ok(Marks::new());
    };
    let months = (period.start_month(), period.end_month());
    let rows = evaluation_mark::known(handle, versions, months, as_of).await?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.org_id, row.node.clone(), row.stage), row))
        .collect())
}

/// The places of those that are shown.
fn shown(members: &[Member], query: &EvaluationQuery, catalog: &Catalog) -> Result<Vec<usize>, Error> {
    if query.orgs.takes_all() {
        return Ok((0..members.len()).collect());
    }
    let chosen: HashSet<u32> = query.orgs.defined(catalog, Some(query.period))?.into_iter().collect();
    let places = members
        .iter()
        .enumerate()
        .filter(|(_, member)| chosen.contains(&member.org));
    let places: Vec<usize> = places.map(|(place, _)| place).collect();
    if places.is_empty() {
        return Err(Error::input(
            "none of these organisations is in a track of the framework",
            "framework { tracks } says who is; leave orgs out for all of them",
        ));
    }
    Ok(places)
}
