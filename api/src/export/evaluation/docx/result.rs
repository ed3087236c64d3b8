//! The result of an evaluation in a document: of one organisation, of all, and the notes that stand under it.

use super::body::{Body, Column};
use super::chart::{self, Bar};
use super::number;
use crate::export::evaluation::dossier::Dossier;
use crate::export::evaluation::outline::{self, Group};
use crate::export::evaluation::report::{Evaluation, UnitResult};
use crate::export::evaluation::words;

/// Bars of one picture: as many as fit on a page.
const MOST_BARS: usize = 24;
/// Dimensions that stand beside one another.
const MOST_DIMENSIONS: usize = 5;

fn score(evaluation: &Evaluation, unit: &UnitResult) -> Option<String> {
    Some(number::points(unit.now.published?, evaluation.framework.decimals))
}

fn blank(text: Option<String>) -> String {
    text.unwrap_or_else(|| "—".to_owned())
}

/// The place with what a reader must know of it: 3（并列）.
fn rank(unit: &UnitResult) -> String {
    let told = unit.now.rank.map(|rank| {
        let tied = if unit.now.tied { "（并列）" } else { "" };
        format!("{rank}{tied}")
    });
    blank(told)
}

/// The share of the weights whose own value is there.
fn coverage(unit: &UnitResult) -> String {
    format!(
        "{}%",
        number::points(unit.now.coverage * rust_decimal::Decimal::ONE_HUNDRED, 0)
    )
}

/// The result of one organisation: a sentence, what must be known, and the points by dimension.
pub(super) fn own(body: &mut Body, dossier: &Dossier, place: usize) {
    let evaluation = &dossier.evaluation;
    let Some(unit) = evaluation.units.get(place) else {
        return;
    };
    let mut sentence = format!(
        "{}（{}）考评，",
        evaluation.framework.name.zh,
        words::period(&evaluation.period)
    );
    match score(evaluation, unit) {
        Some(score) => {
            sentence.push_str(&format!("总分{score}分"));
            let grade = outline::grade(evaluation, &unit.now);
            if !grade.is_empty() {
                sentence.push_str(&format!("，等次为{grade}"));
            }
            if let Some(rank) = unit.now.rank {
                let tied = if unit.now.tied { "并列" } else { "" };
                let track = outline::track(evaluation, &unit.track);
                sentence.push_str(&format!("，在{track}{tied}第{rank}名"));
            }
            if let Some(interval) = unit.interval.filter(|interval| interval.best < interval.worst) {
                sentence.push_str(&format!(
                    "（权重变动±10%时名次在第{}至第{}名之间）",
                    interval.best, interval.worst
                ));
            }
            if let Some(change) = outline::published_change(unit) {
                sentence.push_str(&format!(
                    "；较上年{}分",
                    number::signed(change, evaluation.framework.decimals)
                ));
            }
        }
        None => sentence.push_str("暂无总分"),
    }
    sentence.push_str(&format!("；数据覆盖率{}", coverage(unit)));
    body.text(&(sentence + "。"));
    let remarks = outline::remarks(evaluation, unit);
    if !remarks.is_empty() {
        body.text(&format!("其中：{}。", remarks.join("；")));
    }
    nodes(body, evaluation, unit);
}

/// Points by dimension and criterion.
fn nodes(body: &mut Body, evaluation: &Evaluation, unit: &UnitResult) {
    let decimals = evaluation.framework.decimals.max(2);
    let columns = [
        Column::new("指标", 3280, "left"),
        Column::new("满分", 980, "right"),
        Column::new("得分", 980, "right"),
        Column::new("上年得分", 1060, "right"),
        Column::new("增减", 980, "right"),
        Column::new("计分结果", 1560, "center"),
    ];
    let rows: Vec<Vec<String>> = evaluation
        .nodes
        .iter()
        .zip(&unit.nodes)
        .map(|(label, node)| {
            let points = |points| blank(Option::map(points, |points| number::points(points, decimals)));
            let indent = if label.parent.is_some() { "　" } else { "" };
            let change = outline::node_change(node).map(|change| number::signed(change, decimals));
            vec![
                format!("{indent}{}", outline::name(label)),
                points(node.full),
                points(node.points),
                points(node.previous.as_ref().and_then(|before| before.points)),
                blank(change),
                node.outcome.as_deref().map_or("", words::outcome).to_owned(),
            ]
        })
        .collect();
    body.table(&format!("{}考评得分", unit.name.zh), &columns, &rows);
}

/// The result of all: a table and pictures for each track.
pub(super) fn all(body: &mut Body, dossier: &Dossier) {
    let evaluation = &dossier.evaluation;
    let decimals = evaluation.framework.decimals;
    for field in outline::fields(evaluation) {
        let units: Vec<&UnitResult> = field
            .units
            .iter()
            .filter_map(|place| evaluation.units.get(*place))
            .collect();
        let columns = [
            Column::new("名次", 1150, "center"),
            Column::new("单位", 2390, "left"),
            Column::new("总分", 950, "right"),
            Column::new("等次", 750, "center"),
            Column::new("覆盖率", 850, "right"),
            Column::new("上年总分", 950, "right"),
            Column::new("较上年", 1000, "right"),
            Column::new("名次区间", 800, "center"),
        ];
        let cells = |unit: &&UnitResult| {
            let before = unit.previous.as_ref().and_then(|before| before.published);
            vec![
                rank(unit),
                unit.name.zh.clone(),
                blank(score(evaluation, unit)),
                outline::grade(evaluation, &unit.now).to_owned(),
                coverage(unit),
                blank(before.map(|before| number::points(before, decimals))),
                blank(outline::published_change(unit).map(|change| number::signed(change, decimals))),
                blank(
                    unit.interval
                        .map(|interval| format!("{}—{}", interval.best, interval.worst)),
                ),
            ]
        };
        let rows: Vec<Vec<String>> = units.iter().map(cells).collect();
        body.table(&format!("{}考评结果", field.track), &columns, &rows);
        pictures(body, evaluation, field.track, &units);
    }
}

fn pictures(body: &mut Body, evaluation: &Evaluation, track: &str, units: &[&UnitResult]) {
    let scored: Vec<&&UnitResult> = units.iter().filter(|unit| unit.now.published.is_some()).collect();
    if scored.len() < 2 {
        return;
    }
    let pieces = scored.len().div_ceil(MOST_BARS);
    for (piece, place) in scored.chunks(MOST_BARS).zip(1..) {
        let bars: Vec<Bar> = piece
            .iter()
            .map(|unit| Bar {
                name: unit.name.zh.clone(),
                now: unit
                    .now
                    .published
                    .map(analytics::decimal::to_f64)
                    .zip(score(evaluation, unit)),
                before: None,
            })
            .collect();
        let told: Vec<String> = bars
            .iter()
            .filter_map(|bar| Some(format!("{} {}分", bar.name, bar.now.as_ref()?.1)))
            .collect();
        let part = if pieces > 1 {
            format!("，之{}", number::ordinal(place))
        } else {
            String::new()
        };
        let title = format!("{track}总分（按名次{part}）");
        body.picture(&title, &told.join("；"), chart::bars(&bars, ("", "")));
    }
}

/// Points by dimension, as many dimensions beside one another as a page holds.
pub(super) fn dimensions(body: &mut Body, evaluation: &Evaluation, groups: &[Group]) {
    let decimals = evaluation.framework.decimals.max(2);
    let groups: Vec<&Group> = groups.iter().filter(|group| group.dimension.is_some()).collect();
    for field in outline::fields(evaluation) {
        for piece in groups.chunks(MOST_DIMENSIONS) {
            let mut columns = vec![Column::new("单位", 2840, "left")];
            let width = 6000 / u32::try_from(piece.len()).unwrap_or(1).max(1);
            columns.extend(piece.iter().map(|group| Column::new(&group.name, width, "right")));
            let cells = |unit: &UnitResult| {
                let mut cells = vec![unit.name.zh.clone()];
                cells.extend(piece.iter().map(|group| {
                    let points = group.dimension.and_then(|place| unit.nodes.get(place)?.points);
                    blank(points.map(|points| number::points(points, decimals)))
                }));
                cells
            };
            let units = field.units.iter().filter_map(|place| evaluation.units.get(*place));
            let rows: Vec<Vec<String>> = units.map(cells).collect();
            body.table(&format!("{}各维度得分", field.track), &columns, &rows);
        }
    }
}

/// What stands under every result: rounding, the moment, the seal, and what the framework says of itself.
pub(super) fn notes(dossier: &Dossier) -> Vec<String> {
    let evaluation = &dossier.evaluation;
    let mut notes = vec![
        "本报告数据按小数位四舍五入一次取得；分项之和因四舍五入可能与合计不等，未作调整。表中“—”表示没有数值，与0不同。".to_owned(),
        format!("数据截止时点（asOf）：{}。", evaluation.as_of),
    ];
    if evaluation.units.is_empty() {
        return notes;
    }
    notes.push(format!(
        "考评方案：{}，版本{}；计分引擎版本{}；公布总分保留{}位小数，同分并列；名次区间由随机种子{}、{}次抽样得出。",
        evaluation.framework.name.zh,
        evaluation.framework.version,
        evaluation.engine,
        evaluation.framework.decimals,
        evaluation.seed,
        evaluation.draws
    ));
    notes.push(match &dossier.run {
        Some(run) => format!("考评结果已封存，编号{}，校验值{}。", run.id, run.hash),
        None => "考评结果未封存，为试算结果。".to_owned(),
    });
    if let Some(note) = &evaluation.framework.note {
        notes.push(format!("方案说明：{}", note.zh));
    }
    notes
}
