//! How a sheet is printed.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::table::Column;
use crate::export::style;

/// Pixels that a page across holds at the scale of print, where the font that the widths are meant for is not there and another is a third wider.
const PAGE_WIDTH: f64 = 1230.0;
/// Pixels that it holds from top to bottom.
pub(super) const PAGE_HEIGHT: u32 = 960;
/// Per cent of their size that wide sheets are printed in.
const SCALE: u16 = 62;

/// How a sheet is printed: A4 across, `heads` on every page. What fits is as wide as the page; what is wider goes on over pages,
/// with the first `keys` columns on each, and parts where a column of `seams` begins.
pub(super) fn printed(
    sheet: &mut Worksheet,
    heads: (u32, u32),
    keys: u16,
    columns: &[Column],
    seams: &[u16],
) -> Result<(), XlsxError> {
    style::printed(sheet)?;
    let wide = |columns: &[Column]| columns.iter().map(|column| column.width * 7.0 + 5.0).sum::<f64>();
    let within = |from: u16, to: u16| wide(columns.get(from.into()..to.into()).unwrap_or_default());
    let all = u16::try_from(columns.len()).unwrap_or(u16::MAX);
    if wide(columns) > PAGE_WIDTH {
        let mut breaks: Vec<u32> = Vec::new();
        let (mut from, mut taken) = (0, 0.0);
        for (place, seam) in seams.iter().enumerate() {
            let next = seams.get(place + 1).copied().unwrap_or(all);
            if taken + within(from, next) > PAGE_WIDTH && *seam > from {
                breaks.push((*seam).into());
                (from, taken) = (*seam, within(0, keys));
            }
        }
        sheet.set_print_fit_to_pages(0, 0);
        sheet.set_print_scale(SCALE);
        sheet.set_vertical_page_breaks(&breaks)?;
        if keys > 0 {
            sheet.set_repeat_columns(0, keys - 1)?;
        }
    }
    sheet.set_repeat_rows(heads.0, heads.1)?;
    footed(sheet);
    Ok(())
}

/// Margins, and the name and the number of the page.
pub(super) fn footed(sheet: &mut Worksheet) {
    sheet.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.3);
    sheet.set_footer("&L&A&C第 &P 页，共 &N 页");
}

/// A sheet whose pages part where `breaks` says, at the scale of wide sheets.
pub(super) fn paged(sheet: &mut Worksheet, heads: (u32, u32), breaks: &[u32]) -> Result<(), XlsxError> {
    style::printed(sheet)?;
    sheet.set_print_fit_to_pages(0, 0);
    sheet.set_print_scale(SCALE);
    sheet.set_page_breaks(breaks)?;
    sheet.set_repeat_rows(heads.0, heads.1)?;
    footed(sheet);
    Ok(())
}
