//! The statistical part of an annual report: for each theme what was reported, against a year earlier, in words and as a table.

use analytics::decimal::{self, Rounding};
use analytics::flag::Flag;
use analytics::measure::Measure;
use analytics::op::{Comparability, Comparison};
use analytics::period::Period;
use analytics::sentence::{self, Against, Language};
use analytics::status::Status;
use entity::choice::IndicatorKind;

use super::Service;
use super::access::Sight;
use super::catalog::{Catalog, scale};
use super::compare::{Baseline, Question};
use super::hierarchy::{Hierarchy, View};
use super::provisional::Include;
use super::selector::{self, IndicatorSelector, OrgSelector};
use crate::error::Error;
use crate::export::evaluation::dossier::{AnnualReport, FigureRow, ThemeSection, yes_no};

impl Service {
    /// The figures of one organisation and period by theme; indicators of which nothing was ever said are left out.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown code.
    pub async fn annual_report(
        &self,
        sight: &Sight,
        org: &str,
        period: Period,
        as_of: Option<i64>,
    ) -> Result<AnnualReport, Error> {
        let ordinal = selector::org(&sight.snapshot.catalog, org)?;
        let question = Question {
            indicators: IndicatorSelector::default(),
            orgs: OrgSelector {
                codes: Some(vec![org.to_owned()]),
                ..OrgSelector::default()
            },
            period,
            baseline: Baseline::PreviousYear,
            base_period: None,
            years: None,
            comparability: Comparability::All,
            across_breaks: false,
            view: View::new(Hierarchy::AsReported, None)?,
            as_of,
            include: Include::Published,
            max_cells: u64::MAX,
        };
        let answer = self.compare(sight, question).await?;
        let catalog = &sight.snapshot.catalog;
        let mut themes: Vec<ThemeSection> = Vec::new();
        for row in answer.rows.iter().filter(|row| is_said(row)) {
            let Some(indicator) = catalog.indicator(row.indicator) else {
                continue;
            };
            let Some(theme) = catalog.theme(indicator.theme_id) else {
                continue;
            };
            if themes.last().is_none_or(|section| section.code != theme.code) {
                themes.push(ThemeSection {
                    code: theme.code.clone(),
                    name: theme.name_zh.clone(),
                    paragraphs: Vec::new(),
                    rows: Vec::new(),
                });
            }
            if let Some(section) = themes.last_mut() {
                section.rows.push(figure(row, indicator, catalog, period)?);
            }
        }
        for section in &mut themes {
            section.paragraphs = paragraphs(section);
        }
        Ok(AnnualReport {
            org: org.to_owned(),
            org_name: catalog.org(ordinal).map(|org| org.name_zh.clone()).unwrap_or_default(),
            period: period.to_string(),
            period_name: sentence::period_zh(period),
            themes,
        })
    }
}

/// Whether anything stands behind the row: a value, or a status that somebody gave.
fn is_said(row: &Comparison) -> bool {
    let said = |measure: &Measure| measure.value.is_some() || measure.reported_by.is_some();
    said(&row.current) || said(&row.base)
}

fn figure(
    row: &Comparison,
    indicator: &entity::indicator::Model,
    catalog: &Catalog,
    period: Period,
) -> Result<FigureRow, Error> {
    let unit = catalog.unit(indicator.display_unit_id);
    let unit = unit.ok_or_else(|| Error::internal("an indicator without unit"))?;
    let scale = scale(unit)?;
    let told = |value: Option<f64>| value.map(|value| decimal::in_unit(value, scale));
    let decimals = u32::try_from(indicator.decimals).unwrap_or(0);
    let setting = sentence::Setting {
        period,
        against: Against::Period(period.previous_year()),
        absolute: row
            .change
            .absolute
            .map(|value| (decimal::in_unit(value, scale), unit.label_zh.as_str())),
        decimals,
        rounding: Rounding::HalfUp,
        times: false,
    };
    Ok(FigureRow {
        indicator: indicator.name_zh.clone(),
        unit: unit.label_zh.clone(),
        decimals,
        current: told(row.current.value),
        base: told(row.base.value),
        change: sentence::describe(&row.change, &setting, Language::Zh),
        absent: row.current.value.is_none().then(|| absent(&row.current).to_owned()),
        remarks: remarks(&row.current),
        is_bound: row.current.status == Status::LowerBound,
        is_yes_no: indicator.kind == IndicatorKind::YesNo,
    })
}

/// What stands instead of a number: not reported, not applicable, withheld.
const ABSENT: [&str; 3] = ["未报", "不适用", "不公开"];

fn absent(measure: &Measure) -> &'static str {
    let [missing, not_applicable, suppressed] = ABSENT;
    match measure.status {
        Status::NotApplicable => not_applicable,
        Status::Suppressed => suppressed,
        _ => missing,
    }
}

fn remarks(measure: &Measure) -> Vec<String> {
    let mut found = Vec::new();
    let flags = [
        (Flag::Provisional, "含暂定数"),
        (Flag::Estimated, "含估计数"),
        (Flag::LowerBound, "含下限数"),
        (Flag::Break, "与以前不可比"),
        (Flag::ScopeChanged, "口径有调整"),
        (Flag::BoundaryChanged, "区划有调整"),
        (Flag::Discrepancy, "与公布的比率不一致"),
        (Flag::SummedOverTime, "由分期数合计"),
        (Flag::RolledUp, "由下级汇总"),
    ];
    match measure.status {
        Status::Provisional => found.push("暂定数".to_owned()),
        Status::Estimated => found.push("估计数".to_owned()),
        Status::LowerBound => found.push("不少于此数".to_owned()),
        _ => {}
    }
    let carried = flags.into_iter().filter(|(flag, _)| measure.flags.contains(*flag));
    found.extend(carried.map(|(_, text)| text.to_owned()));
    if measure.flags.contains(Flag::Incomplete) {
        let missing = measure.coverage.expected.saturating_sub(measure.coverage.present);
        found.push(format!("缺{missing}项"));
    }
    found
}

/// One paragraph a theme: each figure with its change, as offices word it.
fn paragraphs(section: &ThemeSection) -> Vec<String> {
    let clause = |row: &FigureRow| {
        let value = row.current?;
        if row.is_yes_no {
            let before = row.base.filter(|base| *base != value).map(yes_no);
            let before = before.map_or_else(String::new, |before| format!("（上年为{before}）"));
            return Some(format!("{}：{}{before}", row.indicator, yes_no(value)));
        }
        let number = decimal::shortest(value, row.decimals, Rounding::HalfUp);
        let bound = if row.is_bound { "不少于" } else { "" };
        let compared = if row.base.is_some() {
            format!("，{}", row.change)
        } else {
            String::new()
        };
        Some(format!("{}{bound}{number}{}{compared}", row.indicator, row.unit))
    };
    let clauses: Vec<String> = section.rows.iter().filter_map(clause).collect();
    let absent = |word: &&str| {
        let rows = section.rows.iter().filter(|row| row.absent.as_deref() == Some(*word));
        let names: Vec<&str> = rows.map(|row| row.indicator.as_str()).collect();
        (!names.is_empty()).then(|| format!("{word}：{}", names.join("、")))
    };
    let absent: Vec<String> = ABSENT.iter().filter_map(absent).collect();
    let mut paragraphs = Vec::new();
    if !clauses.is_empty() {
        paragraphs.push(format!("{}。", clauses.join("；")));
    }
    if !absent.is_empty() {
        paragraphs.push(format!("本期{}。", absent.join("；")));
    }
    paragraphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_told_by_its_reason_and_yes_is_a_word() {
        let row = |indicator: &str, current: Option<f64>, absent: Option<&str>| FigureRow {
            indicator: indicator.to_owned(),
            unit: "件".to_owned(),
            decimals: 0,
            current,
            base: Some(1.0),
            change: "同比持平".to_owned(),
            absent: absent.map(str::to_owned),
            remarks: Vec::new(),
            is_bound: false,
            is_yes_no: false,
        };
        let yes_no = |indicator: &str, current| FigureRow {
            is_yes_no: true,
            ..row(indicator, Some(current), None)
        };
        let bound = FigureRow {
            is_bound: true,
            ..row("调解", Some(110.0), None)
        };
        let section = ThemeSection {
            code: "theme".to_owned(),
            name: "主题".to_owned(),
            paragraphs: Vec::new(),
            rows: vec![
                row("信访", Some(7.0), None),
                row("甲", None, Some("不公开")),
                row("乙", None, Some("未报")),
                row("丙", None, Some("未报")),
                row("丁", None, Some("不适用")),
                bound,
                yes_no("公示", 1.0),
                yes_no("记录", 0.0),
            ],
        };
        assert_eq!(
            paragraphs(&section),
            [
                "信访7件，同比持平；调解不少于110件，同比持平；公示：是；记录：否（上年为是）。",
                "本期未报：乙、丙；不适用：丁；不公开：甲。"
            ]
        );
    }
}
