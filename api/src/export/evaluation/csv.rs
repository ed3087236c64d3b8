//! An evaluation as flat rows: one a node and one the total of each organisation. Numbers are exact, with all their digits.

use std::io::Write;

use csv::{Terminator, WriterBuilder};
use rust_decimal::Decimal;

use super::dossier::Dossier;
use super::outline::{self, Level};
use super::report::{NodeLabel, NodeResult, UnitResult};
use super::words;
use crate::intake::book::neutral::neutralised;

/// How the columns are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Head {
    /// By code, which stays.
    #[default]
    Codes,
    /// In Chinese.
    Chinese,
}

/// The columns: code and Chinese name.
pub const COLUMNS: [(&str, &str); 56] = [
    ("framework", "考评方案"),
    ("version", "方案版本"),
    ("period", "期间"),
    ("track", "组别代码"),
    ("track_name", "组别"),
    ("org_code", "单位代码"),
    ("org_name", "单位"),
    ("node_code", "指标代码"),
    ("node_name", "指标"),
    ("parent", "上级指标代码"),
    ("level", "层级"),
    ("rule", "计分规则"),
    ("missing", "缺报处理"),
    ("full", "满分"),
    ("weight", "折算满分"),
    ("points", "得分"),
    ("published", "公布得分"),
    ("value", "数值"),
    ("used", "计分所用数值"),
    ("unit", "计量单位"),
    ("target", "目标值"),
    ("outcome", "计分结果"),
    ("status", "数值状态"),
    ("reason", "无数值原因"),
    ("flags", "标记"),
    ("numerator", "分子"),
    ("denominator", "分母"),
    ("present", "已汇总数"),
    ("expected", "应汇总数"),
    ("previous_value", "上年数值"),
    ("previous_points", "上年得分"),
    ("change", "得分增减"),
    ("previous_published", "上年公布得分"),
    ("published_change", "公布得分增减"),
    ("rank", "名次"),
    ("tied", "是否并列"),
    ("previous_rank", "上年名次"),
    ("rank_best", "名次区间上限"),
    ("rank_worst", "名次区间下限"),
    ("grade", "等次代码"),
    ("grade_name", "等次"),
    ("base", "基础分"),
    ("bonus", "加分"),
    ("penalty", "扣分"),
    ("vetoes", "一票否决"),
    ("coverage", "数据覆盖率"),
    ("lowest", "最低可能总分"),
    ("highest", "最高可能总分"),
    ("self_score", "自评分"),
    ("review_score", "审核分"),
    ("final_score", "核定分"),
    ("sentence", "说明"),
    ("as_of", "截止时点"),
    ("engine", "计分引擎版本"),
    ("run", "封存编号"),
    ("hash", "封存校验值"),
];

/// Writes the rows as UTF-8 with CRLF (RFC 4180); with a mark Excel reads it as UTF-8. A blank cell is what is not there; no text is a formula.
///
/// # Errors
/// When the target cannot be written.
pub fn write(dossier: &Dossier, head: Head, with_mark: bool, mut target: impl Write) -> Result<(), std::io::Error> {
    if with_mark {
        target.write_all(b"\xef\xbb\xbf")?;
    }
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(target);
    let named = |(code, name): &(&'static str, &'static str)| match head {
        Head::Codes => *code,
        Head::Chinese => *name,
    };
    writer.write_record(COLUMNS.iter().map(named))?;
    for (place, unit) in dossier.evaluation.units.iter().enumerate() {
        let reading = dossier.readings.get(place);
        let about = Row::about(dossier, unit);
        for (node, (label, result)) in dossier.evaluation.nodes.iter().zip(&unit.nodes).enumerate() {
            let mut row = about.clone();
            row.node(label, result);
            let sentence = reading.and_then(|reading| reading.sentences.get(node));
            row.text("sentence", sentence.map_or("", |sentence| &sentence.zh));
            writer.write_record(&row.cells)?;
        }
        let mut row = about;
        row.total(dossier, unit);
        writer.write_record(&row.cells)?;
    }
    writer.flush()
}

/// One row: a cell a column.
#[derive(Clone)]
struct Row {
    cells: Vec<String>,
}

impl Row {
    fn put(&mut self, column: &str, cell: String) {
        let place = COLUMNS.iter().position(|(code, _)| *code == column);
        debug_assert!(place.is_some(), "no column {column}");
        if let Some(found) = place.and_then(|place| self.cells.get_mut(place)) {
            *found = cell;
        }
    }

    fn text(&mut self, column: &str, text: &str) {
        self.put(column, neutralised(text).into_owned());
    }

    fn number(&mut self, column: &str, number: Option<Decimal>) {
        self.put(column, number.map(|number| number.to_string()).unwrap_or_default());
    }

    fn whole<N: ToString>(&mut self, column: &str, number: Option<N>) {
        self.put(column, number.map(|number| number.to_string()).unwrap_or_default());
    }

    fn about(dossier: &Dossier, unit: &UnitResult) -> Self {
        let evaluation = &dossier.evaluation;
        let mut row = Self {
            cells: vec![String::new(); COLUMNS.len()],
        };
        row.text("framework", &evaluation.framework.code);
        row.text("version", &evaluation.framework.version);
        row.text("period", &evaluation.period);
        row.text("track", &unit.track);
        row.text("track_name", outline::track(evaluation, &unit.track));
        row.text("org_code", &unit.org);
        row.text("org_name", &unit.name.zh);
        row.text("as_of", &evaluation.as_of);
        row.whole("engine", Some(evaluation.engine));
        row.whole("run", dossier.run.as_ref().map(|run| run.id));
        row.text("hash", dossier.run.as_ref().map_or("", |run| &run.hash));
        row
    }

    fn node(&mut self, label: &NodeLabel, result: &NodeResult) {
        let known = &result.known;
        self.text("node_code", &label.code);
        self.text("node_name", &label.name.zh);
        self.text("parent", label.parent.as_deref().unwrap_or_default());
        self.text("level", Level::of(label).code());
        self.text("rule", label.rule.as_deref().unwrap_or_default());
        self.text("missing", label.missing.as_deref().unwrap_or_default());
        self.number("full", result.full);
        self.number("weight", result.weight);
        self.number("points", result.points);
        self.number("value", known.value);
        self.number("used", result.used);
        self.text("unit", label.unit.as_ref().map_or("", |unit| &unit.zh));
        self.number("target", known.target);
        self.text("outcome", result.outcome.as_deref().unwrap_or_default());
        self.text("status", known.status.as_deref().unwrap_or_default());
        self.text("reason", known.reason.as_deref().unwrap_or_default());
        self.text("flags", &known.flags.join("|"));
        self.number("numerator", known.numerator);
        self.number("denominator", known.denominator);
        self.whole("present", known.coverage.map(|(present, _)| present));
        self.whole("expected", known.coverage.map(|(_, expected)| expected));
        let previous = result.previous.as_ref();
        self.number("previous_value", previous.and_then(|before| before.known.value));
        self.number("previous_points", previous.and_then(|before| before.points));
        self.number("change", outline::node_change(result));
        for (column, stage) in [
            ("self_score", "SELF_SCORE"),
            ("review_score", "REVIEW"),
            ("final_score", "FINAL"),
        ] {
            self.number(column, outline::mark(result, stage).map(|mark| mark.points));
        }
    }

    fn total(&mut self, dossier: &Dossier, unit: &UnitResult) {
        let (now, previous) = (&unit.now, unit.previous.as_ref());
        let before = previous.and_then(|before| before.total);
        self.text("node_name", words::other("total"));
        self.text("level", "total");
        self.number("full", Some(dossier.evaluation.framework.total));
        self.number("points", now.total);
        self.number("published", now.published);
        self.text("unit", "分");
        self.text("flags", &outline::flags(unit).join("|"));
        self.number("previous_points", before);
        self.number("change", outline::difference(now.total, before));
        self.number("previous_published", previous.and_then(|before| before.published));
        self.number("published_change", outline::published_change(unit));
        self.whole("rank", now.rank);
        self.whole("tied", now.rank.map(|_| now.tied));
        self.whole("previous_rank", previous.and_then(|before| before.rank));
        self.whole("rank_best", unit.interval.map(|interval| interval.best));
        self.whole("rank_worst", unit.interval.map(|interval| interval.worst));
        self.text("grade", now.grade.as_deref().unwrap_or_default());
        self.text("grade_name", outline::grade(&dossier.evaluation, now));
        self.number("base", now.base);
        self.number("bonus", Some(now.bonus));
        self.number("penalty", Some(now.penalty));
        self.text("vetoes", &now.vetoes.join("|"));
        self.number("coverage", Some(now.coverage));
        self.number("lowest", now.lowest);
        self.number("highest", now.highest);
    }
}
