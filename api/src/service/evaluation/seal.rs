//! Sealed runs: what was published, byte by byte, for ever.

use std::sync::Arc;

use analytics::decimal;
use analytics::period::Period;
use entity::{evaluation_run, evaluation_score, framework};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::form::moment;
use super::overlay::Overlay;
use super::query::EvaluationQuery;
use crate::error::Error;
use crate::export::evaluation::dossier::Seal;
use crate::export::evaluation::report::Evaluation;
use crate::service::Service;
use crate::service::access::{Act, Caller, Sight};
use crate::service::audit::{Event, record};
use crate::service::catalog::Catalog;
use crate::service::framework::Scheme;
use crate::service::selector::{self, OrgSelector};
use entity::choice::OrgLevel;

/// What is to be published.
#[derive(Clone, Debug)]
pub struct PublishOptions {
    /// The evaluation; as of now, with everything in it.
    pub query: EvaluationQuery,
    /// Who publishes it.
    pub caller: Caller,
    /// A note.
    pub note: Option<String>,
}

/// A sealed run.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// As stored.
    pub row: evaluation_run::Model,
    /// Its framework.
    pub scheme: Arc<Scheme>,
    /// The result.
    pub evaluation: Evaluation,
    /// Whether the stored bytes are those that were sealed.
    pub is_intact: bool,
}

impl Sealed {
    /// What files say of the run.
    #[must_use]
    pub fn seal(&self) -> Seal {
        Seal {
            id: self.row.id,
            hash: self.row.hash.clone(),
            author: self.row.author.clone(),
            at: moment(self.row.recorded_at),
        }
    }

    /// The period.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        Period::from_months(self.row.start_month, self.row.end_month)
    }
}

/// Which organisations a run is of, as it is stored.
#[derive(Serialize, Deserialize)]
pub(super) struct Selection {
    codes: Option<Vec<String>>,
    within: Option<String>,
    with_self: bool,
    level: Option<String>,
    draws: u32,
}

impl Selection {
    fn of(query: &EvaluationQuery) -> Self {
        Self {
            codes: query.orgs.codes.clone(),
            within: query.orgs.within.clone(),
            with_self: query.orgs.with_self,
            level: query.orgs.level.map(OrgLevel::code),
            draws: query.draws,
        }
    }

    /// The question of a run: the same organisations, as they were known when it was sealed.
    pub(super) fn query(row: &evaluation_run::Model, scheme: &Scheme) -> Result<EvaluationQuery, Error> {
        let selection: Self = serde_json::from_str(&row.selection).map_err(Error::internal)?;
        let period = Period::from_months(row.start_month, row.end_month);
        let period = period.ok_or_else(|| Error::internal("a run without period"))?;
        Ok(EvaluationQuery {
            version: Some(scheme.row.version.clone()),
            orgs: OrgSelector {
                codes: selection.codes,
                within: selection.within,
                with_self: selection.with_self,
                level: selection.level.as_deref().map(selector::level).transpose()?,
            },
            as_of: Some(row.as_of),
            draws: selection.draws,
            ..EvaluationQuery::whole(scheme.row.code.clone(), period)
        })
    }
}

/// The bytes of a result: keys in the order of the types, decimals as text.
pub(super) fn bytes(evaluation: &Evaluation) -> Result<String, Error> {
    serde_json::to_string(evaluation).map_err(Error::internal)
}

/// SHA-256 in hexadecimal.
pub(super) fn hash(text: &str) -> String {
    format!("{:x}", Sha256::digest(text.as_bytes()))
}

impl Service {
    /// Evaluates and seals. Nobody else writes meanwhile, so that what is sealed is what is known at one time.
    ///
    /// # Errors
    /// [`Error::Conflict`] for a draft or where a total is blocked in all tracks, and as [`Service::evaluate`].
    pub async fn publish_evaluation(&self, options: &PublishOptions) -> Result<Sealed, Error> {
        if options.query.as_of.is_some() {
            return Err(Error::input("a run is sealed as of now", "leave asOf out"));
        }
        let tx = self.db.begin_write().await?;
        let recorded_at = tx.now().await?;
        let snapshot = self.snapshot().await?;
        let query = &options.query;
        let scheme = self
            .scheme(&snapshot, &query.framework, query.version.as_deref())
            .await?;
        if !scheme.is_published() {
            return Err(Error::Conflict {
                message: format!("version `{}` of `{}` is a draft", scheme.row.version, scheme.row.code),
                hint: Some("publish the framework first: a draft may still change".to_owned()),
            });
        }
        let evaluation = self
            .result(&tx, snapshot, &scheme, (query, Some(recorded_at)), Overlay::default())
            .await?;
        if evaluation.units.is_empty() {
            return Err(Error::Conflict {
                message: "nobody is in the tracks of the framework in this period".to_owned(),
                hint: Some("framework { tracks } says who is".to_owned()),
            });
        }
        let catalog = self.follower.catalog(&tx).await?;
        for unit in &evaluation.units {
            let org = catalog.org_by_code(&unit.org).and_then(|org| catalog.tree().id(org));
            options
                .caller
                .need_org(Act::Publish, &catalog, org.unwrap_or_default(), None)?;
        }
        let result = bytes(&evaluation)?;
        let row = evaluation_run::New {
            framework_id: scheme.row.id,
            start_month: query.period.start_month(),
            end_month: query.period.end_month(),
            as_of: recorded_at,
            engine: i32::try_from(evaluation.engine).map_err(Error::internal)?,
            selection: serde_json::to_string(&Selection::of(query)).map_err(Error::internal)?,
            hash: hash(&result),
            result,
            author: options.caller.author(),
            note: options.note.clone(),
            recorded_at,
        };
        let sealed_hash = row.hash.clone();
        let id = evaluation_run::insert(&tx, row).await?;
        evaluation_score::insert_many(&tx, &scores(id, &evaluation, &catalog)).await?;
        let sealed = json!({ "framework": scheme.row.code, "version": scheme.row.version, "period": query.period.to_string(), "hash": sealed_hash });
        let event = Event::new("publish_evaluation", format!("run {id}")).after(sealed);
        record(&tx, &options.caller, event).await?;
        tx.commit().await?;
        self.sealed(id)
            .await?
            .ok_or_else(|| Error::internal("the run that was just sealed is not there"))
    }

    /// A sealed run; none where there is none of this number.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for who may read some themes only.
    pub async fn evaluation_run(&self, sight: &Sight, id: i64) -> Result<Option<Sealed>, Error> {
        sight.need_whole()?;
        self.sealed(id).await
    }

    pub(in crate::service) async fn sealed(&self, id: i64) -> Result<Option<Sealed>, Error> {
        let Some(row) = evaluation_run::by_ids(&self.db, &[id]).await?.pop() else {
            return Ok(None);
        };
        let snapshot = self.snapshot().await?;
        let scheme = Arc::new(self.scheme_of(&snapshot.catalog, row.framework_id).await?);
        let evaluation = serde_json::from_str(&row.result).map_err(Error::internal)?;
        Ok(Some(Sealed {
            is_intact: hash(&row.result) == row.hash,
            scheme,
            evaluation,
            row,
        }))
    }

    /// The newest sealed runs of a framework (of all when none is named), newest first.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn evaluation_runs(&self, code: Option<&str>, most: u64) -> Result<Vec<evaluation_run::Model>, Error> {
        let versions = match code {
            None => None,
            Some(code) => {
                let rows = framework::versions(&self.db, code).await?;
                Some(rows.into_iter().map(|row| row.id).collect::<Vec<i64>>())
            }
        };
        Ok(evaluation_run::newest(&self.db, versions.as_deref(), most).await?)
    }
}

/// The scores as rows for those who read by SQL.
fn scores(run_id: i64, evaluation: &Evaluation, catalog: &Catalog) -> Vec<evaluation_score::New> {
    let number = |value: Option<Decimal>| value.map(decimal::to_f64);
    let mut rows = Vec::new();
    for unit in &evaluation.units {
        let org = catalog.org_by_code(&unit.org).and_then(|org| catalog.tree().id(org));
        let Some(org_id) = org else { continue };
        let score = |node: &str| evaluation_score::New {
            run_id,
            org_id,
            node: node.to_owned(),
            track: unit.track.clone(),
            outcome: None,
            full: None,
            points: None,
            rank: None,
            grade: None,
        };
        rows.push(evaluation_score::New {
            full: number(Some(evaluation.framework.total)),
            points: number(unit.now.published),
            rank: unit.now.rank.and_then(|rank| i32::try_from(rank).ok()),
            grade: unit.now.grade.clone(),
            ..score("")
        });
        rows.extend(
            evaluation
                .nodes
                .iter()
                .zip(&unit.nodes)
                .map(|(label, node)| evaluation_score::New {
                    outcome: node.outcome.clone(),
                    full: number(node.weight.or(node.full)),
                    points: number(node.points),
                    ..score(&label.code)
                }),
        );
    }
    rows
}
