//! From what is known of the organisations to the result that leaves.

use analytics::score::evaluate::evaluate;
use analytics::score::interval::{RankInterval, intervals};
use analytics::score::rank::places;
use analytics::score::sheet::{Unit, UnitScore};
use analytics::score::warning::warnings;
use analytics::score::{ENGINE, words};
use analytics::sentence::Language;

use super::form::{self, moment};
use super::inputs::{Inputs, Marks, cell};
use super::population::Member;
use super::query::{EvaluationQuery, SEED};
use crate::error::Error;
use crate::export::evaluation::report::{
    Evaluation, FrameworkRef, GradeLabel, Interval, Known, Label, Mark, NodeLabel, Text, UnitResult, Warning,
};
use crate::intake::catalog::entry;
use crate::service::catalog::Catalog;
use crate::service::framework::Scheme;

/// The organisations of an evaluation and what is known of them.
pub(super) struct Field {
    pub(super) members: Vec<Member>,
    /// Places of those that are shown.
    pub(super) shown: Vec<usize>,
    pub(super) inputs: Inputs,
    pub(super) marks: Marks,
}

fn units(members: &[Member], inputs: &[Vec<Known>]) -> Vec<Unit> {
    let unit = |(member, nodes): (&Member, &Vec<_>)| Unit {
        key: member.org,
        track: member.track,
        cells: nodes.iter().map(cell).collect(),
    };
    members.iter().zip(inputs).map(unit).collect()
}

/// The result of a framework over `field`.
pub(super) fn assemble(
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
