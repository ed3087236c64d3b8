//! The notice of the results of an evaluation.

use super::body::Body;
use super::package;
use super::result;
use crate::export::evaluation::dossier::Dossier;
use crate::export::evaluation::outline;
use crate::export::evaluation::words;

/// The result of the whole evaluation as a document (DOCX): places and totals by track, points by dimension, what must be known, and the notes.
/// Of a single organisation it is that one's result with all criteria.
///
/// # Errors
/// When the archive cannot be written: a part of more than four gigabytes.
pub fn notice(dossier: &Dossier) -> Result<Vec<u8>, std::io::Error> {
    let evaluation = &dossier.evaluation;
    let mut body = Body::default();
    let period = words::period(&evaluation.period);
    let what = format!("{period}结果");
    let title = format!("{}{what}", evaluation.framework.name.zh);
    body.title(&evaluation.framework.name.zh, &what);
    body.heading(1, "一、总体情况");
    if evaluation.units.len() == 1 {
        result::own(&mut body, dossier, 0);
    } else {
        let scored = evaluation
            .units
            .iter()
            .filter(|unit| unit.now.published.is_some())
            .count();
        body.text(&format!(
            "{period}共考评{}个单位，其中{scored}个单位有总分。各组结果如下。",
            evaluation.units.len()
        ));
        result::all(&mut body, dossier);
        body.heading(1, "二、各维度得分");
        result::dimensions(&mut body, evaluation, &outline::groups(evaluation));
    }
    let mut part = if evaluation.units.len() == 1 { 2 } else { 3 };
    let known = known(dossier);
    if !known.is_empty() {
        body.heading(1, &format!("{}、需要说明的情况", super::number::ordinal(part)));
        part += 1;
        for (line, place) in known.iter().zip(1..) {
            body.text(&format!("{place}.{line}。"));
        }
    }
    body.heading(1, &format!("{}、附注", super::number::ordinal(part)));
    for note in result::notes(dossier) {
        body.note(&note);
    }
    package::file(&body, &title, &evaluation.as_of)
}

/// The warnings, and what must be known of single organisations.
fn known(dossier: &Dossier) -> Vec<String> {
    let evaluation = &dossier.evaluation;
    // Criteria with the same to be known of them stand together.
    let mut groups: Vec<((&str, &str), Vec<String>)> = Vec::new();
    for warning in &evaluation.warnings {
        let key = (warning.track.as_str(), warning.kind.as_str());
        let told = format!(
            "{}（{}个单位）",
            outline::named(evaluation, &warning.node),
            warning.units
        );
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, criteria)) => criteria.push(told),
            None => groups.push((key, vec![told])),
        }
    }
    let told = |((track, kind), criteria): ((&str, &str), Vec<String>)| {
        let track = outline::track(evaluation, track);
        format!("{track}{}：{}", words::warning(kind), criteria.join("、"))
    };
    let mut found: Vec<String> = groups.into_iter().map(told).collect();
    if evaluation.units.len() > 1 {
        for unit in &evaluation.units {
            let remarks = outline::remarks(evaluation, unit);
            if !remarks.is_empty() {
                found.push(format!("{}：{}", unit.name.zh, remarks.join("；")));
            }
        }
    }
    found
}
