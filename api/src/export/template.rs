//! A workbook that tells an organisation what it owes: codes locked, last year's figure and the plausible range beside the blank cell.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, Format, Workbook, Worksheet, XlsxError,
};

use super::observation::{About, about_sheet};
use super::style;

/// A figure that is owed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Owed {
    /// Code of the indicator.
    pub indicator: String,
    /// Its name.
    pub indicator_name: String,
    /// What it counts.
    pub definition: String,
    /// Code of the organisation.
    pub org: String,
    /// Its name.
    pub org_name: String,
    /// Code of the period.
    pub period: String,
    /// The unit that it is to be written in.
    pub unit: String,
    /// Digits after the point.
    pub decimals: u32,
    /// What is stored already, in `unit`.
    pub value: Option<f64>,
    /// The figure of the year before, in `unit`.
    pub last_year: Option<f64>,
    /// Least and greatest figure that would not surprise, in `unit`.
    pub plausible: Option<(f64, f64)>,
    /// Least and greatest figure that can be, in `unit`.
    pub valid: (Option<f64>, Option<f64>),
    /// The revision that is stored; 0 for none.
    pub revision: i32,
}

/// The columns: label, width, and whether they are to be filled in.
const COLUMNS: [(&str, f64, bool); 13] = [
    ("单元标识", 10.0, false),
    ("指标代码", 10.0, false),
    ("机构代码", 10.0, false),
    ("期间", 18.0, false),
    ("机构名称(参考)", 24.0, false),
    ("指标名称(参考)", 30.0, false),
    ("口径(参考)", 44.0, false),
    ("计量单位", 10.0, false),
    ("上年同期(参考)", 14.0, false),
    ("合理范围(参考)", 18.0, false),
    ("数值", 16.0, true),
    ("状态", 12.0, true),
    ("备注", 30.0, true),
];
/// Hidden: they name the cell, and nobody needs to see them.
const HIDDEN: u16 = 3;
const VALUE: u16 = 10;
const STATUS: u16 = 11;
/// What may stand in the column of the status.
const STATUSES: [&str; 7] = ["正常", "快报", "估计", "下限", "未报", "不适用", "保密"];

impl Owed {
    fn cell(&self) -> String {
        format!("{}@{}@{}@#{}", self.indicator, self.org, self.period, self.revision)
    }

    fn range(&self) -> String {
        match self.plausible {
            Some((low, high)) => format!("{} — {}", self.told(low), self.told(high)),
            None => String::new(),
        }
    }

    fn told(&self, value: f64) -> String {
        analytics::decimal::shortest(value, self.decimals, analytics::decimal::Rounding::HalfUp)
    }
}

/// Writes the template.
///
/// # Errors
/// When a text is one that no cell holds.
pub fn workbook(owed: &[Owed], about: &About) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    sheet(workbook.add_worksheet(), owed)?;
    about_sheet(workbook.add_worksheet(), about)?;
    workbook.save_to_buffer()
}

fn sheet(worksheet: &mut Worksheet, owed: &[Owed]) -> Result<(), XlsxError> {
    worksheet.set_name("填报")?;
    worksheet.set_freeze_panes(1, 6)?;
    style::printed(worksheet)?;
    for (column, (label, width, _)) in (0u16..).zip(COLUMNS) {
        worksheet.write_string_with_format(0, column, label, &style::head())?;
        worksheet.set_column_width(column, width)?;
        if column < HIDDEN {
            worksheet.set_column_hidden(column)?;
        }
    }
    let (closed, open) = (style::closed(), style::open());
    for (line, row) in (1u32..).zip(owed) {
        let texts = [
            row.cell(),
            row.indicator.clone(),
            row.org.clone(),
            row.period.clone(),
            row.org_name.clone(),
            row.indicator_name.clone(),
            row.definition.clone(),
            row.unit.clone(),
            row.last_year.map(|value| row.told(value)).unwrap_or_default(),
            row.range(),
        ];
        for (column, text) in (0u16..).zip(texts) {
            worksheet.write_string_with_format(line, column, text, &closed)?;
        }
        for (column, _) in (0u16..).zip(COLUMNS).filter(|(_, (_, _, is_open))| *is_open) {
            worksheet.write_blank(line, column, &open)?;
        }
        value_cell(worksheet, line, row, &open)?;
    }
    if let Some(last) = u32::try_from(owed.len()).ok().filter(|last| *last > 0) {
        let statuses = DataValidation::new()
            .allow_list_strings(&STATUSES)?
            .set_input_message("留空即“正常”;没有数值时请选未报、不适用或保密")?;
        worksheet.add_data_validation(1, STATUS, last, STATUS, &statuses)?;
    }
    // Without a password: it keeps codes from slips, not from hands.
    worksheet.protect();
    Ok(())
}

/// The blank cell, or what is stored, with the numbers that can stand there.
fn value_cell(worksheet: &mut Worksheet, line: u32, row: &Owed, open: &Format) -> Result<(), XlsxError> {
    let zeros = "0".repeat(row.decimals as usize);
    let code = if row.decimals == 0 {
        "0".to_owned()
    } else {
        format!("0.{zeros}")
    };
    let format = open.clone().set_num_format(code);
    match row.value {
        Some(value) => worksheet.write_number_with_format(line, VALUE, value, &format)?,
        None => worksheet.write_blank(line, VALUE, &format)?,
    };
    let mut hint = format!("单位:{}", row.unit);
    if let Some(last) = row.last_year {
        hint.push_str(&format!("\n上年同期:{}", row.told(last)));
    }
    if row.plausible.is_some() {
        hint.push_str(&format!("\n合理范围:{}", row.range()));
    }
    let (low, high) = (row.valid.0.unwrap_or(-1e15), row.valid.1.unwrap_or(1e15));
    // A text such as 约300 is read as well: what is surprising is asked about and not forbidden.
    let rule = DataValidation::new()
        .allow_decimal_number(DataValidationRule::Between(low, high))
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title("请核对")?
        .set_error_message("不是有效范围内的数字。确认无误可继续。")?
        .set_input_title("填报提示")?
        .set_input_message(hint)?;
    worksheet.add_data_validation(line, VALUE, line, VALUE, &rule)?;
    Ok(())
}
