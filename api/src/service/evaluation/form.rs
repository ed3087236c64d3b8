//! Scores as the result that leaves, and back: a sealed result is read again as the scores it was.

use analytics::score::framework::Framework;
use analytics::score::rank::Place;
use analytics::score::sheet::{Cell, NodeScore, Outcome, Unit, UnitScore};
use chrono::{DateTime, SecondsFormat};
use strum::IntoEnumIterator;

use super::inputs::cell;
use crate::error::Error;
use crate::export::evaluation::report::{Evaluation, Known, NodeResult, PreviousNode, Standing, UnitResult};

/// Where a unit stands.
pub(super) fn standing(framework: &Framework, score: &UnitScore, place: Option<Place>) -> Standing {
    let code = |node: &usize| framework.nodes.get(*node).map(|node| node.code.clone());
    Standing {
        base: score.base,
        bonus: score.bonus,
        penalty: score.penalty,
        vetoes: score.vetoes.iter().filter_map(code).collect(),
        total: score.total,
        published: score.published,
        grade: score
            .grade
            .and_then(|grade| Some(framework.grades.get(grade)?.code.clone())),
        rank: place.map(|place| place.rank),
        tied: place.is_some_and(|place| place.tied),
        coverage: score.coverage,
        lowest: score.lowest,
        highest: score.highest,
    }
}

/// One node with what it rests on.
pub(super) fn node(score: &NodeScore, known: Known) -> NodeResult {
    NodeResult {
        outcome: score.outcome.map(|outcome| outcome.to_string()),
        full: score.full,
        weight: score.weight,
        points: score.points,
        used: score.used,
        known,
        previous: None,
        marks: Vec::new(),
    }
}

/// The same a year earlier.
pub(super) fn previous(score: &NodeScore, known: Known) -> PreviousNode {
    PreviousNode {
        outcome: score.outcome.map(|outcome| outcome.to_string()),
        weight: score.weight,
        points: score.points,
        used: score.used,
        known,
    }
}

/// The scores of a result: this period's, and those a year earlier where there are any.
pub(super) fn scores(
    framework: &Framework,
    result: &Evaluation,
) -> Result<(Vec<UnitScore>, Vec<Option<UnitScore>>), Error> {
    let unit = |(key, unit): (u32, &UnitResult)| {
        let track = track(framework, unit)?;
        let now: Vec<NodeScore> = unit
            .nodes
            .iter()
            .map(|node| score((&node.outcome, node.full, node.weight, node.points, node.used)))
            .collect::<Result<_, _>>()?;
        let before: Vec<NodeScore> = unit
            .nodes
            .iter()
            .map(|node| match &node.previous {
                Some(before) => score((&before.outcome, node.full, before.weight, before.points, before.used)),
                None => score((&None, None, None, None, None)),
            })
            .collect::<Result<_, _>>()?;
        let whole = |standing: &Standing, nodes| UnitScore {
            key,
            track,
            nodes,
            base: standing.base,
            bonus: standing.bonus,
            penalty: standing.penalty,
            vetoes: standing
                .vetoes
                .iter()
                .filter_map(|code| place(framework, code))
                .collect(),
            total: standing.total,
            published: standing.published,
            grade: standing
                .grade
                .as_ref()
                .and_then(|code| framework.grades.iter().position(|grade| grade.code == *code)),
            coverage: standing.coverage,
            lowest: standing.lowest,
            highest: standing.highest,
        };
        Ok::<_, Error>((
            whole(&unit.now, now),
            unit.previous.as_ref().map(|standing| whole(standing, before)),
        ))
    };
    let both: Vec<(UnitScore, Option<UnitScore>)> = (0u32..).zip(&result.units).map(unit).collect::<Result<_, _>>()?;
    Ok(both.into_iter().unzip())
}

type Parts<'a> = (
    &'a Option<String>,
    Option<rust_decimal::Decimal>,
    Option<rust_decimal::Decimal>,
    Option<rust_decimal::Decimal>,
    Option<rust_decimal::Decimal>,
);

fn score((outcome, full, weight, points, used): Parts<'_>) -> Result<NodeScore, Error> {
    Ok(NodeScore {
        outcome: outcome.as_deref().map(outcome_of).transpose()?,
        full,
        weight,
        points,
        used,
    })
}

/// An outcome by its name.
pub(super) fn outcome_of(name: &str) -> Result<Outcome, Error> {
    let named = Outcome::iter().find(|outcome| outcome.to_string() == name);
    named.ok_or_else(|| Error::internal(format!("a result with the unknown outcome {name}")))
}

/// The inputs of a result, as the calculation takes them.
pub(super) fn units(framework: &Framework, result: &Evaluation) -> Result<Vec<Unit>, Error> {
    let unit = |(key, unit): (u32, &UnitResult)| {
        let cells: Vec<Cell> = unit.nodes.iter().map(|node| cell(&node.known)).collect();
        Ok(Unit {
            key,
            track: track(framework, unit)?,
            cells,
        })
    };
    (0u32..).zip(&result.units).map(unit).collect()
}

fn track(framework: &Framework, unit: &UnitResult) -> Result<usize, Error> {
    let found = framework.tracks.iter().position(|track| *track == unit.track);
    found.ok_or_else(|| Error::internal(format!("a result in the unknown track {}", unit.track)))
}

fn place(framework: &Framework, code: &str) -> Option<usize> {
    framework.nodes.iter().position(|node| node.code == code)
}

/// A recording time as it stands in results.
pub(super) fn moment(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros)
        .map_or_else(String::new, |time| time.to_rfc3339_opts(SecondsFormat::Micros, true))
}
