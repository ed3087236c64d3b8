//! What hinders a header: unknown, doubled, contradicting and missing columns.

use std::collections::HashMap;

use super::super::field::{COLUMNS, Field};
use super::super::mapping::{Dims, Role};
use super::super::vocabulary::Vocabulary;
use super::column::Reading;
use super::context::Context;
use crate::intake::book::Sheet;
use crate::intake::problem::{CellPlace, Problem, Text, clip, suggest_text};

/// A header that could be one.
pub(super) struct Candidate {
    pub(super) header: (usize, usize),
    pub(super) context: Context,
    pub(super) columns: Vec<(String, Reading)>,
}

/// Faults of one header that are told, and those among them that look for the name that was meant.
const MOST_TOLD: usize = 200;
const MOST_ADVISED: usize = 20;

/// Where the faults are told of.
pub(super) struct Faults<'a> {
    pub(super) file: &'a str,
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) vocabulary: &'a dyn Vocabulary,
}

impl Faults<'_> {
    /// The faults without advice, which is dear: enough to compare headers.
    pub(super) fn count(&self, candidate: &Candidate) -> usize {
        self.list(candidate, 0).len()
    }

    pub(super) fn problems(&self, candidate: &Candidate) -> Vec<Problem> {
        self.list(candidate, MOST_ADVISED)
    }

    fn list(&self, candidate: &Candidate, advised: usize) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut seen: HashMap<&Role, usize> = HashMap::new();
        for (place, (label, reading)) in candidate.columns.iter().enumerate() {
            if problems.len() == MOST_TOLD {
                break;
            }
            let (message, hint) = match reading {
                Reading::Told(Role::Ignored) => continue,
                Reading::Told(role) => match seen.insert(role, place) {
                    None => continue,
                    Some(_) => (
                        Text::new(
                            format!("the column stands twice: `{}`", role.meaning()),
                            format!("有两列是“{}”", role.meaning()),
                        ),
                        Text::new("keep one of them", "请只保留一列"),
                    ),
                },
                Reading::Blank => (
                    Text::new("the column has no header", "该列没有表头"),
                    Text::new(
                        "write one, or say `ignore` in a mapping",
                        "请补上表头,或在映射文件中忽略该列",
                    ),
                ),
                Reading::UnitOrOrg => (
                    Text::new(
                        "`单位` is neither the organisations nor the units of the rows",
                        "“单位”列既不全是机构,也不全是计量单位",
                    ),
                    Text::new(
                        "name the column 填报单位 or 计量单位",
                        "请把表头改为“填报单位”或“计量单位”",
                    ),
                ),
                Reading::Several(codes) => (
                    Text::new(
                        format!("`{}` could be {}", clip(label), codes.join(", ")),
                        format!("“{}”可能是 {}", clip(label), codes.join("、")),
                    ),
                    Text::new("write the code", "请改写为代码"),
                ),
                Reading::Unknown | Reading::Contradiction | Reading::Total(_) => {
                    self.unknown(label, problems.len() < advised)
                }
            };
            problems.push(self.problem(candidate, Some(place), label, message, hint));
        }
        self.missing(candidate, &mut problems);
        problems
    }

    fn unknown(&self, label: &str, is_advised: bool) -> (Text, Text) {
        let known = COLUMNS;
        let en = format!(
            "the columns are {}; others are names of indicators, organisations and periods",
            known.join(", ")
        );
        let label = &clip(label);
        let zh = "请改用指标、机构或期间的名称,或在映射文件中指明或忽略";
        let hint = match is_advised.then(|| self.vocabulary.suggest(label)).flatten() {
            Some(name) => Text::new(
                format!("did you mean `{name}`? {en}"),
                format!("是否指“{name}”?也可在映射文件中指明"),
            ),
            None if is_advised => suggest_text(label, known, &en, zh),
            None => Text::new(en, zh),
        };
        (
            Text::new(
                format!("there is no column `{label}`"),
                format!("无法识别表头“{label}”"),
            ),
            hint,
        )
    }

    /// What some figure needs and nothing tells.
    fn missing(&self, candidate: &Candidate, problems: &mut Vec<Problem>) {
        let values: Vec<&Dims> = candidate
            .columns
            .iter()
            .filter_map(|(_, reading)| match reading {
                Reading::Told(Role::Value(dims)) => Some(dims),
                _ => None,
            })
            .collect();
        let has = |field: Field| {
            candidate
                .columns
                .iter()
                .any(|(_, reading)| *reading == Reading::Told(Role::Field(field)))
        };
        for field in [Field::Indicator, Field::Org, Field::Period, Field::Value] {
            let is_told = match field {
                Field::Value => !values.is_empty(),
                _ => {
                    has(field)
                        || candidate.context.get(field).is_some()
                        || (!values.is_empty() && values.iter().all(|dims| dims.get(field).is_some()))
                }
            };
            if is_told {
                // Told by the row and by the header at once: which of them?
                if has(field) && values.iter().any(|dims| dims.get(field).is_some()) {
                    let message = Text::new(
                        format!("a column and a header both give the {}", field.name()),
                        format!("既有“{}”列,表头中又写了{}", field.chinese(), field.chinese()),
                    );
                    problems.push(self.problem(
                        candidate,
                        None,
                        field.name(),
                        message,
                        Text::new("keep one of them", "请只保留一处"),
                    ));
                }
                continue;
            }
            let (message, hint) = not_told(field, &candidate.context.open);
            problems.push(self.problem(candidate, None, field.name(), message, hint));
        }
    }

    fn problem(&self, candidate: &Candidate, column: Option<usize>, label: &str, message: Text, hint: Text) -> Problem {
        let row = candidate.header.1;
        let cell = CellPlace {
            sheet: self.sheet.name.clone(),
            row: u32::try_from(row).unwrap_or(u32::MAX),
            column: u32::try_from(column.unwrap_or(0)).unwrap_or(u32::MAX),
        };
        Problem {
            cell: Some(cell),
            ..Problem::of_file(self.file, message, hint)
                .at_line(row as u64 + 1)
                .in_column(clip(label))
        }
    }

    pub(super) fn no_header(&self) -> Problem {
        let name = if self.sheet.name.is_empty() {
            String::new()
        } else {
            format!("{}: ", self.sheet.name)
        };
        Problem::of_file(
            self.file,
            Text::new(format!("{name}no header is found"), format!("{name}找不到表头")),
            Text::new(
                "the first rows must name indicator, org, period and value, or indicators, organisations and periods of the catalogue; a mapping can say where the header is",
                "前几行须有“指标、机构、期间、数值”,或目录中的指标、机构、期间名称;也可用映射文件指明表头所在行",
            ),
        )
        .at_line(1)
    }
}

/// That nothing tells the field; of a period, that the titles tell several.
fn not_told(field: Field, periods: &[String]) -> (Text, Text) {
    if field == Field::Period && !periods.is_empty() {
        return (
            Text::new(
                format!("the titles name several periods: {}", periods.join(", ")),
                format!("标题中有几个不同的期间:{}", periods.join("、")),
            ),
            Text::new(
                "give a column `period`, or --period",
                "请增加“期间”列,或用 --period 指明",
            ),
        );
    }
    let name = field.name();
    let (written, chinese) = match field {
        Field::Org => (" as 填报单位:NAME", "“填报单位:名称”"),
        _ => ("", ""),
    };
    let message = Text::new(
        format!("the column `{name}` is missing"),
        format!("缺少“{}”", field.chinese()),
    );
    let hint = Text::new(
        format!(
            "add it, say it above the table{written}, or give it for the whole file (--{name}, or `{name}` under [default] of a mapping)"
        ),
        format!("请增加该列,或在表头上方写明{chinese},或用 --{name} 为整个文件指明"),
    );
    (message, hint)
}
