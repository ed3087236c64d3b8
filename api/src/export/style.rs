//! How our workbooks look.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

/// The head of a table.
pub(super) fn head() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x00DD_EBF7))
        .set_border(FormatBorder::Thin)
}

/// A number with so many digits after the point, and thousands apart.
pub(super) fn number(decimals: u32) -> Format {
    let zeros = "0".repeat(decimals as usize);
    let code = if decimals == 0 {
        "#,##0".to_owned()
    } else {
        format!("#,##0.{zeros}")
    };
    Format::new().set_num_format(code)
}

/// A cell with a fault.
pub(super) fn faulty() -> Format {
    Format::new()
        .set_background_color(Color::RGB(0x00FF_C7CE))
        .set_font_color(Color::RGB(0x009C_0006))
        .set_border(FormatBorder::Thin)
}

/// A cell that is to be filled in.
pub(super) fn open() -> Format {
    Format::new()
        .set_background_color(Color::RGB(0x00FF_F9E5))
        .set_border(FormatBorder::Thin)
        .set_unlocked()
}

/// What is only to be read.
pub(super) fn closed() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_font_color(Color::RGB(0x0059_5959))
}

/// How a sheet is printed: across, as wide as the paper, its head on every page.
pub(super) fn printed(worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    worksheet.set_landscape();
    worksheet.set_paper_size(9);
    worksheet.set_print_fit_to_pages(1, 0);
    worksheet.set_repeat_rows(0, 0)?;
    Ok(())
}
