//! One evaluation, from the framework's code to the result with its readings.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use analytics::period::Period;
use analytics::score::evaluate::evaluate;
use analytics::score::interval::{RankInterval, intervals};
use analytics::score::rank::places;
use analytics::score::sheet::{Unit, UnitScore};
use analytics::score::warning::warnings;
use analytics::score::{ENGINE, words};
use analytics::sentence::Language;
use entity::db::Handle;
use entity::{evaluation_mark, framework};

use super::form;
use super::inputs::{Inputs, Marks, Reading, cell};
use super::overlay::Overlay;
use super::population::{Member, population};
use super::{DRAWS, SEED, moment};
use crate::error::Error;
use crate::export::evaluation::report::{
    Evaluation, FrameworkRef, GradeLabel, Interval, Known, Label, Mark, NodeLabel, Text, UnitResult, Warning,
};
use crate::intake::catalog::entry;
use crate::intake::problem::suggest;
use crate::service::Service;
use crate::service::catalog::Catalog;
use crate::service::edition::Edition;
use crate::service::framework::Scheme;
use crate::service::limit::limit;
use crate::service::selector::{self, OrgSelector};
use crate::service::snapshot::Snapshot;

/// What is to be evaluated.
#[derive(Clone, Debug)]
pub struct EvaluationQuery {
    /// Code of the framework.
    pub framework: String,
    /// Its version; the newest that is published when left out.
    pub version: Option<String>,
    /// The period.
    pub period: Period,
    /// Which of the organisations in its tracks are ranked; all when nothing is said. Relative rules look at the whole track all the same.
    pub orgs: OrgSelector,
    /// As it was known at this time, in µs since the epoch; now when none.
    pub as_of: Option<i64>,
    /// Find the stored figures under every value.
    pub sources: bool,
    /// Draws of the rank intervals; 0 for none.
    pub draws: u32,
    /// Organisations times nodes at most.
    pub max_cells: u64,
}

impl EvaluationQuery {
    /// The evaluation of `framework` in `period` with everything that a sealed run holds.
    #[must_use]
    pub fn whole(framework: impl Into<String>, period: Period) -> Self {
        Self {
            framework: framework.into(),
            version: None,
            period,
            orgs: OrgSelector::default(),
            as_of: None,
            sources: true,
            draws: DRAWS,
            max_cells: u64::MAX,
        }
    }
}

/// The organisations of an evaluation and what is known of them.
struct Field {
    members: Vec<Member>,
    /// Places of those that are shown.
    shown: Vec<usize>,
    inputs: Inputs,
    marks: Marks,
}

impl Service {
    /// Evaluates as asked, over one version of the data.
    ///
    /// # Errors
    /// [`Error::NotFound`] for unknown codes, [`Error::Conflict`] for an organisation in two tracks, [`Error::Limit`].
    pub async fn evaluate(
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

    /// The result, with marks read through `handle` and told as of `as_of`; over `overlay`, where something is supposed.
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
        let mut marks = marks(handle, &[scheme.row.id], Some(query.period), query.as_of).await?;
        overlay.add_marks(&mut marks);
        let previous_marks = marks_of_year_before(handle, &versions, query).await?;
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

/// What was said a year earlier, under whichever version of the framework counted then.
async fn marks_of_year_before(handle: &impl Handle, versions: &[i64], query: &EvaluationQuery) -> Result<Marks, Error> {
    marks(handle, versions, query.period.previous_year(), query.as_of).await
}

/// The places of those that are shown.
fn shown(members: &[Member], query: &EvaluationQuery, catalog: &Catalog) -> Result<Vec<usize>, Error> {
    if query.orgs.takes_all() {
        return Ok((0..members.len()).collect());
    }
    let chosen: HashSet<u32> = query.orgs.resolve(catalog, Some(query.period))?.into_iter().collect();
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

fn units(members: &[Member], inputs: &[Vec<Known>]) -> Vec<Unit> {
    let unit = |(member, nodes): (&Member, &Vec<_>)| Unit {
        key: member.org,
        track: member.track,
        cells: nodes.iter().map(cell).collect(),
    };
    members.iter().zip(inputs).map(unit).collect()
}

fn assemble(
    scheme: &Scheme,
    catalog: &Catalog,
    query: &EvaluationQuery,
    as_of: Option<i64>,
    field: &Field,
) -> Result<Evaluation, Error> {
    let core = &scheme.core;
    let pick = |scores: Vec<UnitScore>| -> Vec<UnitScore> {
        field
            .shown
            .iter()
            .filter_map(|place| scores.get(*place).cloned())
            .collect()
    };
    let now = pick(evaluate(core, &units(&field.members, &field.inputs.now)));
    let before = field
        .inputs
        .previous
        .as_ref()
        .map(|inputs| pick(evaluate(core, &units(&field.members, inputs))));
    let ranks = places(&now);
    let ranks_before = before.as_deref().map(places);
    let drawn = intervals(core, &now, query.draws as usize, SEED);
    let mut results = Vec::with_capacity(now.len());
    for (at, (score, place)) in now.iter().zip(&field.shown).enumerate() {
        let org = catalog
            .org(score.key)
            .ok_or_else(|| Error::internal("an organisation that is not in the tree"))?;
        let earlier = before.as_ref().and_then(|scores| scores.get(at));
        let known = field.inputs.now.get(*place);
        let known_before = field.inputs.previous.as_ref().and_then(|inputs| inputs.get(*place));
        let nodes = score.nodes.iter().enumerate().map(|(node, score)| {
            let take = |inputs: Option<&Vec<_>>| inputs.and_then(|nodes| nodes.get(node).cloned()).unwrap_or_default();
            let mut result = form::node(score, take(known));
            let scored_before = earlier.and_then(|earlier| earlier.nodes.get(node));
            result.previous = scored_before.map(|score| form::previous(score, take(known_before)));
            result.marks = said(&field.marks, org.id, &core.nodes[node].code);
            result
        });
        results.push(UnitResult {
            org: org.code.clone(),
            name: Text {
                zh: org.name_zh.clone(),
                en: org.name_en.clone(),
            },
            track: core.tracks.get(score.track).cloned().unwrap_or_default(),
            nodes: nodes.collect(),
            now: form::standing(core, score, ranks.get(at).copied().flatten()),
            previous: earlier.map(|earlier| {
                let rank = ranks_before.as_ref().and_then(|ranks| ranks.get(at).copied().flatten());
                form::standing(core, earlier, rank)
            }),
            interval: drawn
                .get(at)
                .copied()
                .flatten()
                .map(|RankInterval { best, worst }| Interval { best, worst }),
        });
    }
    Ok(Evaluation {
        engine: ENGINE,
        framework: framework_ref(scheme),
        period: query.period.to_string(),
        previous_period: query.period.previous_year().map(|period| period.to_string()),
        as_of: as_of.map_or_else(String::new, moment),
        draws: query.draws,
        seed: SEED,
        nodes: labels(scheme, catalog),
        units: results,
        warnings: warnings(core, &now)
            .into_iter()
            .map(|warning| Warning {
                kind: warning.kind.to_string(),
                node: core
                    .nodes
                    .get(warning.node)
                    .map(|node| node.code.clone())
                    .unwrap_or_default(),
                track: core.tracks.get(warning.track).cloned().unwrap_or_default(),
                units: u32::try_from(warning.units).unwrap_or(u32::MAX),
            })
            .collect(),
    })
}

/// What was said of a criterion, in the order self-score, review, final.
fn said(marks: &Marks, org: i64, node: &str) -> Vec<Mark> {
    use entity::choice::MarkStage;
    let stages = [
        (MarkStage::SelfScore, "SELF_SCORE"),
        (MarkStage::Review, "REVIEW"),
        (MarkStage::Final, "FINAL"),
    ];
    let told = |(stage, name): (MarkStage, &str)| {
        let row = marks.get(&(org, node.to_owned(), stage))?;
        Some(Mark {
            stage: name.to_owned(),
            points: row.points.as_deref()?.parse().ok()?,
            author: row.author.clone(),
            at: moment(row.recorded_at),
            evidence: row.evidence.clone(),
        })
    };
    if marks.is_empty() {
        return Vec::new();
    }
    stages.into_iter().filter_map(told).collect()
}

fn text(text: &entry::Text) -> Text {
    Text {
        zh: text.zh.clone(),
        en: text.en.clone(),
    }
}

fn framework_ref(scheme: &Scheme) -> FrameworkRef {
    let entry = &scheme.entry;
    FrameworkRef {
        code: scheme.row.code.clone(),
        version: scheme.row.version.clone(),
        hash: scheme.row.content_hash.clone(),
        name: text(&entry.name),
        note: entry.note.as_ref().map(text),
        total: scheme.core.total,
        decimals: scheme.core.decimals,
        tracks: entry
            .track
            .iter()
            .map(|track| Label {
                code: track.code.get_ref().clone(),
                name: text(&track.name),
            })
            .collect(),
        grades: entry
            .grade
            .iter()
            .zip(&scheme.core.grades)
            .map(|(grade, core)| GradeLabel {
                code: core.code.clone(),
                name: text(&grade.name),
                least: core.least,
            })
            .collect(),
    }
}

/// The nodes with what people read beside them.
#[must_use]
pub fn labels(scheme: &Scheme, catalog: &Catalog) -> Vec<NodeLabel> {
    let core = &scheme.core;
    let label = |(place, (node, entry)): (usize, (&analytics::score::framework::Node, &entry::framework::Node))| {
        let indicator = node
            .criterion
            .as_ref()
            .and_then(|criterion| catalog.indicator(criterion.indicator?));
        let unit = indicator
            .and_then(|indicator| catalog.unit(indicator.unit_id))
            .map(|unit| Text {
                zh: unit.label_zh.clone(),
                en: unit.label_en.clone(),
            });
        let rule_text = node.criterion.as_ref().map(|criterion| {
            let unit = unit.clone().unwrap_or_default();
            Text {
                zh: words::rule(&criterion.rule, &unit.zh, None, Language::Zh),
                en: words::rule(&criterion.rule, &unit.en, None, Language::En),
            }
        });
        NodeLabel {
            code: node.code.clone(),
            parent: node
                .parent
                .and_then(|parent| Some(core.nodes.get(parent)?.code.clone())),
            name: scheme.node_name(place, catalog),
            weights: node.weights.clone(),
            rule: node
                .criterion
                .as_ref()
                .map(|criterion| criterion.rule.kind().to_string()),
            rule_text,
            missing: node.criterion.as_ref().map(|criterion| criterion.missing.to_string()),
            indicator: indicator.map(|indicator| indicator.code.clone()),
            unit,
            decimals: decimals(indicator),
            evidence: entry.evidence.as_ref().map(text),
        }
    };
    core.nodes
        .iter()
        .zip(&scheme.entry.node)
        .enumerate()
        .map(label)
        .collect()
}

/// Digits that people read of a value in the indicator's own unit.
fn decimals(indicator: Option<&entity::indicator::Model>) -> u32 {
    match indicator {
        Some(indicator) if indicator.unit_id == indicator.display_unit_id => {
            u32::try_from(indicator.decimals).unwrap_or(0)
        }
        Some(_) => 0,
        None => 2,
    }
}

/// By code of an organisation: its place among the units.
pub(super) fn unit_places(result: &Evaluation) -> HashMap<&str, usize> {
    result
        .units
        .iter()
        .enumerate()
        .map(|(place, unit)| (unit.org.as_str(), place))
        .collect()
}

/// The place of a node that counts for an organisation in a period, and the organisation's ordinal.
///
/// # Errors
/// [`Error::NotFound`] for unknown codes, [`Error::Input`] where the node has no points there.
pub(in crate::service) fn place_of(
    scheme: &Scheme,
    catalog: &Catalog,
    (org, period, node): (&str, Period, &str),
) -> Result<(u32, usize), Error> {
    let ordinal = selector::org(catalog, org)?;
    let members = population(scheme, catalog, period)?;
    let member = members.iter().find(|member| member.org == ordinal).ok_or_else(|| {
        let message = format!("`{org}` is in no track of `{}` in {period}", scheme.row.code);
        Error::input(message, "framework { tracks } says who is")
    })?;
    let place = scheme
        .core
        .nodes
        .iter()
        .position(|one| one.code == node)
        .ok_or_else(|| {
            let known = scheme.core.nodes.iter().map(|node| node.code.as_str());
            Error::NotFound {
                what: "node",
                name: node.to_owned(),
                hint: Some(suggest(node, known, "framework { nodes } lists the codes")),
            }
        })?;
    let definition = &scheme.core.nodes[place];
    let counts = definition.weights.get(member.track).copied().flatten().is_some() || definition.is_adjustment();
    if definition.criterion.is_none() || !counts {
        let message = format!("`{node}` has no points of its own for `{org}`");
        return Err(Error::input(
            message,
            "name a criterion that has a weight in the organisation's track",
        ));
    }
    Ok((ordinal, place))
}
