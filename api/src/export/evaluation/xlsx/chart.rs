//! Native charts: they refer to cells, hold no numbers of their own, and are told apart without colours as well.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartSeries,
    ChartSolidFill, ChartType, Color, Worksheet, XlsxError,
};

/// Colours that are told apart by people who do not see all of them, and in grey.
pub(super) const COLORS: [u32; 10] = [
    0x1F_4E79, 0xC5_5A11, 0x7F_7F7F, 0xBF_9000, 0x2E_75B6, 0x54_8235, 0x7B_3F98, 0xF4_B183, 0x9D_C3E6, 0xA9_D18E,
];

/// Cells one below another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    pub(super) first: u32,
    pub(super) last: u32,
}

impl Rows {
    fn count(self) -> u32 {
        self.last.saturating_sub(self.first) + 1
    }
}

/// One series: the column of its numbers, and the cell of its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Series {
    pub(super) column: u16,
    pub(super) name: (u32, u16),
}

/// Rows of a sheet that a chart so high covers, and one more.
pub(super) fn covered(height: u32) -> u32 {
    height.div_ceil(20) + 2
}

/// Where a chart stands, and how wide it is in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) at: (u32, u16),
    pub(super) width: u32,
}

/// The cells of a chart: the sheet they stand on, their rows, and the column of the names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub(super) sheet: &'a str,
    pub(super) rows: Rows,
    pub(super) labels: u16,
}

/// Bars of organisations, one below another in the order of the table; several series are stacked. Gives the height in pixels.
pub(super) fn bars(
    sheet: &mut Worksheet,
    frame: Frame,
    title: &str,
    source: Source<'_>,
    (series, from_zero): (&[Series], bool),
) -> Result<u32, XlsxError> {
    let is_stacked = series.len() > 1;
    let mut chart = Chart::new(if is_stacked {
        ChartType::BarStacked
    } else {
        ChartType::Bar
    });
    for (one, color) in series.iter().zip(COLORS.iter().cycle()) {
        let added = added(&mut chart, source, *one)
            .set_format(&mut fill(*color))
            .set_gap(60);
        if is_stacked {
            added.set_overlap(100);
        } else {
            added.set_data_label(ChartDataLabel::new().show_value().set_num_format("0.00"));
        }
    }
    // What is taken off lies left of zero.
    if from_zero {
        chart.x_axis().set_min(0);
    }
    if is_stacked {
        chart.legend().set_position(ChartLegendPosition::Bottom);
    } else {
        chart.legend().set_hidden();
    }
    let height = (source.rows.count() * 22 + 130).clamp(220, 2400);
    finished(sheet, chart, frame, title, height)
}

/// A waterfall of stacked bars: an invisible foot, what is gained, what is lost, and the ends. The scale begins at `least`, since the steps are
/// small beside the ends. Gives the height in pixels.
pub(super) fn waterfall(
    sheet: &mut Worksheet,
    frame: Frame,
    title: &str,
    source: Source<'_>,
    (series, least): ([Series; 4], f64),
) -> Result<u32, XlsxError> {
    let mut chart = Chart::new(ChartType::BarStacked);
    let colors = [None, Some(0x2E_75B6), Some(0xC5_5A11), Some(0x7F_7F7F)];
    for (one, color) in series.iter().zip(colors) {
        let mut unseen = ChartFormat::new();
        unseen.set_no_fill().set_no_line();
        added(&mut chart, source, *one)
            .set_format(&mut color.map_or(unseen, fill))
            .set_gap(40)
            .set_overlap(100);
    }
    chart.x_axis().set_min(least).set_num_format("0.0");
    chart.legend().set_position(ChartLegendPosition::Bottom);
    let height = (source.rows.count() * 22 + 130).clamp(220, 800);
    finished(sheet, chart, frame, title, height)
}

fn added<'c>(chart: &'c mut Chart, source: Source<'_>, series: Series) -> &'c mut ChartSeries {
    let Source { sheet, rows, labels } = source;
    chart
        .add_series()
        .set_name((sheet, series.name.0, series.name.1))
        .set_categories((sheet, rows.first, labels, rows.last, labels))
        .set_values((sheet, rows.first, series.column, rows.last, series.column))
}

/// The first name on top; the numbers then stand at the other end, below.
fn finished(sheet: &mut Worksheet, mut chart: Chart, frame: Frame, title: &str, height: u32) -> Result<u32, XlsxError> {
    chart.title().set_name(title).set_font(ChartFont::new().set_size(13));
    chart.y_axis().set_reverse();
    chart
        .x_axis()
        .set_label_position(ChartAxisLabelPosition::High)
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0x00D9_D9D9)));
    chart.set_width(frame.width).set_height(height).set_alt_text(title);
    sheet.insert_chart(frame.at.0, frame.at.1, &chart)?;
    Ok(height)
}

fn fill(color: u32) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(color)));
    format
}
