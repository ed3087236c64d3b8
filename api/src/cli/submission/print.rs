//! What is said of submissions in the terminal.

use std::sync::Arc;

use analytics::period::Period;
use chrono::{DateTime, SecondsFormat, Utc};
use entity::submission::Model;

use crate::app::App;
use crate::cli::fault::{CommandError, counted};
use crate::cli::session::operator;
use crate::service::catalog::Catalog;
use crate::service::import::Report;
use crate::service::submission::Owing;

/// What became of figures.
pub(super) fn report(report: &Report, commit: bool) {
    for revision in &report.revisions {
        println!(
            "{} {} {}: {} → {}",
            revision.indicator, revision.org, revision.period, revision.before, revision.after
        );
    }
    println!(
        "{}: {} new, {} revised, {} unchanged, {} rejected.",
        counted(report.figures, "figure"),
        report.created,
        report.revised,
        report.unchanged,
        report.rejected
    );
    if !report.effects.is_empty() {
        println!("{} and ranks would move.", counted(report.effects.len(), "total"));
    }
    match report.batch {
        Some(batch) => println!("Written as batch {batch}."),
        None if !commit => println!("Dry run: nothing was written. Repeat with --commit to write."),
        None => {}
    }
}

/// One submission on one line.
pub(super) async fn line(app: &App, model: &Model) -> Result<(), CommandError> {
    let snapshot = app.service().snapshot().await?;
    let round = if model.round > 1 {
        format!(" (correction {})", model.round - 1)
    } else {
        String::new()
    };
    println!(
        "Submission {}: {} {}, {}{round}, revision {}.",
        model.id,
        org(&snapshot.catalog, model.org_id),
        period(model),
        model.state.code(),
        model.revision
    );
    Ok(())
}

/// A submission with its figures and its thread.
pub(super) async fn whole(app: &App, model: &Model, now: i64) -> Result<(), CommandError> {
    line(app, model).await?;
    let service = app.service();
    let sight = service.sight(&operator()).await?;
    let snapshot = Arc::clone(&sight.snapshot);
    let one = std::slice::from_ref(model);
    let figures = service.submission_figures(&sight, one).await?.remove(&model.id);
    for figure in figures.into_iter().flatten() {
        let indicator = snapshot.catalog.indicator(figure.indicator_id);
        let unit = figure.unit_id.and_then(|unit| snapshot.catalog.unit(unit));
        println!(
            "  {} {} {} — {}",
            indicator.map_or("", |indicator| indicator.code.as_str()),
            figure.printed.as_deref().unwrap_or("—"),
            unit.map_or("", |unit| unit.label_zh.as_str()),
            figure.author
        );
    }
    let missing = service.submissions_missing(&sight, one, now).await?.remove(&model.id);
    let missing: Vec<String> = missing.into_iter().flatten().collect();
    if !missing.is_empty() {
        println!("  still owed: {}", missing.join(", "));
    }
    let thread = service.submission_threads(&[model.id], now).await?.remove(&model.id);
    for event in thread.into_iter().flatten() {
        let message = event.message.as_deref().unwrap_or_default();
        println!(
            "  {} {:?} → {} {} {message}",
            time(event.recorded_at),
            event.act,
            event.state.code(),
            event.actor
        );
    }
    Ok(())
}

/// What is owed, one line an organisation and deadline.
pub(super) async fn owings(app: &App, found: &[Owing]) -> Result<(), CommandError> {
    let snapshot = app.service().snapshot().await?;
    for owing in found {
        let code = snapshot.catalog.org(owing.org).map_or("", |org| org.code.as_str());
        let state = owing
            .submission
            .as_ref()
            .map_or_else(|| "not opened".to_owned(), |model| model.state.code());
        let deadline = owing.deadline.map_or_else(String::new, |day| format!(", by {day}"));
        let late = match owing.days_late {
            0 => String::new(),
            days => format!(", {} late", counted(usize::try_from(days).unwrap_or(0), "day")),
        };
        println!(
            "{code}: {state}, {} of {}{deadline}{late}{}",
            owing.owed - owing.missing.len(),
            counted(owing.owed, "figure"),
            if owing.missing.is_empty() {
                String::new()
            } else {
                format!("; missing {}", owing.missing.join(", "))
            }
        );
    }
    println!("{}.", counted(found.len(), "debt"));
    Ok(())
}

fn org(catalog: &Catalog, id: i64) -> &str {
    let org = catalog.tree().ordinal(id).and_then(|org| catalog.org(org));
    org.map_or("", |org| org.code.as_str())
}

fn period(model: &Model) -> String {
    Period::from_months(model.start_month, model.end_month).map_or_else(String::new, |period| period.to_string())
}

fn time(micros: i64) -> String {
    DateTime::<Utc>::from_timestamp_micros(micros)
        .map_or_else(String::new, |time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}
