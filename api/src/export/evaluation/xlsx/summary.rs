//! The sheet 汇总: one row an organisation, by track and place, and the sheets 汇总图 with the charts of totals and dimensions.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::chart::{self, Frame, Rows, Series, Source};
use super::page;
use super::table::{self, Cell, Column};
use crate::export::evaluation::dossier::Dossier;
use crate::export::evaluation::outline::{self, Field, Group};
use crate::export::evaluation::report::{Evaluation, UnitResult};
use crate::export::evaluation::words;
use crate::export::style;

/// The row of the head; the title and a line stand above it.
const HEAD: u32 = 2;
const UNIT: u16 = 1;
const TOTAL: u16 = 3;
const FIRST_DIMENSION: u16 = 13;
/// Pixels of a chart that is wider than it is high.
const FLAT: u32 = 600;

pub(super) fn sheet(
    sheet: &mut Worksheet,
    dossier: &Dossier,
    groups: &[Group],
    fields: &[Field<'_>],
) -> Result<Vec<Rows>, XlsxError> {
    let evaluation = &dossier.evaluation;
    let dimensions: Vec<&Group> = groups.iter().filter(|group| group.dimension.is_some()).collect();
    let columns = columns(evaluation, &dimensions);
    table::widths(sheet, &columns)?;
    let title = format!(
        "{}（{}）考评结果汇总",
        evaluation.framework.name.zh,
        words::period(&evaluation.period)
    );
    sheet.write_string_with_format(0, 0, title, &table::title())?;
    sheet.set_row_height(0, 26)?;
    sheet.write_string(1, 0, super::about::origin(dossier))?;
    table::head(sheet, HEAD, 0, &columns)?;
    sheet.set_row_height(HEAD, 36)?;
    let mut line = HEAD;
    let mut blocks = Vec::new();
    for field in fields {
        let first = line + 1;
        for unit in field.units.iter().filter_map(|place| evaluation.units.get(*place)) {
            line += 1;
            table::row(sheet, line, 0, &columns, &cells(evaluation, unit, &dimensions))?;
        }
        blocks.push(Rows { first, last: line });
    }
    if line > HEAD {
        let last = u16::try_from(columns.len() - 1).unwrap_or(u16::MAX);
        sheet.autofilter(HEAD, 0, line, last)?;
    }
    sheet.set_freeze_panes(HEAD + 1, UNIT + 1)?;
    let seams: Vec<u16> = (FIRST_DIMENSION..u16::try_from(columns.len()).unwrap_or(u16::MAX)).collect();
    page::printed(sheet, (HEAD, HEAD), UNIT + 1, &columns, &seams)?;
    Ok(blocks)
}

fn columns(evaluation: &Evaluation, dimensions: &[&Group]) -> Vec<Column> {
    let decimals = evaluation.framework.decimals;
    let mut columns = vec![
        Column::whole("名次"),
        Column::text("单位", 24.0),
        Column::text("组别", 14.0),
        Column::new("总分", 9.0, style::number(decimals)),
        Column::word("等次", 8.0),
        Column::word("并列", 6.0),
        Column::new("上年总分", 9.0, style::number(decimals)),
        Column::change("较上年", decimals),
        Column::whole("上年名次"),
        Column::whole("名次区间（好）"),
        Column::whole("名次区间（差）"),
        Column::new("数据覆盖率", 9.0, Format::new().set_num_format("0.0%")),
        Column::points("基础分", decimals),
    ];
    for group in dimensions {
        columns.push(Column::points(&group.name, decimals));
        if let Some(column) = columns.last_mut() {
            column.width = 11.0;
        }
    }
    columns.extend([
        Column::points("加分", decimals),
        Column::points("扣分", decimals),
        Column::points("最低可能", decimals),
        Column::points("最高可能", decimals),
        Column::text("标记", 22.0),
        Column::text("提示", 28.0),
        Column::text("单位代码", 20.0),
    ]);
    columns
}

fn cells(evaluation: &Evaluation, unit: &UnitResult, dimensions: &[&Group]) -> Vec<Cell> {
    let (now, before) = (&unit.now, unit.previous.as_ref());
    let mut cells = vec![
        now.rank.into(),
        unit.name.zh.as_str().into(),
        outline::track(evaluation, &unit.track).into(),
        now.published.into(),
        outline::grade(evaluation, now).into(),
        (if now.tied { "并列" } else { "" }).into(),
        before.and_then(|before| before.published).into(),
        outline::published_change(unit).into(),
        before.and_then(|before| before.rank).into(),
        unit.interval.map(|interval| interval.best).into(),
        unit.interval.map(|interval| interval.worst).into(),
        Cell::Number(now.coverage),
        now.base.into(),
    ];
    let points = |group: &&Group| -> Option<Decimal> { unit.nodes.get(group.dimension?)?.points };
    cells.extend(dimensions.iter().map(|group| Cell::from(points(group))));
    cells.extend([
        Cell::Number(now.bonus),
        Cell::Number(now.penalty),
        now.lowest.into(),
        now.highest.into(),
        words::flags(outline::flags(unit)).as_str().into(),
        outline::remarks(evaluation, unit).join("；").as_str().into(),
        unit.org.as_str().into(),
    ]);
    cells
}

/// The charts of one track: totals by place, and beside them the dimensions that they are made of.
pub(super) fn charts(
    sheet: &mut Worksheet,
    summary: &str,
    (track, rows): (&str, Rows),
    groups: &[Group],
) -> Result<(), XlsxError> {
    let series = |column: u16| Series {
        column,
        name: (HEAD, column),
    };
    let source = Source {
        sheet: summary,
        rows,
        labels: UNIT,
    };
    let frame = |at: (u32, u16)| Frame { at, width: 860 };
    let title = format!("{track}：总分（按名次）");
    let height = chart::bars(sheet, frame((0, 0)), &title, source, (&[series(TOTAL)], true))?;
    let dimensions = groups.iter().filter(|group| group.dimension.is_some()).count();
    if dimensions > 1 {
        // Few organisations make flat charts, which stand one below the other; many make tall ones.
        let at = if height < FLAT {
            (chart::covered(height), 0)
        } else {
            (0, 14)
        };
        let stacked: Vec<Series> = (FIRST_DIMENSION..).take(dimensions).map(series).collect();
        chart::bars(
            sheet,
            frame(at),
            &format!("{track}：各维度得分"),
            source,
            (&stacked, true),
        )?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 1);
    sheet.set_screen_gridlines(false);
    page::footed(sheet);
    Ok(())
}
