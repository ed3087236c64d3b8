//! What an import says in the terminal.

use analytics::decimal::{self, Rounding};
use analytics::measure::Measure;
use analytics::op::effect::Effect;
use rust_decimal::Decimal;

use crate::cli::fault::counted;
use crate::service::catalog::{Catalog, scale};
use crate::service::import::{Report, Revision, TableReading};

/// Revisions that are printed one by one.
const MOST_LINES: usize = 50;

pub(super) fn report(report: &Report, commit: bool) {
    if let Some(known) = &report.known {
        println!(
            "This file was imported before, as batch {} by {}; nothing was changed. --again imports it once more.",
            known.id, known.author
        );
        return;
    }
    for table in report.tables.iter().filter(|table| is_detected(table)) {
        println!("{}", reading(table));
    }
    for revision in report.revisions.iter().take(MOST_LINES) {
        println!("{}", line(revision, &report.tables));
    }
    let told = report.revisions.len().min(MOST_LINES);
    if report.revised > told {
        println!("… and {} more revisions", report.revised - told);
    }
    effects(report);
    let mut more = String::new();
    if report.rejected > 0 {
        more.push_str(&format!(", {} rejected", report.rejected));
    }
    if report.blank > 0 {
        more.push_str(&format!(", {} blank (left as stored)", report.blank));
    }
    if report.left_out > 0 {
        more.push_str(&format!(", {} of totals left out", counted(report.left_out, "row")));
    }
    println!(
        "{}: {} new, {} revised, {} unchanged{more}.",
        counted(report.figures, "row"),
        report.created,
        report.revised,
        report.unchanged
    );
    match (&report.batch, &report.token) {
        (Some(batch), _) => println!("Written as batch {batch}."),
        (None, _) if commit => println!("Nothing to write."),
        (None, Some(token)) => {
            println!("Dry run: nothing was written. Repeat with --commit to write.");
            println!("With --token {token} it is refused if one of these figures is changed before.");
        }
        (None, None) => println!("Dry run: nothing was written; mend the file first."),
    }
}

/// What else would move: totals and ranks.
fn effects(report: &Report) {
    let Some(snapshot) = &report.snapshot else { return };
    for row in report.effects.iter().take(MOST_LINES) {
        println!("moves: {}", effect(&snapshot.catalog, row));
    }
    let more = report.effects.len().saturating_sub(MOST_LINES);
    if more > 0 {
        println!("… and {more} more totals and ranks");
    }
    if report.effects_unseen > 0 {
        println!("More totals and ranks may move: there are too many to look at all.");
    }
}

fn effect(catalog: &Catalog, row: &Effect) -> String {
    let Some(indicator) = catalog.indicator(row.indicator) else {
        return String::new();
    };
    let org = catalog.org(row.org).map_or("", |org| org.code.as_str());
    let unit = catalog.unit(indicator.display_unit_id);
    let scale = unit.and_then(|unit| scale(unit).ok()).unwrap_or(Decimal::ONE);
    let decimals = u32::try_from(indicator.decimals).unwrap_or(0);
    let value = |measure: &Measure| match measure.value {
        Some(value) => decimal::format(decimal::in_unit(value, scale), decimals, Rounding::HalfUp),
        None => measure.status.to_string(),
    };
    let mut text = format!("{} {org} {}", indicator.code, row.period);
    if row.before.value != row.after.value || row.before.status != row.after.status {
        let label = unit.map_or("", |unit| unit.label_zh.as_str());
        text.push_str(&format!(": {} → {} {label}", value(&row.before), value(&row.after)));
    }
    if row.rank_before != row.rank_after {
        let rank = |rank: Option<u32>| rank.map_or_else(|| "none".to_owned(), |rank| rank.to_string());
        text.push_str(&format!(", rank {} → {}", rank(row.rank_before), rank(row.rank_after)));
    }
    text
}

/// A conflict: what the figures are now.
pub(super) fn conflict(count: usize, cells: &[Revision]) -> String {
    let mut text = format!(
        "{} of the file were changed by somebody else meanwhile; nothing was changed:",
        counted(count, "figure")
    );
    for cell in cells.iter().take(MOST_LINES) {
        text.push_str(&format!(
            "\n  {} {} {}: now {}, in the file {}",
            cell.indicator, cell.org, cell.period, cell.before, cell.after
        ));
    }
    text
}

fn line(revision: &Revision, tables: &[TableReading]) -> String {
    let place = match revision.place.cell(tables) {
        Some(cell) => cell.to_string(),
        None => format!("line {}", revision.place.line),
    };
    format!(
        "{place}: {} {} {}: {} → {} ({})",
        revision.indicator,
        revision.org,
        revision.period,
        revision.before,
        revision.after,
        revision.columns.join(", ")
    )
}

/// Whether anything was understood that the file does not say in our own words.
fn is_detected(table: &TableReading) -> bool {
    !table.sheet.is_empty() || !table.whole.is_empty() || table.columns.iter().any(|(label, meaning)| label != meaning)
}

fn reading(table: &TableReading) -> String {
    let [first, last] = table.header;
    let mut text = match table.sheet.as_str() {
        "" => String::new(),
        sheet => format!("sheet {sheet}: "),
    };
    text.push_str(&if first == last {
        format!("header in row {first}")
    } else {
        format!("header in rows {first}–{last}")
    });
    for (label, meaning) in &table.columns {
        let label = if label.is_empty() { "(no header)" } else { label };
        text.push_str(&format!("; {label} → {meaning}"));
    }
    for (field, told) in &table.whole {
        text.push_str(&format!("; all: {} {told}", field.name()));
    }
    text
}
