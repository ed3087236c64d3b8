//! A sheet a dimension: organisations by criteria, each with points, full marks, value and how the points came to be.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::chart::{self, Frame, Rows, Series, Source};
use super::page;
use super::table::{self, Cell, Column};
use crate::export::evaluation::outline::{self, Field, Group};
use crate::export::evaluation::report::{Evaluation, UnitResult};
use crate::export::evaluation::words;
use crate::export::style;

/// The lower row of the head; the upper names the criteria.
const HEAD: u32 = 2;
const UNIT: u16 = 1;
const POINTS: u16 = 3;
const FIRST_LEAF: u16 = 5;
/// Columns of a criterion.
const EACH: u16 = 4;

pub(super) fn sheet(
    sheet: &mut Worksheet,
    evaluation: &Evaluation,
    group: &Group,
    fields: &[Field<'_>],
) -> Result<(), XlsxError> {
    let columns = columns(evaluation, group);
    table::widths(sheet, &columns)?;
    sheet.write_string_with_format(0, 0, &group.name, &table::title())?;
    sheet.set_row_height(0, 26)?;
    heads(sheet, evaluation, group, &columns)?;
    let mut line = HEAD;
    let mut blocks = Vec::new();
    for field in fields {
        let first = line + 1;
        for unit in field.units.iter().filter_map(|place| evaluation.units.get(*place)) {
            line += 1;
            table::row(sheet, line, 0, &columns, &cells(evaluation, unit, group))?;
        }
        blocks.push((field.track, Rows { first, last: line }));
    }
    sheet.set_freeze_panes(HEAD + 1, UNIT + 1)?;
    let seams: Vec<u16> = (0u16..)
        .take(group.leaves.len())
        .map(|place| FIRST_LEAF + place * EACH)
        .collect();
    page::printed(sheet, (HEAD - 1, HEAD), UNIT + 1, &columns, &seams)?;
    line += 2;
    let name = sheet.name();
    for (track, rows) in blocks {
        let (title, series) = chosen(group, track);
        let source = Source {
            sheet: &name,
            rows,
            labels: UNIT,
        };
        // Beside the columns that are on every page, so that no page has a piece of it.
        let frame = Frame {
            at: (line, UNIT + 1),
            width: 760,
        };
        let height = chart::bars(sheet, frame, &title, source, (&series, group.dimension.is_some()))?;
        line += chart::covered(height);
    }
    Ok(())
}

/// The points of the dimension, or of each criterion where there is none.
fn chosen(group: &Group, track: &str) -> (String, Vec<Series>) {
    let title = format!("{track}：{}得分", group.name);
    if group.dimension.is_some() {
        let series = Series {
            column: POINTS,
            name: (HEAD - 1, POINTS),
        };
        return (title, vec![series]);
    }
    let series = (0u16..).take(group.leaves.len()).map(|place| {
        let column = FIRST_LEAF + place * EACH;
        Series {
            column,
            name: (HEAD - 1, column),
        }
    });
    (title, series.collect())
}

fn columns(evaluation: &Evaluation, group: &Group) -> Vec<Column> {
    let decimals = evaluation.framework.decimals;
    let mut columns = vec![
        Column::whole("名次"),
        Column::text("单位", 24.0),
        Column::text("组别", 14.0),
        Column::points("得分", decimals),
        Column::points("满分", decimals),
    ];
    for node in group.leaves.iter().filter_map(|place| evaluation.nodes.get(*place)) {
        columns.extend([
            Column::points("得分", decimals),
            Column::points("满分", decimals),
            Column::new("数值", 12.0, table::values(node)),
            Column::word("计分结果", 12.0),
        ]);
    }
    columns
}

fn heads(sheet: &mut Worksheet, evaluation: &Evaluation, group: &Group, columns: &[Column]) -> Result<(), XlsxError> {
    let format: Format = style::head().set_align(FormatAlign::Center);
    table::head(sheet, HEAD, 0, columns)?;
    sheet.set_row_height(HEAD - 1, 34)?;
    for (place, column) in (0u16..).zip(columns.iter().take(usize::from(FIRST_LEAF))) {
        sheet.merge_range(HEAD - 1, place, HEAD, place, &column.title, &format)?;
    }
    let nodes = group.leaves.iter().filter_map(|place| evaluation.nodes.get(*place));
    for (place, node) in (0u16..).zip(nodes) {
        let first = FIRST_LEAF + place * EACH;
        let name = outline::name(node);
        let title = match node
            .unit
            .as_ref()
            .filter(|unit| !unit.zh.is_empty() && !node.is_yes_no())
        {
            Some(unit) => format!("{name}（{}）", unit.zh),
            None => name.to_owned(),
        };
        sheet.merge_range(HEAD - 1, first, HEAD - 1, first + EACH - 1, &title, &format)?;
    }
    Ok(())
}

fn cells(evaluation: &Evaluation, unit: &UnitResult, group: &Group) -> Vec<Cell> {
    let own = group.dimension.and_then(|place| unit.nodes.get(place));
    let mut cells: Vec<Cell> = vec![
        unit.now.rank.into(),
        unit.name.zh.as_str().into(),
        outline::track(evaluation, &unit.track).into(),
        own.and_then(|own| own.points).into(),
        own.and_then(|own| own.full).into(),
    ];
    for node in group.leaves.iter().filter_map(|place| unit.nodes.get(*place)) {
        cells.extend([
            node.points.into(),
            node.full.into(),
            node.known.value.into(),
            node.outcome.as_deref().map_or("", words::outcome).into(),
        ]);
    }
    cells
}
