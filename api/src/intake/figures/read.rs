//! From the sheets of a file to its figures, one after the other.

use std::ops::ControlFlow;

use strum::EnumCount;

use super::entry::{Entry, UnitFrom};
use super::field::Field;
use super::layout::{self, Layout};
use super::mapping::{Mapping, Role};
use super::plain::compact;
use super::vocabulary::Vocabulary;
use super::word::is_total;
use crate::intake::book::{Book, CellKind, Row, Sheet};
use crate::intake::problem::{CellPlace, Problem, Text};

/// Faults that are listed before the rest is only counted.
const MOST_PROBLEMS: usize = 1000;
/// What notes below a table begin with.
const NOTES: [&str; 12] = [
    "注:",
    "注1",
    "备注:",
    "说明:",
    "填表",
    "制表",
    "审核",
    "负责人",
    "单位负责人",
    "资料来源",
    "数据来源",
    "联系",
];
/// Sheets that are no tables.
const ASIDE: [&str; 5] = ["说明", "填报说明", "填表说明", "目录", "封面"];

/// A sheet whose layout is known.
#[derive(Debug)]
pub struct Table<'b> {
    sheet: &'b Sheet<'b>,
    layout: Layout,
}

/// What was read besides figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cells of figures that are blank: what is stored there is left alone.
    pub blank: usize,
    /// Rows that sum up others, or that a mapping leaves out.
    pub left_out: usize,
}

/// The tables of a file. Hidden and blank sheets, and those of ours and of explanations, are none.
///
/// # Errors
/// Every sheet whose header is not understood; a file without a table.
pub fn tables<'b>(
    file: &str,
    book: &'b Book<'b>,
    vocabulary: &dyn Vocabulary,
    mapping: &Mapping,
) -> Result<Vec<Table<'b>>, Vec<Problem>> {
    let mut tables = Vec::new();
    let mut problems = Vec::new();
    for sheet in &book.sheets {
        let is_wanted = match &mapping.sheet {
            Some(name) => *name == sheet.name,
            None => sheet.visible && !sheet.name.starts_with('_') && !ASIDE.contains(&sheet.name.as_str()),
        };
        if !is_wanted || sheet.is_blank() {
            continue;
        }
        match layout::detect(file, sheet, vocabulary, mapping) {
            Ok(layout) => tables.push(Table { sheet, layout }),
            Err(more) => problems.extend(more),
        }
    }
    if tables.is_empty() && problems.is_empty() {
        problems.push(no_rows(file));
    }
    if problems.is_empty() { Ok(tables) } else { Err(problems) }
}

impl<'b> Table<'b> {
    /// The sheet's name; empty for a text file.
    #[must_use]
    pub fn sheet(&self) -> &'b str {
        &self.sheet.name
    }

    /// How its columns were understood.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Gives every figure of the table; blank ones are only counted. What is wrong with the form of a row goes to `problems`.
    pub fn entries(
        &self,
        file: &str,
        mapping: &Mapping,
        problems: &mut Vec<Problem>,
        mut each: impl FnMut(&Entry<'_>) -> ControlFlow<()>,
    ) -> Tally {
        let mut tally = Tally::default();
        let mut reading = Reading {
            table: self,
            file,
            mapping,
            problems,
            tally: &mut tally,
        };
        let read = self.sheet.rows(|index, line, row| {
            if index <= self.layout.header.1 {
                return ControlFlow::Continue(());
            }
            reading.row(index, line, row, &mut each)
        });
        if let Err(line) = read {
            let message = Text::new("the file is not a CSV", "文件不是规范的 CSV");
            let hint = Text::new(
                "save it as comma-separated values in UTF-8",
                "请另存为“CSV UTF-8(逗号分隔)”",
            );
            problems.push(Problem::of_file(file, message, hint).at_line(line));
        }
        tally
    }

    /// What the whole sheet says, before the row says more.
    fn blank_entry<'a>(&'a self, line: u64, mapping: &'a Mapping) -> Entry<'a> {
        let layout = &self.layout;
        let mut entry = Entry {
            line,
            column: 0,
            sheet: &self.sheet.name,
            kind: CellKind::Text,
            period_kind: CellKind::Text,
            unit_from: UnitFrom::Nowhere,
            year: layout.context.year,
            texts: [""; Field::COUNT],
            told: 0,
            columns: [None; Field::COUNT],
        };
        for field in [Field::Indicator, Field::Org, Field::Period, Field::Unit] {
            if let Some(text) = layout.context.get(field) {
                entry.set(field, text);
                if field == Field::Unit {
                    entry.unit_from = UnitFrom::Header;
                }
            }
        }
        for field in [
            Field::SourceTitle,
            Field::SourceUrl,
            Field::Publisher,
            Field::PublishedOn,
            Field::Locator,
            Field::Note,
        ] {
            if let Some(text) = mapping.default_of(field) {
                entry.set(field, text);
            }
        }
        entry
    }

    fn place(&self, line: u64, column: usize) -> CellPlace {
        CellPlace {
            sheet: self.sheet.name.clone(),
            row: u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

struct Reading<'r, 'b> {
    table: &'r Table<'b>,
    file: &'r str,
    mapping: &'r Mapping,
    problems: &'r mut Vec<Problem>,
    tally: &'r mut Tally,
}

impl Reading<'_, '_> {
    fn row(
        &mut self,
        index: usize,
        line: u64,
        row: Row<'_>,
        each: &mut impl FnMut(&Entry<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if self.problems.len() >= MOST_PROBLEMS {
            return ControlFlow::Break(());
        }
        if row.is_empty() || self.is_aside(row) || !self.has_right_length(line, row) {
            return ControlFlow::Continue(());
        }
        let layout = &self.table.layout;
        let mut entry = self.table.blank_entry(line, self.mapping);
        for (place, field) in layout.fields() {
            let mut text = row.text(place);
            if text.is_empty()
                && let Some(top) = u32::try_from(index)
                    .ok()
                    .zip(u32::try_from(place).ok())
                    .and_then(|key| layout.tops.get(&key))
            {
                text = self.table.sheet.grid_text(*top, place);
            }
            entry.set(field, text);
            if let Some(own) = entry.columns.get_mut(field as usize) {
                *own = u32::try_from(place).ok();
            }
            if field == Field::Period {
                entry.period_kind = row.kind(place);
            }
            if field == Field::Unit && !text.is_empty() {
                entry.unit_from = UnitFrom::Row;
            }
            if matches!(row.kind(place), CellKind::Formula | CellKind::Error) {
                self.computed(line, place, field.name(), row.kind(place));
                return ControlFlow::Continue(());
            }
        }
        self.unlabelled(line, row);
        for (place, (label, role)) in layout.columns.iter().enumerate() {
            let Role::Value(dims) = role else { continue };
            let (text, kind) = (row.text(place), row.kind(place));
            if text.is_empty() && kind != CellKind::Formula && entry.some(Field::Status).is_none() {
                self.tally.blank += 1;
                continue;
            }
            if matches!(kind, CellKind::Formula | CellKind::Error) {
                self.computed(line, place, label, kind);
                continue;
            }
            let mut figure = entry;
            figure.column = u32::try_from(place).unwrap_or(u32::MAX);
            figure.kind = kind;
            for field in [
                Field::Indicator,
                Field::Org,
                Field::Period,
                Field::Breakdown,
                Field::Unit,
            ] {
                if let Some(code) = dims.get(field) {
                    figure.set(field, code);
                    if field == Field::Unit {
                        figure.unit_from = UnitFrom::Header;
                    }
                }
            }
            figure.set(Field::Value, text);
            each(&figure)?;
        }
        ControlFlow::Continue(())
    }

    /// Totals, notes below the table, and headers that are printed again on a new page.
    fn is_aside(&mut self, row: Row<'_>) -> bool {
        let layout = &self.table.layout;
        let Some(first) = (0..row.len())
            .map(|place| row.text(place))
            .find(|text| !text.is_empty())
        else {
            return true;
        };
        let first = compact(first);
        let has_figure = layout
            .columns
            .iter()
            .enumerate()
            .any(|(place, (_, role))| matches!(role, Role::Value(_)) && !row.text(place).is_empty());
        let mut keys = layout
            .fields()
            .filter(|(_, field)| matches!(field, Field::Org | Field::Indicator))
            .map(|(place, _)| compact(row.text(place)));
        let key = keys.next();
        // The total of a breakdown is a figure of its own.
        let is_item = layout.fields().any(|(place, field)| {
            field == Field::Breakdown && !row.text(place).is_empty() && compact(row.text(place)) == first
        });
        let named = |text: &str| is_total(text) || self.mapping.ignore_rows.iter().any(|given| compact(given) == text);
        let is_sum = (named(&first) && !is_item) || key.as_deref().is_some_and(named) || keys.any(|key| named(&key));
        // 负责人:张三 is a note, 负责人出庭应诉案件数 an indicator.
        let is_note = NOTES.iter().any(|note| first.starts_with(note))
            && (!has_figure || (key.as_deref() == Some(&*first) && first.contains(':')));
        let is_header = layout.columns.iter().enumerate().all(|(place, (label, role))| {
            *role == Role::Ignored || compact(row.text(place)).as_ref() == label.rsplit(' ').next().unwrap_or(label)
        });
        if is_sum && has_figure {
            self.tally.left_out += 1;
        }
        is_sum || is_note || is_header
    }

    /// A text line with too many or too few cells has lost a quote; in a workbook and in pasted tables blank ends are usual.
    fn has_right_length(&mut self, line: u64, row: Row<'_>) -> bool {
        let width = self.table.layout.columns.len();
        if self.table.sheet.is_grid() || row.len() == width || (self.table.sheet.is_pasted() && row.len() < width) {
            return true;
        }
        let message = Text::new(
            format!("the row has {} cells, the header {width}", row.len()),
            format!("该行有 {} 个单元格,表头有 {width} 个", row.len()),
        );
        let hint = Text::new(
            "quote cells that hold a comma or a line break",
            "含有逗号或换行的单元格请加双引号",
        );
        self.problems
            .push(Problem::of_file(self.file, message, hint).at_line(line));
        false
    }

    /// A column was blank where the header was looked for, and is not here: what stands in it must not be lost.
    fn unlabelled(&mut self, line: u64, row: Row<'_>) {
        let columns = &self.table.layout.columns;
        let is_lost = |place: &usize| {
            let has_label = columns
                .get(*place)
                .is_some_and(|(label, role)| !label.is_empty() || *role != Role::Ignored);
            !has_label && !row.text(*place).is_empty()
        };
        let Some(place) = (0..row.len()).find(is_lost) else {
            return;
        };
        let message = Text::new("the column has no header", "该列没有表头");
        let hint = Text::new("write one, or clear the cell", "请补上表头,或清空该单元格");
        let cell = Some(self.table.place(line, place));
        self.problems.push(Problem {
            cell,
            ..Problem::of_file(self.file, message, hint).at_line(line)
        });
    }

    fn computed(&mut self, line: u64, column: usize, label: &str, kind: CellKind) {
        let (message, hint) = if kind == CellKind::Formula {
            (
                Text::new(
                    "the cell is a formula, whose result may be out of date",
                    "单元格是公式,其结果可能已过时",
                ),
                Text::new("copy the cells and paste them as values", "请复制后“选择性粘贴为数值”"),
            )
        } else {
            (
                Text::new("the cell holds an error of the spreadsheet", "单元格是表格软件的错误值"),
                Text::new(
                    "mend the formula, and paste its result as a value",
                    "请修正公式,并把结果粘贴为数值",
                ),
            )
        };
        let cell = Some(self.table.place(line, column));
        self.problems.push(Problem {
            cell,
            ..Problem::of_file(self.file, message, hint)
                .at_line(line)
                .in_column(label)
        });
    }
}

/// A file without a figure.
#[must_use]
pub fn no_rows(file: &str) -> Problem {
    Problem::of_file(
        file,
        Text::new("the file has no rows", "文件中没有数据行"),
        Text::new(
            "write one row an observation below the header",
            "请在表头下方逐行填写数据",
        ),
    )
}
