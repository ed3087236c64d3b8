//! The annual report: the five parts that it always has, with the figures of each theme, what the evaluation gave, and what is to be rectified.

use super::body::{Body, Column};
use super::chart::{self, Bar};
use super::number;
use super::package;
use super::result;
use crate::export::evaluation::dossier::{AnnualReport, Dossier, FigureRow, RectificationRow, ThemeSection, yes_no};
use crate::export::evaluation::words;

/// Numbers with one unit that make a chart.
const LEAST_BARS: usize = 3;

/// The annual report of one organisation as a document (DOCX). Places that people fill in are marked （待补充）.
/// From the dossier come the result of the organisation (or of all, where it is not among them), its problems and tasks, and the seal.
///
/// # Errors
/// When the archive cannot be written: a part of more than four gigabytes.
pub fn document(report: &AnnualReport, dossier: &Dossier) -> Result<Vec<u8>, std::io::Error> {
    let mut body = Body::default();
    let year = match report.period_name.strip_suffix('年') {
        Some(_) => format!("{}度", report.period_name),
        None => report.period_name.clone(),
    };
    let (whose, what) = (format!("{}{year}", report.org_name), "法治政府建设年度报告");
    let title = format!("{whose}{what}");
    body.title(&whose, what);
    body.text(&format!("现将{}{year}法治政府建设情况报告如下。", report.org_name));

    body.heading(1, "一、主要举措和成效");
    body.open("总体情况和主要举措");
    for (theme, place) in report.themes.iter().zip(1..) {
        section(&mut body, theme, place);
    }
    if !dossier.evaluation.units.is_empty() {
        let place = number::ordinal(report.themes.len() + 1);
        body.heading(2, &format!("（{place}）年度考评结果"));
        match dossier.evaluation.units.iter().position(|unit| unit.org == report.org) {
            Some(unit) => result::own(&mut body, dossier, unit),
            None => result::all(&mut body, dossier),
        }
    }
    body.heading(1, "二、存在的不足和原因");
    listed(&mut body, report, dossier, "PROBLEM", "存在的不足");
    body.open("原因分析");
    body.heading(1, "三、党政主要负责人履行推进法治建设第一责任人职责情况");
    body.open("履行职责情况");
    body.heading(1, "四、下一年度推进法治政府建设的主要安排");
    listed(&mut body, report, dossier, "TASK", "主要安排");
    body.heading(1, "五、其他需要报告的情况");
    for note in result::notes(dossier) {
        body.note(&note);
    }
    body.open("其他情况，没有的写“无”");
    body.signed(&report.org_name, false);
    body.signed("（待补充：成文日期）", true);
    package::file(&body, &title, &dossier.evaluation.as_of)
}

fn section(body: &mut Body, theme: &ThemeSection, place: usize) {
    body.heading(2, &format!("（{}）{}", number::ordinal(place), theme.name));
    for paragraph in &theme.paragraphs {
        body.text(paragraph);
    }
    if theme.paragraphs.is_empty() {
        body.open("本项工作情况");
    }
    if theme.rows.is_empty() {
        return;
    }
    figures(body, theme);
    let mut units: Vec<&str> = Vec::new();
    for row in &theme.rows {
        if !units.contains(&row.unit.as_str()) {
            units.push(&row.unit);
        }
    }
    for unit in units {
        let rows: Vec<&FigureRow> = theme
            .rows
            .iter()
            .filter(|row| row.unit == unit && !row.is_yes_no)
            .collect();
        if rows.iter().filter(|row| row.current.is_some()).count() >= LEAST_BARS {
            drawn(body, theme, unit, &rows);
        }
    }
}

fn told(number: Option<f64>, row: &FigureRow) -> Option<String> {
    let told = |number| number::grouped(number, row.decimals);
    number.map(|number| {
        if row.is_yes_no {
            yes_no(number).to_owned()
        } else {
            told(number)
        }
    })
}

fn figures(body: &mut Body, theme: &ThemeSection) {
    let has_remarks = theme.rows.iter().any(|row| !row.remarks.is_empty());
    let mut columns = if has_remarks {
        vec![
            Column::new("指标", 2500, "left"),
            Column::new("单位", 740, "center"),
            Column::new("本年", 1250, "right"),
            Column::new("上年", 1250, "right"),
            Column::new("同比", 1900, "left"),
        ]
    } else {
        vec![
            Column::new("指标", 3050, "left"),
            Column::new("单位", 800, "center"),
            Column::new("本年", 1400, "right"),
            Column::new("上年", 1400, "right"),
            Column::new("同比", 2190, "left"),
        ]
    };
    if has_remarks {
        columns.push(Column::new("备注", 1200, "left"));
    }
    let cells = |row: &FigureRow| {
        let absent = || row.absent.clone().unwrap_or_else(|| "—".to_owned());
        let mut cells = vec![
            row.indicator.clone(),
            row.unit.clone(),
            told(row.current, row).unwrap_or_else(absent),
            told(row.base, row).unwrap_or_else(|| "—".to_owned()),
            row.change.clone(),
        ];
        if has_remarks {
            cells.push(row.remarks.join("；"));
        }
        cells
    };
    let rows: Vec<Vec<String>> = theme.rows.iter().map(cells).collect();
    body.table(&format!("{}主要数据", theme.name), &columns, &rows);
}

fn drawn(body: &mut Body, theme: &ThemeSection, unit: &str, rows: &[&FigureRow]) {
    let bar = |row: &&FigureRow| {
        let end = |number: Option<f64>| Some((number?, told(number, row)?));
        Bar {
            name: row.indicator.clone(),
            now: end(row.current),
            before: end(row.base),
        }
    };
    let bars: Vec<Bar> = rows.iter().filter(|row| row.current.is_some()).map(bar).collect();
    let words: Vec<String> = bars
        .iter()
        .map(|bar| {
            let now = bar.now.as_ref().map_or("—", |(_, told)| told);
            let before = bar.before.as_ref().map_or("—", |(_, told)| told);
            format!("{}：本年{now}{unit}，上年{before}{unit}", bar.name)
        })
        .collect();
    let title = format!("{}主要数据对比（单位：{unit}）", theme.name);
    body.picture(&title, &words.join("；"), chart::bars(&bars, ("本年", "上年")));
}

/// What is registered of one kind, numbered; a place to fill in where there is nothing.
fn listed(body: &mut Body, report: &AnnualReport, dossier: &Dossier, kind: &str, what: &str) {
    let of_kind = || dossier.rectifications.iter().filter(|row| row.kind == kind);
    // Of an organisation above those that are scored, the items of all of them.
    let is_scored = dossier.evaluation.units.iter().any(|unit| unit.org == report.org);
    let own_only = is_scored || of_kind().any(|row| row.org == report.org);
    let rows: Vec<&RectificationRow> = of_kind().filter(|row| !own_only || row.org == report.org).collect();
    for (row, place) in rows.iter().zip(1..) {
        body.text(&sentence(row, place, !own_only));
    }
    if rows.is_empty() {
        body.open(what);
    }
}

fn sentence(row: &RectificationRow, place: usize, with_org: bool) -> String {
    let mut text = format!("{place}.{}", row.title.trim_end_matches(['。', '；', '.']));
    let state = match (row.status.as_str(), row.carried_to) {
        ("CARRIED_OVER", Some(year)) => format!("结转至{year}年"),
        _ => words::other(&row.status).to_owned(),
    };
    let measure = row
        .measure
        .as_deref()
        .map(|measure| measure.trim_end_matches('。').to_owned());
    let facts = [
        ("单位", with_org.then(|| row.org_name.clone())),
        ("措施", measure),
        ("责任部门", Some(row.owner.clone())),
        ("完成期限", row.due.as_deref().map(month)),
        ("进展", Some(state)),
    ];
    let facts: Vec<String> = facts
        .into_iter()
        .filter_map(|(label, fact)| Some(format!("{label}：{}", fact?)))
        .collect();
    text.push('。');
    text.push_str(&facts.join("；"));
    text + "。"
}

/// 2026-06 as 2026年6月.
fn month(text: &str) -> String {
    match text.split_once('-') {
        Some((year, month)) => format!("{year}年{}月", month.trim_start_matches('0')),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectification_is_told_in_one_line() {
        let row = RectificationRow {
            number: 1,
            kind: "PROBLEM".to_owned(),
            org: "a".to_owned(),
            org_name: "甲街道".to_owned(),
            year: 2025,
            theme: None,
            title: "回复不及时。".to_owned(),
            measure: None,
            owner: "党政办".to_owned(),
            status: "CARRIED_OVER".to_owned(),
            due: Some("2026-06".to_owned()),
            carried_to: Some(2026),
        };
        assert_eq!(
            sentence(&row, 1, true),
            "1.回复不及时。单位：甲街道；责任部门：党政办；完成期限：2026年6月；进展：结转至2026年。"
        );
    }
}
