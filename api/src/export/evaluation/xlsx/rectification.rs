//! The sheet 问题与任务: problems to be rectified and tasks of the next year.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::page;
use super::table::{self, Cell, Column};
use crate::export::evaluation::dossier::Dossier;
use crate::export::evaluation::words;

pub(super) fn sheet(sheet: &mut Worksheet, dossier: &Dossier) -> Result<(), XlsxError> {
    let columns = [
        Column::whole("编号"),
        Column::text("类别", 8.0),
        Column::text("单位", 22.0),
        Column::new("年度", 8.0, Format::new().set_num_format("0")),
        Column::text("事项", 36.0),
        Column::text("措施", 36.0),
        Column::text("责任部门", 18.0),
        Column::text("状态", 10.0),
        Column::new("完成期限", 12.0, Format::new()),
        Column::new("结转至", 8.0, Format::new().set_num_format("0")),
    ];
    table::widths(sheet, &columns)?;
    table::head(sheet, 0, 0, &columns)?;
    for (line, found) in (1u32..).zip(&dossier.rectifications) {
        let cells = [
            Cell::Number(found.number.into()),
            words::other(&found.kind).into(),
            found.org_name.as_str().into(),
            Cell::Number(found.year.into()),
            found.title.as_str().into(),
            found.measure.as_deref().unwrap_or_default().into(),
            found.owner.as_str().into(),
            words::other(&found.status).into(),
            found.due.clone().map_or(Cell::Blank, Cell::Month),
            found.carried_to.map_or(Cell::Blank, |year| Cell::Number(year.into())),
        ];
        table::row(sheet, line, 0, &columns, &cells)?;
    }
    if dossier.rectifications.is_empty() {
        sheet.write_string(1, 0, "没有登记的问题和任务。")?;
    }
    sheet.set_freeze_panes(1, 0)?;
    page::printed(sheet, (0, 0), 0, &columns, &[])
}
