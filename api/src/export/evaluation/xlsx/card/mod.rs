//! The score card of one organisation: its standing, its criteria with rule, value, points and sources, and what stands below them.

mod below;
mod detail;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::page;
use super::table::{self, Cell, Column};
use crate::export::evaluation::dossier::Reading;
use crate::export::evaluation::outline::{self, Level};
use crate::export::evaluation::report::{Evaluation, NodeLabel, NodeResult, UnitResult};
use crate::export::evaluation::words;
use crate::export::style;

/// The row of the head of the criteria.
const HEAD: u32 = 6;
/// Criteria that a page holds with what stands above them.
const PAGE_ROWS: usize = 30;

pub(super) fn sheet(
    sheet: &mut Worksheet,
    evaluation: &Evaluation,
    unit: &UnitResult,
    reading: Option<&Reading>,
) -> Result<(), XlsxError> {
    let columns = columns(evaluation.framework.decimals);
    table::widths(sheet, &columns)?;
    let title = format!("{}（{}）考评记分卡", unit.name.zh, words::period(&evaluation.period));
    sheet.write_string_with_format(0, 0, title, &table::title())?;
    sheet.set_row_height(0, 26)?;
    standing(sheet, evaluation, unit)?;
    table::head(sheet, HEAD, 0, &columns)?;
    sheet.set_row_height(HEAD, 34)?;
    let strong: Vec<Column> = columns
        .iter()
        .cloned()
        .map(|mut column| {
            column.format = column.format.set_bold();
            column
        })
        .collect();
    let mut line = HEAD;
    for (label, result) in evaluation.nodes.iter().zip(&unit.nodes) {
        let is_dimension = Level::of(label) == Level::Dimension;
        let cells = cells(label, result);
        line += 1;
        table::row(sheet, line, 0, if is_dimension { &strong } else { &columns }, &cells)?;
        if !is_dimension {
            let format = table::framed(table::values(label));
            table::put(sheet, line, 2, &result.known.value.into(), &format)?;
            table::put(sheet, line, 3, &result.known.target.into(), &format)?;
        }
    }
    sheet.set_freeze_panes(HEAD + 1, 1)?;
    let mut breaks = Vec::new();
    line = below::write(sheet, line + 2, evaluation, unit, reading, &mut breaks)?;
    breaks.push(line);
    detail::write(sheet, line, evaluation, unit, reading)?;
    // The head of the criteria goes on where they do; where they fit, what stands below has heads of its own.
    let heads = if unit.nodes.len() > PAGE_ROWS {
        (HEAD, HEAD)
    } else {
        (0, 0)
    };
    page::paged(sheet, heads, &breaks)
}

fn columns(decimals: u32) -> Vec<Column> {
    vec![
        Column::text("指标", 28.0),
        Column::text("计分规则", 30.0),
        Column::new("数值", 12.0, Format::new()),
        Column::new("目标", 11.0, Format::new()),
        Column::points("满分", decimals),
        Column::points("折算满分", decimals),
        Column::points("得分", decimals),
        Column::points("上年得分", decimals),
        Column::change("增减", decimals),
        Column::points("自评分", decimals),
        Column::points("审核分", decimals),
        Column::points("核定分", decimals),
        Column::word("计分结果", 12.0),
    ]
}

fn cells(label: &NodeLabel, result: &NodeResult) -> Vec<Cell> {
    let points = |stage: &str| Cell::from(outline::mark(result, stage).map(|mark| mark.points));
    vec![
        outline::name(label).into(),
        label.rule_text.as_ref().map_or("", |text| &text.zh).into(),
        Cell::Blank,
        Cell::Blank,
        result.full.into(),
        result.weight.into(),
        result.points.into(),
        result.previous.as_ref().and_then(|before| before.points).into(),
        outline::node_change(result).into(),
        points("SELF_SCORE"),
        points("REVIEW"),
        points("FINAL"),
        result.outcome.as_deref().map_or("", words::outcome).into(),
    ]
}

/// The facts above the criteria: three pairs of label and value a row.
fn standing(sheet: &mut Worksheet, evaluation: &Evaluation, unit: &UnitResult) -> Result<(), XlsxError> {
    let decimals = evaluation.framework.decimals;
    let (now, before) = (&unit.now, unit.previous.as_ref());
    let (score, exact) = (style::number(decimals), style::number(decimals.max(2)));
    let (whole, share) = (Format::new().set_num_format("0"), Format::new().set_num_format("0.0%"));
    let change = Column::change("", decimals).format;
    let text = Format::new().set_text_wrap();
    let interval = unit
        .interval
        .map_or_else(String::new, |interval| format!("{}—{}", interval.best, interval.worst));
    let vetoes: Vec<&str> = now.vetoes.iter().map(|code| outline::named(evaluation, code)).collect();
    let vetoes = if vetoes.is_empty() {
        "无".to_owned()
    } else {
        vetoes.join("、")
    };
    let rank_word = if now.tied { "名次（并列）" } else { "名次" };
    let facts: [(&str, Cell, &Format); 12] = [
        ("组别", outline::track(evaluation, &unit.track).into(), &text),
        ("总分", now.published.into(), &score),
        ("等次", outline::grade(evaluation, now).into(), &text),
        (rank_word, now.rank.into(), &whole),
        ("名次区间", interval.as_str().into(), &text),
        ("数据覆盖率", Cell::Number(now.coverage), &share),
        ("上年总分", before.and_then(|before| before.published).into(), &score),
        ("较上年", outline::published_change(unit).into(), &change),
        ("上年名次", before.and_then(|before| before.rank).into(), &whole),
        ("加分", Cell::Number(now.bonus), &exact),
        ("扣分", Cell::Number(now.penalty), &exact),
        ("一票否决", vetoes.as_str().into(), &text),
    ];
    let head = style::head();
    for (place, (label, cell, format)) in facts.into_iter().enumerate() {
        let line = u32::try_from(place / 3).unwrap_or(0) + 1;
        let format = format
            .clone()
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::Left);
        let (name, from, to) = match place % 3 {
            0 => ((0, 0), 1, 1),
            1 => ((2, 3), 4, 6),
            _ => ((7, 8), 9, 12),
        };
        if name.0 == name.1 {
            sheet.write_string_with_format(line, name.0, label, &head)?;
        } else {
            sheet.merge_range(line, name.0, line, name.1, label, &head)?;
        }
        if from < to {
            sheet.merge_range(line, from, line, to, "", &format)?;
        }
        table::put(sheet, line, from, &cell, &format)?;
    }
    Ok(())
}
