//! What is read from a result: every score in a sentence, where a difference comes from, and the cheapest next points.

use std::sync::Arc;

use analytics::decimal::{self, Rounding};
use analytics::score::framework::Framework;
use analytics::score::sheet::UnitScore;
use analytics::score::{advice, waterfall, words};
use analytics::sentence::Language;
use rust_decimal::Decimal;

use super::form;
use crate::error::Error;
use crate::export::evaluation::dossier::{Advice, Dossier, Reading, RectificationRow, Seal, Step, Waterfall};
use crate::export::evaluation::report::{Evaluation, Known, NodeLabel, NodeResult, Text, UnitResult};
use crate::service::Service;
use crate::service::access::Sight;
use crate::service::framework::Scheme;

/// Steps of advice an organisation gets.
const MOST_ADVICE: usize = 5;

impl Service {
    /// A result with everything that is read from it, as far as it may be read.
    ///
    /// # Errors
    /// [`Error::Internal`] when the result is not one of this framework.
    pub async fn dossier(
        &self,
        sight: &Sight,
        scheme: &Arc<Scheme>,
        evaluation: Evaluation,
        (run, rectifications): (Option<Seal>, Vec<RectificationRow>),
    ) -> Result<Dossier, Error> {
        let (sight, scheme) = (sight.clone(), Arc::clone(scheme));
        let read = move || dossier(&sight, &scheme, evaluation, (run, rectifications));
        self.compute.run(read).await?
    }
}

fn dossier(
    sight: &Sight,
    scheme: &Scheme,
    mut evaluation: Evaluation,
    (run, rectifications): (Option<Seal>, Vec<RectificationRow>),
) -> Result<Dossier, Error> {
    let core = &scheme.core;
    let (now, before) = form::scores(core, &evaluation)?;
    let tracks = 0..core.tracks.len();
    let medians: Vec<_> = tracks.map(|track| waterfall::medians(core, &now, track)).collect();
    let mut readings = Vec::with_capacity(now.len());
    for ((score, before), unit) in now.iter().zip(&before).zip(&evaluation.units) {
        readings.push(Reading {
            sentences: sentences(core, &evaluation, unit)?,
            since: before
                .as_ref()
                .and_then(|before| waterfall::since(core, before, score))
                .map(fall),
            against_median: medians
                .get(score.track)
                .and_then(|medians| waterfall::against_median(core, medians, score))
                .map(fall),
            advice: advised(core, &evaluation, unit, score),
        });
    }
    if !sight.is_all() {
        only_seen(sight, &mut evaluation, &mut readings);
    }
    Ok(Dossier {
        evaluation,
        run,
        readings,
        rectifications,
    })
}

/// Leaves out who may not be read. Ranks stay those of all; what would tell the scores of the others is not said.
fn only_seen(sight: &Sight, evaluation: &mut Evaluation, readings: &mut Vec<Reading>) {
    let catalog = &sight.snapshot.catalog;
    let units = std::mem::take(&mut evaluation.units);
    let both = units.into_iter().zip(std::mem::take(readings));
    for (unit, mut reading) in both {
        if catalog.org_by_code(&unit.org).is_some_and(|org| sight.sees_whole(org)) {
            reading.against_median = None;
            evaluation.units.push(unit);
            readings.push(reading);
        }
    }
}

fn fall(found: waterfall::Waterfall) -> Waterfall {
    Waterfall {
        from: found.from,
        steps: found
            .steps
            .into_iter()
            .map(|step| Step {
                node: step.node,
                from: step.from,
                to: step.to,
            })
            .collect(),
        to: found.to,
    }
}

/// One sentence a criterion; nothing for a dimension.
fn sentences(core: &Framework, evaluation: &Evaluation, unit: &UnitResult) -> Result<Vec<Text>, Error> {
    let nodes = core.nodes.iter().zip(&evaluation.nodes).zip(&unit.nodes);
    nodes
        .map(|((node, label), result)| match (&node.criterion, &result.outcome) {
            (Some(criterion), Some(outcome)) => {
                let outcome = form::outcome_of(outcome)?;
                let told = |language: Language| {
                    let value = result.used.map(|value| readable(value, label, language));
                    let target = result.known.target.map(|target| readable(target, label, language));
                    let shown = |points: Option<Decimal>| points.map(|points| points_text(points, evaluation));
                    let (points, full) = (shown(result.points), shown(result.weight.or(result.full)));
                    let told = words::Told {
                        name: pick(&label.name, language),
                        rule: &criterion.rule,
                        outcome,
                        value: value.as_deref(),
                        unit: label.unit.as_ref().map_or("", |unit| pick(unit, language)),
                        target: target.as_deref(),
                        points: points.as_deref(),
                        full: full.as_deref(),
                    };
                    words::explain(&told, language)
                };
                Ok(Text {
                    zh: told(Language::Zh),
                    en: told(Language::En),
                })
            }
            _ => Ok(Text::default()),
        })
        .collect()
}

fn advised(core: &Framework, evaluation: &Evaluation, unit: &UnitResult, score: &UnitScore) -> Vec<Advice> {
    let cells: Vec<_> = unit.nodes.iter().map(|node| super::inputs::cell(&node.known)).collect();
    let found = advice::advice(core, &cells, score, MOST_ADVICE);
    found
        .into_iter()
        .filter_map(|step| {
            let (label, node) = (evaluation.nodes.get(step.node)?, unit.nodes.get(step.node)?);
            let cases = step.to.and_then(|to| cases(&node.known, node, to));
            Some(Advice {
                text: advice_text(&step, label, cases, evaluation),
                node: step.node,
                gain: step.gain,
                from: step.from,
                to: step.to,
                effort: step.effort,
                cases,
            })
        })
        .collect()
}

/// How many more cases of the numerator reach `to`, at the same denominator and in the ratio that the value has now.
fn cases(known: &Known, node: &NodeResult, to: Decimal) -> Option<Decimal> {
    let (numerator, denominator) = (known.numerator?, known.denominator?);
    // Base units in one of the ratio's unit, from its own value: 97.5 % of 720 is 702.
    let scale = numerator
        .checked_div(denominator)?
        .checked_div(node.used.filter(|value| !value.is_zero())?)?;
    advice::cases(numerator, denominator, to.checked_mul(scale)?.round_dp(18))
}

fn advice_text(step: &advice::Advice, label: &NodeLabel, cases: Option<Decimal>, evaluation: &Evaluation) -> Text {
    let gain = points_text(step.gain, evaluation);
    let told = |language| {
        let to = step.to.map(|to| readable(to, label, language)).unwrap_or_default();
        let from = step
            .from
            .map(|from| readable(from, label, language))
            .unwrap_or_default();
        let name = pick(&label.name, language);
        match (step.to, language) {
            (None, Language::Zh) => format!("补报“{name}”，最多可得{gain}分。"),
            (None, Language::En) => format!("Report “{name}”: up to {gain} points."),
            (Some(_), Language::Zh) => {
                let cases = cases.map_or_else(String::new, |cases| {
                    let word = if cases.is_sign_negative() { "少" } else { "多" };
                    format!("（分母不变时{word}{}）", cases.abs().normalize())
                });
                format!("“{name}”由{from}到{to}{cases}，可多得{gain}分。")
            }
            (Some(_), Language::En) => {
                let cases = cases.map_or_else(String::new, |cases| {
                    let word = if cases.is_sign_negative() { "fewer" } else { "more" };
                    format!(" ({} {word} at the same denominator)", cases.abs().normalize())
                });
                format!("“{name}” from {from} to {to}{cases}: {gain} points more.")
            }
        }
    };
    Text {
        zh: told(Language::Zh),
        en: told(Language::En),
    }
}

fn pick(text: &Text, language: Language) -> &str {
    match language {
        Language::Zh => &text.zh,
        Language::En => &text.en,
    }
}

/// A value with its unit; more digits than people read where fewer would hide what the rule saw.
fn readable(value: Decimal, label: &NodeLabel, language: Language) -> String {
    if label.is_yes_no() {
        return match (value.is_zero(), language) {
            (true, Language::Zh) => "否",
            (false, Language::Zh) => "是",
            (true, Language::En) => "no",
            (false, Language::En) => "yes",
        }
        .to_owned();
    }
    let digits = label.decimals.max(2);
    let number = decimal::shortest(decimal::to_f64(value), digits, Rounding::HalfUp);
    let unit = label.unit.as_ref().map_or("", |unit| pick(unit, language));
    match (unit, language) {
        ("", _) => number,
        ("%", _) => format!("{number}%"),
        (unit, Language::Zh) => format!("{number}{unit}"),
        (unit, Language::En) => format!("{number} {unit}"),
    }
}

fn points_text(points: Decimal, evaluation: &Evaluation) -> String {
    decimal::shortest(
        decimal::to_f64(points),
        evaluation.framework.decimals.max(2),
        Rounding::HalfUp,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_words() {
        let label = |rule: &str| NodeLabel {
            code: "publicity".to_owned(),
            parent: None,
            name: Text::default(),
            weights: Vec::new(),
            rule: Some(rule.to_owned()),
            rule_text: None,
            missing: None,
            indicator: None,
            unit: Some(Text {
                zh: "是否".to_owned(),
                en: "yes or no".to_owned(),
            }),
            decimals: 0,
            evidence: None,
        };
        let told = |rule, value, language| readable(value, &label(rule), language);
        assert_eq!(told("YES_NO", Decimal::ONE, Language::Zh), "是");
        assert_eq!(told("YES_NO", Decimal::ZERO, Language::Zh), "否");
        assert_eq!(told("YES_NO", Decimal::ZERO, Language::En), "no");
        assert_eq!(told("LINEAR", Decimal::ONE, Language::Zh), "1是否");
    }
}
