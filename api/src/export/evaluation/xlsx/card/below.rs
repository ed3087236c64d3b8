//! What stands below the criteria of a score card: the cheapest next points, who scored, and where a difference comes from, with its chart.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::super::chart::{self, Frame, Rows, Series, Source};
use super::super::page;
use super::super::table::{self, Cell, Column};
use crate::export::evaluation::dossier::{Advice, Reading, Waterfall};
use crate::export::evaluation::outline;
use crate::export::evaluation::report::{Evaluation, UnitResult};
use crate::export::evaluation::words;
use crate::export::style;

/// Gives the next line; where pages part goes to `breaks`.
pub(super) fn write(
    sheet: &mut Worksheet,
    line: u32,
    evaluation: &Evaluation,
    unit: &UnitResult,
    reading: Option<&Reading>,
    breaks: &mut Vec<u32>,
) -> Result<u32, XlsxError> {
    let advised = reading.map_or(&[][..], |reading| &reading.advice);
    let mut line = advice(sheet, line, evaluation, advised)?;
    line = marks(sheet, line, evaluation, unit)?;
    let (since, median) = reading.map_or((None, None), |reading| {
        (reading.since.as_ref(), reading.against_median.as_ref())
    });
    for (title, ends, found) in [
        ("得分变化（较上年）", ["上年", "本年"], since),
        ("与同组中位数的差距", ["同组中位数", "本单位"], median),
    ] {
        if let Some(found) = found {
            breaks.push(line);
            line = waterfall(sheet, line, evaluation, (title, ends), found, breaks)?;
        }
    }
    Ok(line)
}

fn marks(sheet: &mut Worksheet, mut line: u32, evaluation: &Evaluation, unit: &UnitResult) -> Result<u32, XlsxError> {
    if unit.nodes.iter().all(|node| node.marks.is_empty()) {
        return Ok(line);
    }
    sheet.write_string_with_format(line, 0, "评分记录", &table::caption())?;
    line += 1;
    let decimals = evaluation.framework.decimals;
    let columns = [
        Column::text("指标", 28.0),
        Column::text("依据", 32.0),
        Column::word("阶段", 12.0),
        Column::points("分数", decimals),
    ];
    table::head(sheet, line, 0, &columns)?;
    let (who, when) = (Column::text("评分人", 0.0), Column::moment("时间（北京时间）"));
    for (span, column) in [((4, 5), &who), ((6, 7), &when)] {
        let title = Cell::Text(column.title.clone());
        table::merged(sheet, line, span, &title, &style::head())?;
    }
    for (label, node) in evaluation.nodes.iter().zip(&unit.nodes) {
        for mark in &node.marks {
            line += 1;
            let cells = [
                outline::name(label).into(),
                mark.evidence.as_deref().unwrap_or_default().into(),
                words::other(&mark.stage).into(),
                Cell::Number(mark.points),
            ];
            table::row(sheet, line, 0, &columns, &cells)?;
            let (author, at) = (Cell::from(mark.author.as_str()), Cell::Moment(mark.at.clone()));
            table::merged(sheet, line, (4, 5), &author, &who.format)?;
            table::merged(sheet, line, (6, 7), &at, &when.format)?;
        }
    }
    Ok(line + 2)
}

fn advice(sheet: &mut Worksheet, mut line: u32, evaluation: &Evaluation, found: &[Advice]) -> Result<u32, XlsxError> {
    if found.is_empty() {
        return Ok(line);
    }
    sheet.write_string_with_format(line, 0, "最容易提高的得分", &table::caption())?;
    line += 1;
    let columns = [
        Column::text("指标", 28.0),
        Column::text("建议", 32.0),
        Column::new("现值", 0.0, Format::new()),
        Column::new("需达到", 0.0, Format::new()),
        Column::points("可增分", evaluation.framework.decimals),
        Column::new("约需件数", 0.0, Format::new().set_num_format("#,##0")),
    ];
    table::head(sheet, line, 0, &columns)?;
    for one in found {
        line += 1;
        let label = evaluation.nodes.get(one.node);
        let cells = [
            label.map_or("", outline::name).into(),
            one.text.zh.as_str().into(),
            Cell::Blank,
            Cell::Blank,
            Cell::Number(one.gain),
            one.cases.into(),
        ];
        table::row(sheet, line, 0, &columns, &cells)?;
        if let Some(label) = label {
            let format = table::framed(table::values(label));
            table::put(sheet, line, 2, &one.from.into(), &format)?;
            table::put(sheet, line, 3, &one.to.into(), &format)?;
        }
    }
    Ok(line + 2)
}

/// One column of the chart: its name, the change, and the four stacked parts.
struct Bar {
    name: String,
    change: Option<Decimal>,
    foot: Decimal,
    gained: Decimal,
    lost: Decimal,
    end: Decimal,
}

/// Gains before losses, so that no column stands below its ends.
fn bars(evaluation: &Evaluation, ends: [&str; 2], found: &Waterfall) -> Vec<Bar> {
    let end = |name: &str, score| Bar {
        name: name.to_owned(),
        change: None,
        foot: Decimal::ZERO,
        gained: Decimal::ZERO,
        lost: Decimal::ZERO,
        end: score,
    };
    let [from, to] = ends;
    let mut bars = vec![end(from, found.from)];
    let mut at = found.from;
    let gains = found.steps.iter().filter(|step| step.to >= step.from);
    let losses = found.steps.iter().filter(|step| step.to < step.from);
    for step in gains.chain(losses) {
        let label = step.node.and_then(|node| evaluation.nodes.get(node));
        let change = step.to - step.from;
        let next = at + change;
        bars.push(Bar {
            name: label.map_or("上下限与否决", outline::name).to_owned(),
            change: Some(change),
            foot: at.min(next),
            gained: change.max(Decimal::ZERO),
            lost: (-change).max(Decimal::ZERO),
            end: Decimal::ZERO,
        });
        at = next;
    }
    bars.push(end(to, found.to));
    bars
}

fn waterfall(
    sheet: &mut Worksheet,
    mut line: u32,
    evaluation: &Evaluation,
    (title, ends): (&str, [&str; 2]),
    found: &Waterfall,
    breaks: &mut Vec<u32>,
) -> Result<u32, XlsxError> {
    sheet.write_string_with_format(line, 0, title, &table::caption())?;
    line += 1;
    let decimals = evaluation.framework.decimals;
    let columns = [
        Column::text("项目", 28.0),
        Column::change("增减", decimals),
        Column::points("起点", decimals),
        Column::points("增加", decimals),
        Column::points("减少", decimals),
        Column::points("得分", decimals),
    ];
    table::head(sheet, line, 0, &columns)?;
    let head = line;
    let bars = bars(evaluation, ends, found);
    let least = least(&bars);
    for bar in bars {
        line += 1;
        let cells = [
            Cell::Text(bar.name),
            bar.change.into(),
            Cell::Number(bar.foot),
            Cell::Number(bar.gained),
            Cell::Number(bar.lost),
            Cell::Number(bar.end),
        ];
        table::row(sheet, line, 0, &columns, &cells)?;
    }
    let series = [2, 3, 4, 5].map(|column| Series {
        column,
        name: (head, column),
    });
    let name = sheet.name();
    let source = Source {
        sheet: &name,
        rows: Rows {
            first: head + 1,
            last: line,
        },
        labels: 0,
    };
    let at = line + 2;
    let title = if least > 0.0 {
        format!("{title}：横轴自{least}分起")
    } else {
        title.to_owned()
    };
    let frame = Frame {
        at: (at, 0),
        width: 900,
    };
    let height = chart::waterfall(sheet, frame, &title, source, (series, least))?;
    if (line - head) * 20 + height > page::PAGE_HEIGHT {
        breaks.push(at);
    }
    Ok(at + chart::covered(height))
}

/// Where the scale begins: a multiple of five below all that is to be seen.
fn least(bars: &[Bar]) -> f64 {
    let seen = bars
        .iter()
        .map(|bar| if bar.change.is_some() { bar.foot } else { bar.end });
    let lowest = seen.min().map_or(0.0, analytics::decimal::to_f64);
    ((lowest / 5.0).floor() * 5.0 - 5.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::evaluation::dossier::Step;
    use crate::export::evaluation::report::{FrameworkRef, Text};

    #[test]
    fn the_columns_of_a_waterfall_meet() {
        let evaluation = Evaluation {
            engine: 1,
            framework: FrameworkRef {
                code: String::new(),
                version: String::new(),
                hash: String::new(),
                name: Text::default(),
                note: None,
                total: 100.into(),
                decimals: 2,
                tracks: Vec::new(),
                grades: Vec::new(),
            },
            period: String::new(),
            previous_period: None,
            as_of: String::new(),
            draws: 0,
            seed: 0,
            nodes: Vec::new(),
            units: Vec::new(),
            warnings: Vec::new(),
        };
        let step = |from: i64, to: i64| Step {
            node: None,
            from: from.into(),
            to: to.into(),
        };
        let found = Waterfall {
            from: 10.into(),
            steps: vec![step(10, 1), step(0, 5)],
            to: 6.into(),
        };
        let bars = bars(&evaluation, ["上年", "本年"], &found);
        let told: Vec<String> = bars
            .iter()
            .map(|bar| format!("{} {} {} {}", bar.foot, bar.gained, bar.lost, bar.end))
            .collect();
        assert_eq!(told, ["0 0 0 10", "10 5 0 0", "6 0 9 0", "0 0 0 6"]);
    }
}
