//! A file again as a workbook, each bad cell marked and explained, to be mended and sent again.

use std::collections::HashMap;
use std::ops::ControlFlow;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Note, Workbook, Worksheet, XlsxError};

use super::style;
use crate::intake::book::{self, CellKind, Limits, Merge, Row, Sheet};
use crate::intake::figures::MOST_SPAN;
use crate::intake::problem::{Problem, clip};

/// Sheets whose name begins so are ours, and are not imported.
const FAULTS: &str = "_问题";
/// Characters that a cell can hold.
const LONGEST: usize = 32_767;
/// Characters that a text in a formula can hold.
const LONGEST_IN_FORMULA: usize = 255;
/// How a share is shown.
const PERCENT: &str = "0.##%";
/// The errors that a formula can be.
const ERRORS: [&str; 7] = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];
/// Faults that are marked; a file with more has one cause.
const MOST_MARKED: usize = 5000;

/// Writes the workbook. A file that cannot be read at all gives one with its faults only. `header`, the first and the last row of a text file's header
/// counted from 1, says where its merged cells are lost.
///
/// # Errors
/// When the file holds what no workbook can.
pub fn write(
    name: &str,
    bytes: &[u8],
    problems: &[Problem],
    header: Option<[usize; 2]>,
    limits: &Limits,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    if let Ok(book) = book::open(name, bytes, limits) {
        for (number, sheet) in book.sheets.iter().enumerate() {
            let worksheet = workbook.add_worksheet();
            let title = if sheet.name.is_empty() {
                format!("数据{}", number + 1)
            } else {
                sheet.name.clone()
            };
            worksheet.set_name(title)?;
            worksheet.set_hidden(!sheet.visible);
            copy(worksheet, sheet, problems, header.filter(|_| !sheet.is_grid()))?;
        }
    }
    if !problems.is_empty() {
        list(workbook.add_worksheet(), problems)?;
    }
    workbook.save_to_buffer()
}

fn copy(
    worksheet: &mut Worksheet,
    sheet: &Sheet<'_>,
    problems: &[Problem],
    header: Option<[usize; 2]>,
) -> Result<(), XlsxError> {
    let lost = header.map(|header| lost_merges(sheet, header)).unwrap_or_default();
    for merge in sheet.merges.iter().chain(&lost) {
        let (Ok(first), Ok(last)) = (u16::try_from(merge.columns.0), u16::try_from(merge.columns.1)) else {
            continue;
        };
        if (merge.rows.0, first) != (merge.rows.1, last) {
            worksheet.merge_range(merge.rows.0, first, merge.rows.1, last, "", &Format::new())?;
        }
    }
    let places = Places::of(sheet, problems);
    let mut failed = Ok(());
    // A text that is no CSV from some line on is copied up to there; its fault is in the list.
    let _ = sheet.rows(|index, _, row| {
        let Ok(number) = u32::try_from(index) else {
            return ControlFlow::Break(());
        };
        for column in 0..row.len() {
            let Ok(place) = u16::try_from(column) else { break };
            failed = cell(worksheet, number, place, row, places.marks.get(&(number, place)));
            if failed.is_err() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    failed?;
    worksheet.autofit();
    style::printed(worksheet)?;
    // Faults of cells that are blank or not there.
    for ((row, column), texts) in &places.marks {
        worksheet.insert_note(*row, *column, &note(texts))?;
    }
    Ok(())
}

/// The merged cells that a text has lost: above the last row of its header a blank cell continues the one to its left.
fn lost_merges(sheet: &Sheet<'_>, [first, last]: [usize; 2]) -> Vec<Merge> {
    let mut merges: Vec<Merge> = Vec::new();
    let head = sheet.head(last.saturating_sub(1));
    for (row, cells) in (0u32..).zip(&head).skip(first.saturating_sub(1)) {
        for (column, cell) in (0u32..).zip(cells) {
            let left = merges.last_mut().filter(|merge| merge.rows.0 == row);
            match left {
                Some(left) if cell.text.is_empty() && (column - left.columns.0) as usize <= MOST_SPAN => {
                    left.columns.1 = column
                }
                None if cell.text.is_empty() => {}
                _ => merges.push(Merge {
                    rows: (row, row),
                    columns: (column, column),
                }),
            }
        }
    }
    merges
}

fn note(texts: &[String]) -> Note {
    Note::new(texts.join("\n"))
        .set_author("准绳")
        .set_width(320)
        .set_height(120)
}

/// Writes a cell as what it is, marked where it has a fault.
fn cell(
    worksheet: &mut Worksheet,
    row: u32,
    column: u16,
    cells: Row<'_>,
    marked: Option<&Vec<String>>,
) -> Result<(), XlsxError> {
    let (text, kind) = (cells.text(usize::from(column)), cells.kind(usize::from(column)));
    let plain = if marked.is_some() {
        style::faulty()
    } else {
        Format::new()
    };
    let number = text.trim_end_matches('%').parse::<f64>();
    match (kind, number) {
        (CellKind::Number, Ok(number)) => {
            worksheet.write_number_with_format(row, column, number, &plain)?;
        }
        (CellKind::Percent, Ok(number)) => {
            worksheet.write_number_with_format(row, column, number / 100.0, &plain.set_num_format(PERCENT))?;
        }
        // As a value it would be imported, with nobody having looked whether it is up to date.
        (CellKind::Formula | CellKind::Error, number) if text.chars().count() <= LONGEST_IN_FORMULA => {
            let (formula, format) = match number {
                Ok(number) if text.ends_with('%') => (computed(number / 100.0), plain.set_num_format(PERCENT)),
                Ok(number) => (computed(number), plain),
                Err(_) if ERRORS.contains(&text) => (computed(text), plain),
                Err(_) => {
                    let quoted = text.replace('"', "\"\"");
                    (Formula::new(format!("=\"{quoted}\"")).set_result(text), plain)
                }
            };
            worksheet.write_formula_with_format(row, column, formula, &format)?;
        }
        (CellKind::Date, _) => match ExcelDateTime::parse_from_str(text) {
            Ok(date) => {
                worksheet.write_datetime_with_format(row, column, &date, &plain.set_num_format("yyyy-mm-dd"))?;
            }
            Err(_) => {
                worksheet.write_string_with_format(row, column, text, &plain)?;
            }
        },
        _ if text.is_empty() => {
            if marked.is_some() {
                worksheet.write_blank(row, column, &plain)?;
            }
        }
        _ => {
            let text: String = text.chars().take(LONGEST).collect();
            worksheet.write_string_with_format(row, column, text, &plain)?;
        }
    }
    Ok(())
}

/// A formula that is no more than its last result.
fn computed(result: impl ToString) -> Formula {
    let result = result.to_string();
    Formula::new(format!("={result}")).set_result(result)
}

/// The cells with faults, and what is said of each.
struct Places {
    marks: HashMap<(u32, u16), Vec<String>>,
}

impl Places {
    fn of(sheet: &Sheet<'_>, problems: &[Problem]) -> Self {
        let mut marks: HashMap<(u32, u16), Vec<String>> = HashMap::new();
        let mut rows: HashMap<u64, u32> = HashMap::new();
        if !sheet.is_grid() {
            // A fault that is not found is in the list all the same.
            let _ = sheet.rows(|index, line, _| {
                rows.insert(line, u32::try_from(index).unwrap_or(u32::MAX));
                ControlFlow::Continue(())
            });
        }
        for problem in problems.iter().take(MOST_MARKED) {
            let column = problem.cell.as_ref().map_or(Ok(0), |cell| u16::try_from(cell.column));
            let row = match (problem.named_cell(), problem.line) {
                (Some(cell), _) => (cell.sheet == sheet.name).then_some(cell.row),
                (None, Some(line)) => rows.get(&line).copied(),
                (None, None) => None,
            };
            let place = row.zip(column.ok());
            if let Some(place) = place {
                let text = format!("{};{}", problem.message.chinese(), problem.hint.chinese());
                marks.entry(place).or_default().push(text);
            }
        }
        Self { marks }
    }
}

/// All faults on a sheet of their own.
fn list(worksheet: &mut Worksheet, problems: &[Problem]) -> Result<(), XlsxError> {
    worksheet.set_name(FAULTS)?;
    let head = style::head();
    let wrapped = Format::new().set_text_wrap();
    for (column, (label, width)) in (0u16..).zip([
        ("位置", 18.0),
        ("列", 18.0),
        ("问题", 48.0),
        ("修改办法", 48.0),
        ("English", 60.0),
    ]) {
        worksheet.write_string_with_format(0, column, label, &head)?;
        worksheet.set_column_width(column, width)?;
    }
    worksheet.set_freeze_panes(1, 0)?;
    style::printed(worksheet)?;
    for (row, problem) in (1u32..).zip(problems) {
        let place = match (problem.named_cell(), problem.line) {
            (Some(cell), _) => cell.to_string(),
            (None, Some(line)) => format!("第{line}行"),
            (None, None) => "整个文件".to_owned(),
        };
        let texts = [
            place,
            problem.column.clone().unwrap_or_default(),
            problem.message.chinese().to_owned(),
            problem.hint.chinese().to_owned(),
            clip_long(&format!("{} — {}", problem.message, problem.hint)),
        ];
        for (column, text) in (0u16..).zip(texts) {
            worksheet.write_string_with_format(row, column, text, &wrapped)?;
        }
        if let Some(cell) = problem.named_cell() {
            let link = format!("internal:'{}'!{}", cell.sheet.replace('\'', "''"), cell.name());
            // A sheet name that no link can hold leaves the plain text.
            let _ = worksheet.write_url_with_text(row, 0, link.as_str(), cell.to_string());
        }
    }
    Ok(())
}

fn clip_long(text: &str) -> String {
    if text.chars().count() > 1000 {
        clip(text)
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::problem::Text;

    const LIMITS: Limits = Limits {
        unpacked_bytes: 10_000_000,
        cells: 10_000,
    };

    #[test]
    fn the_marked_workbook_holds_what_the_file_holds() {
        let text = "indicator,org,period,value\nx,y,2021,\"1,2\"\nx,y,2020,720\n";
        let problem = Problem::of_file("a.csv", Text::new("wrong", "错误"), "mend it")
            .at_line(2)
            .in_column("value");
        let written = write("a.csv", text.as_bytes(), &[problem], None, &LIMITS).unwrap();
        let book = book::open("a.xlsx", &written, &LIMITS).unwrap();
        let texts = |sheet: &Sheet<'_>| -> Vec<Vec<String>> {
            sheet
                .head(10)
                .into_iter()
                .map(|row| row.into_iter().map(|cell| cell.text).collect())
                .collect()
        };
        assert_eq!(texts(&book.sheets[0])[1], ["x", "y", "2021", "1,2"]);
        assert_eq!(texts(&book.sheets[0])[2], ["x", "y", "2020", "720"]);
        assert_eq!(book.sheets[1].name, FAULTS);
        assert_eq!(texts(&book.sheets[1])[1][..3], ["第2行", "value", "错误"]);
    }
}
