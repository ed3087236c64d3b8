//! The sheet 说明: what the file is, where it comes from, and what its words mean.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::page;
use super::table::{self, Cell, Column};
use crate::export::evaluation::dossier::Dossier;
use crate::export::evaluation::outline;
use crate::export::evaluation::words;
use crate::export::style;

/// Where the figures come from, in one line.
pub(super) fn origin(dossier: &Dossier) -> String {
    let evaluation = &dossier.evaluation;
    let seal = dossier.run.as_ref().map_or_else(
        || "未封存（试算）".to_owned(),
        |run| format!("封存编号 {}，校验值 {}", run.id, run.hash),
    );
    format!("数据截止时点 {}；{seal}", evaluation.as_of)
}

pub(super) fn sheet(sheet: &mut Worksheet, dossier: &Dossier) -> Result<(), XlsxError> {
    let columns = [Column::text("", 26.0), Column::text("", 22.0), Column::text("", 84.0)];
    table::widths(sheet, &columns)?;
    let (head, text) = (style::head(), Format::new().set_text_wrap());
    let mut line = 0;
    for (label, cell) in facts(dossier) {
        sheet.write_string_with_format(line, 0, label, &head)?;
        let format = match &cell {
            Cell::Moment(_) => Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            Cell::Number(_) => Format::new().set_num_format("0.##########"),
            _ => text.clone(),
        };
        let format = format.set_align(rust_xlsxwriter::FormatAlign::Left);
        table::merged(sheet, line, (1, 2), &cell, &format)?;
        if let Cell::Text(text) = &cell {
            table::high(sheet, line, table::lines(text, 106.0))?;
        }
        line += 1;
    }
    line = warnings(sheet, dossier, line + 1)?;
    line = meanings(sheet, line + 1, "计分结果", &words::OUTCOMES)?;
    meanings(sheet, line + 1, "标记", &words::FLAGS)?;
    page::printed(sheet, (0, 0), 0, &columns, &[])
}

fn facts(dossier: &Dossier) -> Vec<(&'static str, Cell)> {
    let evaluation = &dossier.evaluation;
    let framework = &evaluation.framework;
    let mut facts = vec![
        ("考评方案", Cell::from(framework.name.zh.as_str())),
        ("方案代码", framework.code.as_str().into()),
        ("方案版本", framework.version.as_str().into()),
        ("方案校验值", framework.hash.as_str().into()),
    ];
    if let Some(note) = &framework.note {
        facts.push(("方案说明", note.zh.as_str().into()));
    }
    facts.extend([
        ("考评期间", words::period(&evaluation.period).as_str().into()),
        (
            "对比期间",
            evaluation
                .previous_period
                .as_deref()
                .map(words::period)
                .unwrap_or_else(|| "无".to_owned())
                .as_str()
                .into(),
        ),
        ("满分（不含加分）", Cell::Number(framework.total)),
        (
            "修约规则",
            format!(
                "各项得分按全部数位计算，只在公布总分时修约一次：保留{}位小数，四舍五入（远离零）；名次按公布总分排列，同分并列。表中数字为未修约值，按单元格格式显示。各部分之和因显示位数可能与合计不等，不作调整。",
                framework.decimals
            )
            .as_str()
            .into(),
        ),
        ("数据截止时点（原值）", evaluation.as_of.as_str().into()),
        ("数据截止时点（北京时间）", Cell::Moment(evaluation.as_of.clone())),
        ("计分引擎版本", Cell::Number(evaluation.engine.into())),
        ("名次区间", "各项权重在±10%以内随机变动，十次中九次名次所在的范围".into()),
        ("随机种子", evaluation.seed.to_string().as_str().into()),
        ("随机次数", Cell::Number(evaluation.draws.into())),
    ]);
    let grades: Vec<String> = framework
        .grades
        .iter()
        .map(|grade| format!("{}（{}分及以上）", grade.name.zh, grade.least))
        .collect();
    facts.push(("等次", grades.join("，").as_str().into()));
    match &dossier.run {
        Some(run) => facts.extend([
            ("封存编号", Cell::Number(run.id.into())),
            ("封存校验值", run.hash.as_str().into()),
            ("发布人", run.author.as_str().into()),
            ("发布时间（北京时间）", Cell::Moment(run.at.clone())),
        ]),
        None => facts.push(("封存", "未封存（试算）".into())),
    }
    facts
}

fn warnings(sheet: &mut Worksheet, dossier: &Dossier, mut line: u32) -> Result<u32, XlsxError> {
    let evaluation = &dossier.evaluation;
    if evaluation.warnings.is_empty() {
        return Ok(line);
    }
    let columns = [
        Column::text("提示：指标", 26.0),
        Column::text("组别", 22.0),
        Column::text("内容", 84.0),
    ];
    table::head(sheet, line, 0, &columns)?;
    for warning in &evaluation.warnings {
        line += 1;
        let units = Decimal::from(warning.units);
        let cells = [
            outline::named(evaluation, &warning.node).into(),
            outline::track(evaluation, &warning.track).into(),
            Cell::Text(format!("{}（涉及{units}个单位）", words::warning(&warning.kind))),
        ];
        table::row(sheet, line, 0, &columns, &cells)?;
    }
    Ok(line + 1)
}

fn meanings(sheet: &mut Worksheet, mut line: u32, title: &str, words: &[(&str, &str, &str)]) -> Result<u32, XlsxError> {
    let columns = [
        Column::text(title, 26.0),
        Column::text("代码", 22.0),
        Column::text("含义", 84.0),
    ];
    table::head(sheet, line, 0, &columns)?;
    for (code, word, meaning) in words {
        line += 1;
        table::row(
            sheet,
            line,
            0,
            &columns,
            &[(*word).into(), (*code).into(), (*meaning).into()],
        )?;
    }
    Ok(line + 1)
}
