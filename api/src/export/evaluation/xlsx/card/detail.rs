//! How each score came to be, below a score card: the sentence, the state and remarks of the value, and its sources.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::super::table::{self, Cell, Column};
use crate::export::evaluation::dossier::Reading;
use crate::export::evaluation::outline;
use crate::export::evaluation::report::{Citation, Evaluation, UnitResult};
use crate::export::evaluation::words;
use crate::export::style;

/// Sources that are written out; the JSON has all of them.
const MOST_SOURCES: usize = 20;
/// Columns of the card that a column here goes over, and the characters they hold.
const SPANS: [(u16, u16, f64); 5] = [(0, 0, 28.0), (1, 3, 55.0), (4, 4, 9.0), (5, 6, 18.0), (7, 12, 57.0)];
const TITLES: [&str; 5] = ["指标", "说明", "数值状态", "标记", "来源"];

pub(super) fn write(
    sheet: &mut Worksheet,
    mut line: u32,
    evaluation: &Evaluation,
    unit: &UnitResult,
    reading: Option<&Reading>,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(line, 0, "得分说明和数据来源", &table::caption())?;
    line += 1;
    for ((first, last, _), title) in SPANS.into_iter().zip(TITLES) {
        table::merged(sheet, line, (first, last), &title.into(), &style::head())?;
    }
    let format = Column::text("", 0.0).format;
    for (place, (label, result)) in evaluation.nodes.iter().zip(&unit.nodes).enumerate() {
        if result.outcome.is_none() {
            continue;
        }
        line += 1;
        let sentence = reading.and_then(|reading| reading.sentences.get(place));
        let flags = result.known.flags.iter().map(String::as_str);
        let texts = [
            outline::name(label).to_owned(),
            sentence.map(|text| text.zh.clone()).unwrap_or_default(),
            result.known.status.as_deref().map_or("", words::status).to_owned(),
            words::flags(flags),
            sources(&result.known.sources),
        ];
        let mut most = 1;
        for ((first, last, width), text) in SPANS.into_iter().zip(&texts) {
            table::merged(sheet, line, (first, last), &Cell::from(text.as_str()), &format)?;
            most = most.max(table::lines(text, width));
        }
        table::high(sheet, line, most)?;
    }
    Ok(())
}

/// The stored figures under a value, one a line.
fn sources(citations: &[Citation]) -> String {
    let told = |citation: &Citation| {
        let place: Vec<&str> = [&citation.document, &citation.locator]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("，{}", place.join(" "))
        };
        format!(
            "{} {} {}：{}{place}",
            citation.indicator, citation.org, citation.period, citation.printed
        )
    };
    let mut lines: Vec<String> = citations.iter().take(MOST_SOURCES).map(told).collect();
    if citations.len() > MOST_SOURCES {
        lines.push(format!("另有{}条，见JSON文件", citations.len() - MOST_SOURCES));
    }
    lines.join("\n")
}
